"""The sentences about the verification of gradients, each with its numbers."""

from collections.abc import Mapping

from mnistgrad.captions.words import listed
from mnistgrad.common import numbers
from mnistgrad.network.presets import Preset
from mnistgrad.network.verification import NUDGE, Agreement, Verification

WHAT = "The check against autograd"


def on_its_way(name: str) -> str:
    return f"Checking `{name}.g` against autograd …"


def verdict_sentence(found: Verification) -> str:
    """The same in short, where it passed."""
    if not found.autograd.passed:
        return verification_sentence(found)
    off = found.autograd.difference
    return f"`{found.name}.g` is autograd's {f'to within {_size(off)}' if off else 'to the last bit'}."


def verification_sentence(found: Verification) -> str:
    """One gradient against autograd and against finite differences."""
    tried = numbers.count(len(found.entries), "entry", "entries")
    return (
        f"`{found.name}.g` {_agreement(found)}{_verdict(found.autograd, found.largest, found.preset)}. Moving {tried} of "
        f"`{found.name}` up and down by {numbers.scientific(NUDGE)}, in float64, changes the loss at "
        f"{'this slope' if len(found.entries) == 1 else 'these slopes'} to within {_size(found.slope)}."
    )


def _agreement(found: Verification) -> str:
    if found.largest == 0 and found.autograd.difference == 0:
        return "is 0 everywhere, and so is autograd's"
    entries = f"all {numbers.count(found.size)} entries" if found.size > 1 else "its one entry"
    if found.autograd.difference == 0:
        return f"is autograd's to the last bit in {entries}"
    off = f"differs from autograd's by at most {_size(found.autograd.difference)} in {entries}"
    return f"{off}, {'the largest of which' if found.size > 1 else 'which'} is {_size(found.largest)}"


def _verdict(autograd: Agreement, largest: float, preset: Preset) -> str:
    tolerance = f"{preset.label}'s tolerance (rtol {_size(preset.rtol, 1)}, atol {_size(preset.atol, 1)})"
    if not autograd.passed:
        return f": OUTSIDE {tolerance}"
    if autograd.difference and largest <= preset.atol:
        return f"; {tolerance} accepts that, but would accept zeros too"
    return f": within {tolerance}"


def _size(number: float, digits: int = 2) -> str:
    return numbers.significant(number, digits)


def together_sentence(found: Mapping[str, Verification]) -> str:
    """Of several gradients: how far the farthest is from autograd, and the names of those that are too far."""
    wrong = [f"`{each.name}.g`" for each in found.values() if not each.autograd.passed]
    if wrong:
        return f"Checked against autograd: {listed(wrong)} OUTSIDE the preset's tolerance."
    worst = max(each.autograd.difference for each in found.values())
    apart = f"at most {numbers.scientific(worst)} from autograd" if worst else "autograd's to the last bit"
    return f"Checked: all {len(found)} gradients are {apart}."
