"""The sentences of the step-by-step page, from the recorded operations."""

from mnistgrad.captions.told import step_verb
from mnistgrad.captions.words import listed
from mnistgrad.common import numbers
from mnistgrad.trace.operations import UNKNOWN
from mnistgrad.trace.painting import Paint
from mnistgrad.trace.passes import WHOLE_PASS
from mnistgrad.trace.recording import Operation

KICKER = "The debugger"
STEPS_TITLE = "The lesson's code, operation by operation"
STILLS = dict(shapes="Shapes", numbers="Numbers", code="Code", operations="Every operation and its memory")
RECORDED = "Shapes are recorded from the lesson's own code, memory is calculated from them, all numbers are those of this batch."


def headline(n: int, scope: str, form: str, count: int) -> str:
    """The claim of what is stepped through: a scope of so many operations."""
    if scope in ("w1.g", "w2.g"):
        return _weight_claim(n, scope, form)
    if scope == WHOLE_PASS:
        return f"The whole pass, forward and back: {numbers.count(count, 'operation')}"
    return f"{scope}, in {numbers.count(count, 'operation')}"


def _weight_claim(n: int, name: str, form: str) -> str:
    if form == "broadcast":
        if n == 1:
            return "One image makes one table, and there is nothing to add up"
        return f"{numbers.count(n)} images make {numbers.count(n)} tables, and {name} is their sum"
    what = "one einsum" if form == "einsum" else "a matrix product"
    if n == 1:
        return f"{name} as {what}: with one image, one product for each weight"
    return f"{name} as {what}: the sum over {numbers.count(n)} images happens inside"


def lede(form: str, is_zero: bool) -> str:
    line = {
        "broadcast": "`w.g = (inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)`",
        "einsum": '`w.g = torch.einsum("ni,nj->ij", inp, out.g)`',
        "matmul": "`w.g = inp.t() @ out.g`",
    }[form]
    zero = " Every hidden unit is off in this batch, so the first layer's gradients are 0." if is_zero else ""
    return f"{line} and every other line of the lesson, one operation at a time.{zero}"


def step_name(step: Operation, place: int, count: int) -> str:
    call = f" in `{step.caller}`, to make `{step.sets}`" if step.sets else f" in `{step.caller}`"
    return f"Step {place} of {count}: **{step_verb(step)}**{call}"


def paint_note(step: Operation, paint: Paint) -> str:
    """What the drawing leaves out."""
    if step.known is UNKNOWN:
        return "The drawing shows the shapes alone."
    letters = step.letters
    units = "every unit" if paint.units[-1] == len(paint.units) - 1 else f"every {_ordinal(paint.units[1])} unit"
    pixels = "the mean of each image row of 28 pixels"
    framed = step.manner in ("mul sheets", "sum sheets")
    parts = [_sheets(paint) if step.manner == "sum sheets" else _images(paint)] if "n" in letters else []
    parts += [_sheets(paint)] if step.manner == "mul sheets" and len(paint.sheets) < paint.n else []
    parts += [units] * ("j" in letters) + [pixels] * ("i" in letters)
    frame = " The small frame on a sheet marks the numbers shown below." if framed else ""
    return f"The drawing shows {listed(parts)}. All values are measured.{frame}"


def _images(paint: Paint) -> str:
    return _some(paint.near, paint.n, "image")


def _sheets(paint: Paint) -> str:
    return _some(len(paint.sheets), paint.n, "sheet")


def _some(shown: int, of: int, noun: str) -> str:
    """ "8 of the 1,000 images", "all 3 images"."""
    if shown < of:
        return f"{shown} of the {numbers.count(of, noun)}"
    return {1: f"the one {noun}", 2: f"both {noun}s"}.get(of, f"all {of} {noun}s")


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third"}.get(number, f"{number}th")
