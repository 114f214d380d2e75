"""Which gradient a print is of: the reader's own state first, then what notebooks are likely to have."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from mnistgrad.common.tensors import WHOLE, plain
from mnistgrad.gradient.prints.locating import HALF, ROUNDING, Indices, Place, edges, locate
from mnistgrad.gradient.prints.reading import Array, Print
from mnistgrad.network.batch import Batch
from mnistgrad.network.gradients import Layers, run_layers
from mnistgrad.network.presets import DEFAULT_PRESET, HIDDEN_UNITS, MOST_HIDDEN_UNITS, PRESETS, initial_weights

LIKELY = (1_000, 50_000, 1, 2, 10, 50, 64, 100, 128, 256, 500, 512, 1_024, 2_000, 5_000, 10_000, 20_000)
SEEDS = (0, 42, 1, 2, 3, 123, 1234, 2022)
THOROUGH = 4  # settings
FEW = 2_048  # images; those of any other setting
MOST_SLICED = 8  # columns of a slice that somebody prints; more are taken for all units
MATRICES = {"w1.g": "l1.weight.grad", "w2.g": "l2.weight.grad"}  # and as nn.Linear keeps them, turned

Batches = Callable[[bool], Batch]


@dataclass(frozen=True)
class Setting:
    """What a gradient is made from."""

    n: int
    preset: str = DEFAULT_PRESET
    normalise: bool = True
    seed: int = 0
    nh: int = HIDDEN_UNITS


@dataclass(frozen=True)
class Found:
    """tensor: the name of what was printed."""

    tensor: str
    place: Place
    setting: Setting


def nothing() -> None:
    """Goes on."""


@plain()
def find(prints: Sequence[Print], first: Setting, batches: Batches, go_on: Callable[[], None] = nothing) -> list[Found | None]:
    """Of each print what it is of, all in one setting: the one that explains most of those with digits enough to tell.

    batches: all images, normalised or raw. go_on: called now and then; may raise.
    """
    telling = [each for each in prints if each.finite and not each.zero and each.tells]
    best = _seen(telling, first, batches(first.normalise).first(first.n), [first.n]) if telling else {}
    for place, setting in enumerate(settings(telling, first)):
        if len(best) == len(telling):
            break
        go_on()
        found = _in_setting(telling, setting, batches(setting.normalise), place < THOROUGH)
        best = max(best, found, key=len)
    return [best.get(each) for each in prints]


def settings(prints: Iterable[Print], first: Setting) -> Iterator[Setting]:
    """Those that are tried: the reader's, the presets as they are, and the presets with other seeds and sizes."""
    told = {each.shape[1] for each in prints if each.column_gap is None and each.ended and each.shape[1] > MOST_SLICED}
    told |= {each.shape[0] for each in prints if each.shape[1] == 1 and each.row_gap is None and each.shape[0] > MOST_SLICED}
    units = [nh for nh in sorted(told) if nh <= MOST_HIDDEN_UNITS] or list(dict.fromkeys([first.nh, HIDDEN_UNITS]))
    own = [Setting(first.n, name, preset.normalise, preset.seed) for name, preset in PRESETS.items()]
    others = [replace(each, seed=seed) for seed in (first.seed, *SEEDS) for each in own]
    seen = [first, replace(first, normalise=not first.normalise), *own, *others]
    yield from dict.fromkeys(replace(each, nh=nh) for nh in units for each in seen)


def _in_setting(prints: Sequence[Print], setting: Setting, batch: Batch, thorough: bool) -> dict[Print, Found]:
    """thorough: of all images, though it is a part that is looked for, and whatever the form of the print."""
    whole = all(map(_is_whole, prints))
    batch = batch if thorough or whole else batch.first(FEW)
    layers = _layers(setting, batch)
    counts = {n for each in prints if (n := _count_by_corner(each, layers, setting.n))}
    if not counts and (thorough or not whole):
        counts = {n for n in (setting.n, *LIKELY) if n <= len(batch)}
    return _seen(prints, setting, batch, sorted(counts), layers)


def _layers(setting: Setting, batch: Batch) -> Layers:
    return run_layers(batch.inp, batch.targ, initial_weights(setting.nh, setting.seed, setting.preset), len(batch))


def _seen(
    prints: Sequence[Print], setting: Setting, batch: Batch, counts: Sequence[int], layers: Layers | None = None
) -> dict[Print, Found]:
    """Which of the prints are of the gradients at one of these counts, rising."""
    best: dict[Print, Found] = {}
    for n, matrices in _at_counts(layers or _layers(setting, batch), counts):
        found = {each: place for each in prints if (place := _locate(each, matrices, replace(setting, n=n)))}
        if len(found) > len(best) or (len(found) == len(best) and n == setting.n):
            best = found
    return best


def _locate(printed: Print, matrices: dict[str, Array], setting: Setting) -> Found | None:
    for name, matrix in matrices.items():
        if printed.flat or name in MATRICES:
            if place := locate(printed, matrix):
                return Found(name + ("[i]" if printed.flat and name in MATRICES else ""), place, setting)
            turned = locate(printed.turned, matrix) if name in MATRICES else None
            if turned and printed.flat:
                return Found(f"{name}[:, j]", replace(turned, rows=turned.columns, columns=turned.rows), setting)
            if turned:
                return Found(MATRICES[name], replace(turned, rows=turned.columns, columns=turned.rows), setting)
    return None


def _at_counts(layers: Layers, counts: Sequence[int]) -> Iterator[tuple[int, dict[str, Array]]]:
    """The gradients of the first n images for each count, rising: a sum goes on from the last, and out.g has the 1/n."""
    total = len(layers.inp)
    sums: dict[str, Tensor] = {}
    for start, end in pairwise([0, *counts]):
        part = layers.of(slice(start, end))
        added = {
            "w1.g": part.inp.t() @ part.l1_g,
            "b1.g": part.l1_g.sum(0, keepdim=True),
            "w2.g": part.l2.t() @ part.out_g,
            "b2.g": part.out_g.sum(0, keepdim=True),
            "loss": part.losses.sum().view(1, 1),
        }
        sums = {name: sums.get(name, 0.0) + tensor.double() for name, tensor in added.items()}
        yield end, {name: (tensor * (total / end)).numpy() for name, tensor in sums.items()}


def _is_whole(printed: Print) -> bool:
    """Whether it has the form of a whole gradient."""
    return printed.row_gap is not None or 1 in printed.shape


def _corner(printed: Print, layers: Layers) -> tuple[str, Indices, Indices] | None:
    """The tensor and the rows and columns that the print can only be of if it is whole, by the rules of torch's print."""
    (count, width), pixels, units = printed.shape, layers.inp.shape[1], layers.l1.shape[1]
    columns = edges(width, printed.column_gap, units)
    if printed.flat:
        return ("b1.g", (0,), columns) if columns and width == units else None
    if width == 1 and count == units:
        return "w2.g", tuple(range(units)), (0,)
    rows = edges(count, printed.row_gap, pixels, printed.begun, printed.ended)
    return ("w1.g", rows, columns) if rows and columns else None


def _count_by_corner(printed: Print, layers: Layers, likely: int) -> int | None:
    """The n whose gradient is the print, whole, as it is or turned: any n, since the sum is known after every image."""
    for either in (printed, printed.turned):
        if corner := _corner(either, layers):
            counts = _fitting(either, *corner, layers)
            if found := next((count for count in (likely, *LIKELY) if count in counts), min(counts, default=None)):
                return found
    return None


def _fitting(printed: Print, name: str, rows: Indices, columns: Indices, layers: Layers) -> set[int]:
    values, allowed = printed.values, HALF * printed.steps + ROUNDING * np.nanmax(abs(printed.values))
    counts = torch.arange(1, len(layers.inp) + 1, **WHOLE)
    for row, column in np.argwhere(~np.isnan(values)).tolist():
        left = {"w1.g": layers.inp, "w2.g": layers.l2}[name][:, rows[row]] if name in MATRICES else 1.0
        right = layers.out_g[:, 0] if name == "w2.g" else layers.l1_g[:, columns[column]]
        sums = (left * right).double().cumsum(0)[counts - 1] * (len(layers.inp) / counts)
        counts = counts[(sums - values[row, column]).abs() <= allowed[row, column]]
        if not len(counts):
            break
    return set(counts.tolist())
