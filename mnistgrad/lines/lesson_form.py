"""Lines in the lesson's own words beside autograd: whether they set the gradient that it finds, and how far off they are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from mnistgrad import lesson
from mnistgrad.common.tensors import leaf, plain, with_autograd
from mnistgrad.lines.bounds import Budget, TooMany
from mnistgrad.lines.evaluating import Evaluator
from mnistgrad.lines.explaining import Explained
from mnistgrad.lines.made_up import made_up, smaller
from mnistgrad.lines.typed_shapes import TypedShape
from mnistgrad.lines.wrong_lines import CLOSE, is_close

Shape = tuple[int, ...]
Forward = Callable[..., Tensor]


@dataclass(frozen=True)
class Form:
    """A function of the lesson and what its tensors are called in the lines. shapes: of what it takes. result: what it gives."""

    forward: Forward
    shapes: Mapping[str, Shape]
    result: str


@dataclass(frozen=True)
class Compared:
    """One gradient that the lines set, beside autograd's.

    shape, needed: its own and autograd's, in the sizes that were typed. difference: the largest, None where the shapes differ.
    off: the share of numbers further off than rounding. factor: what all its numbers are of autograd's, None where they are no
    one multiple; n: of the images, in the numbers that were compared.
    """

    name: str
    shape: Shape
    needed: Shape
    difference: float | None = None
    off: float = 0.0
    factor: float | None = None
    n: int = 0


@plain()
def compared(found: Explained) -> tuple[Compared, ...]:
    """For each gradient that the lines set; () where they are not of the lesson's form, or torch stops."""
    form = None if found.message else next(_forms(found), None)
    if form is None or any(shape.kind != "float" for shape in found.shapes if shape.name in form.shapes):
        return ()
    given = tuple(
        TypedShape(name, shape, ("",) * len(shape)) for name, shape in {**form.shapes, **_gradient(form, found)}.items()
    )
    for shapes in (given, smaller(given)[0]):
        try:
            values, grads = _beside(found, form, shapes)
        except (TooMany, RuntimeError, IndexError, TypeError, ValueError):  # too large, or the lines hold sizes of their own
            continue
        return tuple(_one(name, found, form, values[name], grads[name], shapes) for name in grads if name in found.results)
    return ()


def _gradient(form: Form, found: Explained) -> dict[str, Shape]:
    """Of what flows back into the function; a loss has none."""
    shapes = {shape.name: shape.sizes for shape in found.shapes}
    return {name: shapes[name] for name in (f"{form.result}.g",) if name in shapes}


def _forms(found: Explained) -> Iterator[Form]:
    """The functions of the lesson whose gradients the lines may set."""
    shapes = {shape.name: shape.sizes for shape in found.shapes}
    taken, sets = set(found.lines.inputs), set(found.results)
    for inp, w, b, out in (
        ("inp", "w", "b", "out"),
        ("x", "w", "b", "out"),
        ("inp", "w1", "b1", "l1"),
        ("l2", "w2", "b2", "out"),
    ):
        flows = shapes.get(f"{out}.g", ())
        if len(flows) == 2 and taken <= {inp, w, b, f"{out}.g"} and sets & {f"{inp}.g", f"{w}.g", f"{b}.g"}:
            pixels = shapes[inp][-1:] if inp in shapes else shapes.get(w, (1,))[:1]
            needed = {inp: (flows[0], *pixels), w: (*pixels, flows[1]), b: (flows[1],)}
            if all(shapes.get(name, shape) == shape for name, shape in needed.items()) and (w in taken or f"{inp}.g" not in sets):
                yield Form(lesson.lin, needed, out)
    for inp, out in (("inp", "out"), ("l1", "l2")):
        flows = shapes.get(f"{out}.g", ())
        fit = all(shapes.get(name, flows) == flows for name in (inp, out))
        if fit and f"{out}.g" in taken <= {inp, out, f"{out}.g"} and f"{inp}.g" in sets:
            yield Form(lesson.relu, {inp: flows}, out)
    for inp in ("inp", "out"):
        targets = shapes.get("targ", ())
        if taken == {inp, "targ"} and f"{inp}.g" in sets and shapes[inp] == (*targets, 1) and len(targets) == 1:
            yield Form(lesson.mse, {inp: shapes[inp], "targ": targets}, "loss")


def _beside(found: Explained, form: Form, shapes: Sequence[TypedShape]) -> tuple[Mapping[str, Tensor], Mapping[str, Tensor]]:
    """What the lines set, and autograd's gradients. Raises TooMany and what torch raises."""
    inputs = made_up(shapes)
    grads = _autograd(form, inputs)
    inputs[form.result] = form.forward(*(inputs[name] for name in form.shapes))
    evaluator = Evaluator(found.lines, inputs, lambda text, span: None, Budget().spend)
    with torch.device("cpu"):
        evaluator.run()
    return evaluator.values, grads


@with_autograd()
def _autograd(form: Form, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    leaves = {name: leaf(inputs[name]) for name in form.shapes}
    result = form.forward(*leaves.values())
    grads = torch.autograd.grad(result, list(leaves.values()), inputs.get(f"{form.result}.g"))
    return {f"{name}.g": grad for name, grad in zip(leaves, grads, strict=True)}


def _one(name: str, found: Explained, form: Form, value: Tensor, reference: Tensor, shapes: Sequence[TypedShape]) -> Compared:
    beside = Compared(name, found.results[name], form.shapes[name.removesuffix(".g")], n=shapes[0].sizes[0])
    if beside.shape != beside.needed or value.shape != reference.shape:
        return beside
    value = value.to(reference.dtype)  # what compares gives truths
    differences, largest = (value - reference).abs(), reference.abs().max().item() if reference.numel() else 0.0
    off = (~(differences <= CLOSE * largest)).float().mean().item() if reference.numel() else 0.0
    factor = (value.double() * reference).sum().item() / (reference.double().square().sum().item() or 1)
    is_multiple = bool(factor) and reference.numel() > 0 and is_close(value, factor * reference)
    return replace(
        beside,
        difference=differences.max().item() if reference.numel() else 0.0,
        off=off,
        factor=factor if is_multiple else None,
    )
