"""An operation that torch refuses: its shapes set against each other, with the axis marked where they clash."""

from dataclasses import replace

from mnistgrad.lines.broadcasting import align
from mnistgrad.pictures.diagrams.shapes.alignment import alignment, einsum_alignment, matmul_alignment
from mnistgrad.pictures.diagrams.shapes.general import general_diagram
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import Palette
from mnistgrad.trace.operation import Operation
from mnistgrad.trace.operations import Effect

PRODUCTS = {"matmul", "mm", "bmm", "mv", "dot"}


def clash_diagram(step: Operation, palette: Palette) -> Diagram:
    """Where the shapes do not clash, torch had another reason: what it was given, and no result."""
    named = [replace(operand, text=_shortened(operand.text)) for operand in step.operands]
    shapes = [operand.shape for operand in named]
    if step.name in PRODUCTS and len(named) == 2 and all(shapes):
        inner = shapes[0][-1], shapes[1][-2:][0]
        batch = [axis.size for axis in align([shape[:-2] for shape in shapes])]
        if inner[0] != inner[1] or None in batch:
            return matmul_alignment(named, "no result", palette)
    elif step.name == "einsum" and step.arguments and "->" in str(step.arguments[0]):
        equation = str(step.arguments[0]).replace(" ", "")
        left, kept = equation.split("->", 1)
        groups = left.split(",")
        if [len(group) for group in groups] == [len(shape) for shape in shapes] and {*kept} <= {*left} - {*",."}:
            return einsum_alignment(named, equation, "no result", palette)
    elif len(named) > 1 and any(axis.size is None for axis in align(shapes)) and step.known.effect is Effect.CELLWISE:
        return alignment(named, "no result", palette)
    return general_diagram(step, "no result", palette)


def _shortened(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:11]}…{text[-12:]}"
