"""What is said of a print that a reader pasted."""

from collections.abc import Sequence

from torch import Tensor

from mnistgrad.captions.words import listed
from mnistgrad.common import numbers
from mnistgrad.gradient.prints.finding import Found, Setting
from mnistgrad.gradient.prints.telling import Told
from mnistgrad.network.presets import PRESETS

OPEN = "Paste your own print"
PRIVATE = "It is read, never run, and stays in this session."
TOO_LONG = "Too long for the link: a link to this page goes without it."
LOOKING = "Looking for it among likely n and seeds …"
WHAT = "The search"
OPEN_STATE = "Show this page in that state"


def title(told: Told) -> str:
    """Which tensor, rows and columns."""
    if not told.printed.finite:
        return "Not every number is finite"
    if told.found:
        turned = ", turned" if told.found.tensor.endswith(".grad") else ""
        return f"`{_tensor(told)}`{turned}: {_where(told)}"
    if told.rows:
        return f"As torch prints a whole `w1.g`: {_where(told)}"
    if told.printed.zero:
        return "Zeros, which stand in many places"
    return "Its numbers are of no gradient that was tried"


def sentence(told: Told, black: Tensor, background: float) -> str:
    """Copies, zeros or neither, and what that means. black (784,): which pixels of the batch are; background: their inp."""
    if not told.printed.finite:
        return "A `nan` or `inf` comes from numbers that grew too large, as at too high a rate."
    return " ".join(filter(None, [_rows(told, black, background), _looks(told)]))


def setting(of: Setting) -> str:
    """In one line."""
    preset = PRESETS[of.preset]
    parts = [preset.label, f"n = {numbers.count(of.n)}", f"seed {of.seed}", f"nh = {of.nh}"]
    if of.normalise != preset.normalise:
        parts.append("normalised" if of.normalise else "raw pixels")
    return ", ".join(parts)


def spans(indices: Sequence[int]) -> str:
    """`spans([0, 1, 2, 781, 782, 783])` is "0–2 and 781–783"."""
    runs: list[list[int]] = []
    for index in indices:
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return listed(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _tensor(told: Told) -> str:
    found = told.found
    assert found
    if found.tensor.endswith("[i]"):
        return found.tensor.replace("[i]", f"[{told.rows[0]}]")
    return found.tensor.replace("[:, j]", f"[:, {told.columns[0]}]")


def _where(told: Told) -> str:
    if told.found and told.found.tensor in ("b1.g", "b2.g"):
        return f"units {spans(told.columns)}" if told.found.tensor == "b1.g" else "the one output"
    if told.found and told.found.tensor == "loss":
        return "the loss"
    kind = "rows" if told.of_pixels else "units"
    many = told.found.place.many if told.found else 1
    where = f"{kind if len(told.rows) > 1 else kind[:-1]} {spans(told.rows)}"
    if told.of_pixels and told.columns:
        where += f", columns {spans(told.columns)}"
    return f"{where}, or {many - 1} other places with the same numbers" if many > 1 else where


def _rows(told: Told, black: Tensor, background: float) -> str:
    count = len(told.kinds)
    dark = sum(bool(black[row]) for row in told.rows) if told.of_pixels else 0
    pixels = "black in every image" if dark == len(told.rows) else f"{dark} of them black in every image"
    if told.printed.zero:
        reason = f": its pixels are {pixels}, and raw black is 0." if told.of_pixels and dark else "."
        return f"**All zeros**{reason}"
    if told.copies:
        if not told.of_pixels:
            return f"**{count} copies of one row.**"
        factor = f", each {numbers.fixed(background, 4)} × `b1.g`" if background and told.found else ""
        return f"**{count} copies of one row**: these pixels are {pixels}{factor}."
    if count == 1 or not told.of_pixels:
        return ""
    different = len(set(told.kinds))
    if different == count:
        return f"**Neither copies nor zeros**: {count} different rows; {_lit(dark)}."
    return f"**{different} different rows among {count}**; {_lit(dark)}."


def _lit(dark: int) -> str:
    return "each pixel has ink somewhere" if not dark else f"{dark} of the pixels {'is' if dark == 1 else 'are'} black throughout"


def _looks(told: Told) -> str:
    if told.found:
        return f"It is of {setting(told.found.setting)}."
    if told.preset is None:
        return ""
    label = PRESETS[told.preset].label
    if told.printed.zero:
        return f"It looks like {label}: raw pixels."
    if told.rows and told.copies:
        return f"It looks like {label}: normalised pixels, with a seed that was not tried."
    return f"By the size of its numbers it looks like {label}, with an n or a seed that was not tried."


def found_state(found: Sequence[Found | None]) -> Setting | None:
    """That all prints which were found share."""
    return next((each.setting for each in found if each), None)
