"""Lines of a reader's own, and lines written wrongly."""

from collections.abc import Iterator
from functools import lru_cache

from pictures.every_picture.kinds import Named, shows
from states import State

from mnistgrad.lines.explaining import explained
from mnistgrad.lines.study import Study, study
from mnistgrad.lines.wrong_lines import WRONG_LINES, changed_lines
from mnistgrad.pictures.diagrams.shapes.alignment import alignment, einsum_alignment, matmul_alignment
from mnistgrad.pictures.diagrams.wrong_lines.added_axis import added_axis
from mnistgrad.pictures.diagrams.wrong_lines.attempt_picture import attempt_picture, shapes_picture
from mnistgrad.pictures.diagrams.wrong_lines.changed_line import changed_line
from mnistgrad.pictures.diagrams.wrong_lines.pairs_table import pairs_table
from mnistgrad.pictures.diagrams.wrong_lines.pass_results import pass_results
from mnistgrad.pictures.palette import Palette
from mnistgrad.trace.operation import Operation

TYPED = {  # what torch refuses, in shapes of all kinds
    "a * b": ("a: n=1000, i=784\nb: n=1000, j=50", "a: 7, 1, 5, 1000, 2, 1\nb: 3, 1, 2, 3, 100000", "a: 100000\nb: 99999"),
    "a @ b": ("a: n=1000, j=50\nb: n=1000, i=784", "a: 784\nb: 785", "a: 7, 5, 1, 2, 10, 4\nb: 3, 1, 9, 6"),
    'torch.einsum("bi,bi->", a, b)': ("a: 3, 4\nb: 5, 4",),
    'torch.einsum("bi,bj->ij", a, b)': ("a: 100000, 784\nb: 99999, 50",),
}


def refused(*lines: str) -> Iterator[tuple[str, Operation]]:
    for line in lines:
        for shapes in TYPED[line]:
            found = explained(line, shapes).refused
            assert found
            yield f"{line} {shapes}", found


@shows(alignment)
def _(palette: Palette) -> Named:
    for label, found in refused("a * b"):
        yield label, alignment(found.operands, found.expression, palette)


@shows(matmul_alignment)
def _(palette: Palette) -> Named:
    for label, found in refused("a @ b"):
        yield label, matmul_alignment(found.operands, found.expression, palette)


@shows(einsum_alignment)
def _(palette: Palette) -> Named:
    for label, found in refused(*[line for line in TYPED if "einsum" in line]):
        yield label, einsum_alignment(found.operands, found.arguments[0], found.expression, palette)


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
