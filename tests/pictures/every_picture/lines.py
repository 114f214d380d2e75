"""Lines of a reader's own, and lines written wrongly."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from pictures.every_picture.kinds import Named, shows
from states import State

from mnistgrad.captions import own_shapes as own_claims
from mnistgrad.lines.own_shapes import OwnOperation, counted, own_operation, own_result
from mnistgrad.lines.study import Study, study
from mnistgrad.lines.two_shapes import Typed
from mnistgrad.lines.wrong_lines import WRONG_LINES, changed_lines
from mnistgrad.pictures.diagrams.own_shapes.alignment import alignment, einsum_alignment, matmul_alignment
from mnistgrad.pictures.diagrams.own_shapes.own_boxes import fits, own_boxes
from mnistgrad.pictures.diagrams.own_shapes.own_numbers import own_numbers
from mnistgrad.pictures.diagrams.wrong_lines.added_axis import added_axis
from mnistgrad.pictures.diagrams.wrong_lines.attempt_picture import attempt_picture, shapes_picture
from mnistgrad.pictures.diagrams.wrong_lines.changed_line import changed_line
from mnistgrad.pictures.diagrams.wrong_lines.pairs_table import pairs_table
from mnistgrad.pictures.diagrams.wrong_lines.pass_results import pass_results
from mnistgrad.pictures.palette import Palette

TYPED = [
    *own_claims.EXAMPLES.values(),
    Typed("@", ("784", "784, 50")),
    Typed("@", ("1000, 50", "1000, 784")),
    Typed("+", ("7, 1, 5, 1000, 2, 1", "3, 1, 1, 2, 100000")),
    Typed("+", ("100000", "99999")),
    Typed("@", ("7, 5, 1, 2, 10, 4", "3, 1, 9, 6")),
    Typed("einsum", ("3, 4", "5, 4"), "bi,bi->"),
    Typed("einsum", ("3, 4", "1, 4"), "bi,bi->"),
    Typed("einsum", ("100000, 784", "100000, 50"), "bi,bj->ij"),
    Typed("+", ("3, 4", "4")),
    Typed("-", ("3, 1", "3")),
    Typed("*", ("1, 1, 5", "7, 1, 1")),
    Typed("@", ("3, 4", "4, 2")),
    Typed("@", ("2, 3, 4", "4, 2")),
    Typed("einsum", ("3, 4", "4, 3"), "ij,ji->ij"),
    Typed("@", ("5", "5")),
    Typed("einsum", ("3, 4", "3, 4"), "ij,ij->"),
    Typed("+", ("5", "1")),
]


def typed(fitting: Callable[[OwnOperation], bool]) -> Iterator[tuple[str, OwnOperation]]:
    operations = [(f"{line.sign} {line.shapes} {line.equation}", own_operation(line)) for line in TYPED]
    return ((label, operation) for label, operation in operations if fitting(operation))


@shows(alignment)
def _(palette: Palette) -> Named:
    for label, operation in typed(lambda o: o.sign in "+-*"):
        for named in (False, True):
            yield f"{label} {named}", alignment(operation.operands, operation.expression, palette, named=named)


@shows(matmul_alignment)
def _(palette: Palette) -> Named:
    for label, operation in typed(lambda o: o.sign == "@"):
        for named in (False, True):
            yield f"{label} {named}", matmul_alignment(operation.operands, operation.expression, palette, named=named)


@shows(einsum_alignment)
def _(palette: Palette) -> Named:
    for label, operation in typed(lambda o: bool(o.equation)):
        yield label, einsum_alignment(operation.operands, str(operation.equation), operation.expression, palette)


@shows(own_boxes)
def _(palette: Palette) -> Named:
    for label, operation in typed(lambda o: not o.clashes and fits(o)):
        yield label, own_boxes(operation, palette)


@shows(own_numbers)
def _(palette: Palette) -> Named:
    for label, operation in typed(lambda o: not o.clashes and o.is_small):
        values = [counted(operand.shape) for operand in operation.operands]
        yield label, own_numbers(operation, values, own_result(operation, values), palette)


@lru_cache(maxsize=128)
def studied(name: str, state: State) -> Study:
    return study(WRONG_LINES[name], state.batch, state.weights)


def studies() -> Iterator[tuple[str, State, Study]]:
    for state in (State(1, 6), State(3, 6), State(784, 6), State(1_000, 100)):
        for name in WRONG_LINES:
            yield f"{name} {state}", state, studied(name, state)


@shows(attempt_picture)
def _(palette: Palette) -> Named:
    for label, _, found in studies():
        for attempt in found.attempts:
            if picture := attempt_picture("call", attempt, palette):
                yield f"{label} {attempt.call}", picture


@shows(added_axis)
def _(palette: Palette) -> Named:
    for label, _, found in studies():
        for attempt in found.attempts:
            if not attempt.refused and attempt.line[-1].name in ("sum", "mean") and attempt.line[-1].arguments:
                yield f"{label} {attempt.call}", added_axis("call", attempt.line[-1], attempt.lesson[-1], "w1.g", palette)


@shows(shapes_picture)
def _(palette: Palette) -> Named:
    for label, _, found in studies():
        if found.refused:
            yield label, shapes_picture("stop", found.refused, palette)


@shows(changed_line)
def _(palette: Palette) -> Named:
    for name, mistake in WRONG_LINES.items():
        pairs = [(right.text.strip(), wrong.text.strip()) for right, wrong in changed_lines(mistake)]
        yield name, changed_line("line", pairs, palette)


@shows(pairs_table)
def _(palette: Palette) -> Named:
    for label, state, found in studies():
        if found.pairs:
            yield label, pairs_table("pairs", found.pairs, state.batch.images, state.n, palette)


@shows(pass_results)
def _(palette: Palette) -> Named:
    for label, _, found in studies():
        yield label, pass_results("pass", found.results, palette)
