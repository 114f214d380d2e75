"""The one table of operations: every operation of the pass has a row, and one without is recorded and shown all the same."""

from dataclasses import replace

import torch
from loops import over
from passes import Scene
from states import State

from mnistgrad.captions.arithmetic import arithmetic
from mnistgrad.captions.steps import paint_note, step_name
from mnistgrad.captions.told import TOLD, numbers_sentence, step_sentence, step_title
from mnistgrad.network.presets import PRESETS
from mnistgrad.pictures.diagrams.numbers.number_tables import numbers_diagram
from mnistgrad.pictures.diagrams.shapes.diagram import DRAWN, shape_diagram
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.trace.cells import liveliest_cell
from mnistgrad.trace.operations import OPERATIONS, UNKNOWN
from mnistgrad.trace.passes import PROGRAMS, axis_sizes, record_pass
from mnistgrad.trace.recording import Operation, Recorder

EVERY = [step for preset in PRESETS for form in PROGRAMS for step in record_pass(3, 5, PRESETS[preset].relu, form)]


def test_every_operation_of_every_pass_has_its_row_its_words_and_its_picture() -> None:
    assert all(step.known is OPERATIONS[step.name] for step in EVERY)
    assert {step.manner for step in EVERY} == TOLD.keys() == DRAWN.keys()


def odd(x, w):
    """Operations and ways to write them that the table does not have."""
    y = -x.cummax(1).values
    return torch.kron(y, w).logcumsumexp(0) @ torch.hann_window(10)


def test_operations_without_a_row_are_recorded_with_their_shapes() -> None:
    x, w = torch.rand(3, 5), torch.rand(5, 2)
    with (recorder := Recorder([odd], [(x, "ni"), (w, "ij")])):
        odd(x, w)
    found = {step.name: step for step in recorder.operations()}
    shapes = {name: ([operand.shape for operand in step.operands], step.shape) for name, step in found.items()}
    assert shapes["cummax"] == shapes["neg"] == ([(3, 5)], (3, 5))
    assert shapes["kron"] == ([(3, 5), (5, 2)], (15, 10)) and shapes["hann_window"] == ([], (10,))
    assert [operand.text for operand in found["neg"].operands] == ["x.cummax(1).values"]
    assert {step.name for step in recorder.operations() if step.known is UNKNOWN} == found.keys()
    assert set(found["kron"].axes) == {""}


@over("form", PROGRAMS)
def test_an_operation_without_a_row_has_words_and_pictures(form: str) -> None:
    scene = Scene(State(n=10, nh=6), form)
    for place, step in enumerate(scene.operations):
        unnamed = unknown(step)
        steps = [unnamed if other is step else other for other in scene.operations]
        window = replace(
            scene.window, operations=tuple(unknown(o) if p == place else o for p, o in enumerate(scene.window.operations))
        )
        chosen, palette = liveliest_cell(scene.window), PALETTES["light"]
        shapes = shape_diagram(steps, place, scene.paint, scene.window, palette)
        numbers = numbers_diagram(steps, place, window, chosen, palette)
        said = [step_title(unnamed), step_sentence(unnamed, axis_sizes(steps)), step_name(unnamed, 1, 2)]
        said += [
            numbers_sentence(steps, place, window),
            arithmetic(steps, place, window, chosen),
            paint_note(unnamed, scene.paint),
        ]
        assert all(said) and "shapes alone" in said[-1] and shapes.svg and numbers.svg
        assert str(step.shape) in shapes.description and "frobnicate" in shapes.svg


def unknown(step: Operation) -> Operation:
    """The same under a name that no table has, its result without names of axes."""
    return replace(step, name="frobnicate", axes=("",) * len(step.axes))
