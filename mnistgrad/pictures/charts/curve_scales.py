"""Where a value stands on the upright axis of a chart of curves: evenly, or by powers of ten above a band for exactly zero."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mnistgrad.common import numbers

Value = float | None
NOTHING = "–"
BAND = 0.2  # share of the height that the band for exactly zero takes
HEADROOM = 0.12  # of the height, for the rule's word


@dataclass(frozen=True)
class CurveScale:
    """height: of a value, None where it has none. ticks and words: of the axis. say: a value in words.

    break_at: the height below which the band for exactly zero lies; -inf where there is no such band.
    """

    height: Callable[[Value], float | None]
    ticks: Sequence[float]
    words: Sequence[str]
    bottom: float
    top: float
    say: Callable[[Value], str]
    break_at: float = -math.inf


def even_scale(ticks: Sequence[float], write: Callable[[float], str], say: Callable[[float], str] | None = None) -> CurveScale:
    """From 0 to the last tick. write: a tick; say: a value, as a tick if not told."""
    top = ticks[-1] * (1 + HEADROOM)
    return CurveScale(lambda value: value, ticks, [write(tick) for tick in ticks], 0, top, _saying(say or write))


def decade_scale(values: Iterable[Value], write: Callable[[float], str], say: Callable[[float], str]) -> CurveScale:
    """By powers of ten that hold all values but 0; with a band for exactly zero below where there are any."""
    known = [value for value in values if value is not None]
    positive = [value for value in known if value > 0] or [1.0]
    low, high = math.floor(math.log10(min(positive))), math.ceil(math.log10(max(positive)))
    high = max(high, low + 1)
    decades = list(range(low, high + 1))
    band = (high - low) * BAND / (1 - BAND) if len(known) > len([v for v in known if v > 0]) else 0.0
    zero = low - band / 2

    def height(value: Value) -> float | None:
        return None if value is None else math.log10(value) if value > 0 else zero

    ticks = [zero, *decades] if band else decades
    words = [*(["0"] if band else []), *(write(10.0**decade) for decade in decades)]
    top = high + HEADROOM * (high - low)
    return CurveScale(height, ticks, words, low - band, top, _saying(say), low - band / 4 if band else -math.inf)


def round_ticks(largest: float, most: int = 5) -> list[float]:
    """At most `most` even steps of 1, 2 or 5 times a power of ten, from 0 to `largest` or a little more."""
    if largest <= 0:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(largest / most))
    step = next(power * lead for lead in (1, 2, 5, 10) if largest <= power * lead * most * (1 + 1e-9))
    return [step * place for place in range(math.ceil(largest / step - 1e-9) + 1)]


def _saying(say: Callable[[float], str]) -> Callable[[Value], str]:
    return lambda value: NOTHING if value is None else say(value)


def decade_words(value: float) -> str:
    """A power of ten: 0.01, 1, 10⁴."""
    exponent = round(math.log10(value))
    return f"{value:,g}" if -3 <= exponent <= 3 else numbers.power_of_ten(exponent)
