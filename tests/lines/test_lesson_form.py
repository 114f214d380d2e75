"""Lines in the lesson's words beside autograd."""

import pytest
import torch
from loops import over
from torch import nn

from mnistgrad.captions.typed_lines import compared_sentence
from mnistgrad.lines.examples import GROUPS, OTHERS, QUESTIONS, WRITTEN_WRONGLY, place_of
from mnistgrad.lines.explaining import explained
from mnistgrad.lines.lesson_form import compared
from mnistgrad.lines.made_up import made_up
from mnistgrad.lines.typed_shapes import parse_shapes

SIZES = {"n": 11, "i": 7, "j": 5, "k": 1}


@over(
    ("line", "shapes"),
    [
        ("w.g = (inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)", "inp: n, i; out.g: n, j"),
        ("w.g = inp.t() @ out.g\nb.g = out.g.sum(0)\ninp.g = out.g @ w.t()", "inp: n, i; out.g: n, j; w: i, j"),
        ('w1.g = torch.einsum("ni,nj->ij", inp, l1.g)', "inp: n=1000, i=784; l1.g: n=1000, j=50"),
        ("w2.g = l2.t() @ out.g", "l2: n, j; out.g: n, k"),
        ("inp.g = (inp > 0).float() * out.g", "inp: n, j; out.g: n, j"),
        ("inp.g = 2 * (inp.squeeze(-1) - targ).unsqueeze(-1) / len(inp)", "inp: n, k; targ: n"),
    ],
)
def test_right_line_is_autograds(line: str, shapes: str) -> None:
    found = compared(explained(line, shapes, SIZES))
    assert found and all(result.difference is not None and not result.off for result in found)
    assert all(result.shape == result.needed for result in found)


@over(
    ("line", "shapes", "factor"),
    [
        ("w.g = (inp.unsqueeze(-1) * out.g.unsqueeze(1)).mean(0)", "inp: n, i; out.g: n, j", 1 / 11),
        ("w.g = -3 * inp.t() @ out.g", "inp: n, i; out.g: n, j", -3),
        ("inp.g = 2 * (inp.squeeze(-1) - targ).unsqueeze(-1)", "inp: n, k; targ: n", 11),
        ("inp.g = out.g * inp.relu()", "inp: n, j; out.g: n, j", None),
        ("w.g = inp.abs().t() @ out.g", "inp: n, i; out.g: n, j", None),
    ],
)
def test_wrong_numbers_are_told_by_how_much(line: str, shapes: str, factor: float | None) -> None:
    (result,) = compared(explained(line, shapes, SIZES))
    assert result.shape == result.needed and result.off > 0 and result.difference and result.n == 11
    assert result.factor == (None if factor is None else pytest.approx(factor))


def test_wrong_shape_is_told() -> None:
    (result,) = compared(explained("w.g = out.g.t() @ inp", "inp: n, i; out.g: n, j", SIZES))
    assert (result.shape, result.needed, result.difference) == ((5, 7), (7, 5), None)


@over(
    ("line", "difference"),
    [
        ("w.g = (inp.t() @ out.g) / 0", "infinite or no number"),
        ("w.g = (inp.t() @ out.g) * torch.inf * 0", "100% of its numbers are off, some of them infinite or no number"),
        ("w.g = inp.t() @ out.g\nw.g[0, 0] = torch.inf - torch.inf", "2.9% of its numbers are off"),
        ("w.g = (inp.t() @ out.g) > 0", "off, by up to"),
        ("w.g = (inp.t() @ out.g).long() + 90", "off, by up to 9"),
    ],
)
def test_what_is_no_number_or_a_truth_is_told_to_be_off(line: str, difference: str) -> None:
    (result,) = compared(explained(line, "inp: n, i; out.g: n, j", SIZES))
    assert result.off > 0 and difference in compared_sentence(result)


@over(
    ("line", "shapes"),
    [
        ("w.g = (~inp).float().t() @ out.g", "inp: n=11, i=7 bool; out.g: n, j"),
        ("dW = h.t() @ dlogits", "h: 3, 4; dlogits: 3, 5"),
        ("w.g = inp.t() @ out.g", "inp: 2, 3, 4; out.g: 2, 3, 5"),
        ("w.g = inp @ out.g", "inp: n, i; out.g: n, j"),
        ("w.g = inp.t() @ out.g * s", "inp: n, i; out.g: n, j; s: ()"),
    ],
)
def test_other_lines_are_not_compared(line: str, shapes: str) -> None:
    assert compared(explained(line, shapes, SIZES)) == ()


@over("group", GROUPS)
def test_examples_run_but_for_those_that_show_a_clash(group: str) -> None:
    for name, example in GROUPS[group].items():
        found = explained(example.lines, example.shapes, SIZES)
        assert bool(found.message) == (name == "a clash" or (bool(example.wrong) and found.refused is not None)), name
        assert place_of(example.lines, example.shapes) == (group, name)
    assert any(explained(e.lines, e.shapes, SIZES).refused for e in WRITTEN_WRONGLY.values())


def values(example: str) -> dict[str, torch.Tensor]:
    """What the example's lines set, as Python runs them."""
    lines, shapes = QUESTIONS[example].lines, QUESTIONS[example].shapes
    given = made_up(parse_shapes(shapes))
    found: dict[str, torch.Tensor] = {}
    names = {name.replace(".", "_"): value for name, value in given.items()}
    scope = {"torch": torch, "F": nn.functional, **names}
    exec(lines.replace(".g", "_g"), scope)
    found.update({name: value for name, value in scope.items() if isinstance(value, torch.Tensor)})
    return found


def test_answers_are_what_autograd_says() -> None:
    """Of each question: what its lines call a gradient is one."""
    bias = values("Why sum(0) for a bias?")
    b = bias["b"].clone().requires_grad_()
    (grad,) = torch.autograd.grad(bias["l"] + b, b, bias["out_g"])
    assert torch.equal(grad, bias["b_g"]) and torch.equal(grad[None], bias["row_g"])
    once = values("What if one is repeated?")
    s = once["s"].clone().requires_grad_()
    assert torch.allclose(torch.autograd.grad(once["x"] * s, s, once["y_g"])[0], once["s_g"])
    linear = values("Why is nn.Linear (out, in)?")
    layer = nn.Linear(3, 2)
    layer.weight.data, layer.bias.data = linear["weight"], linear["bias"]
    layer(linear["x"]).backward(linear["out_g"])
    assert layer.weight.grad is not None and torch.allclose(layer.weight.grad, linear["weight_g"])
    assert torch.allclose(linear["weight_g"].t(), linear["w_g"]) and torch.allclose(linear["out"], linear["same"])
    jacobian = values("Why no Jacobian?")
    w = jacobian["w"].clone().requires_grad_()
    loss = (jacobian["inp"] @ w - jacobian["targ"]).pow(2).sum()
    assert torch.allclose(torch.autograd.grad(loss, w)[0], jacobian["w_g"]) and torch.allclose(jacobian["long"], jacobian["w_g"])
    per_output = torch.autograd.functional.jacobian(lambda each: jacobian["inp"] @ each, jacobian["w"])
    assert torch.equal(per_output, jacobian["J"])


def test_softmax_backward_is_autograds() -> None:
    example = OTHERS["softmax backward"]
    given = made_up(parse_shapes(example.shapes))
    logits = given["logits"].clone().requires_grad_()
    (grad,) = torch.autograd.grad(logits.softmax(-1), logits, given["p.g"])
    last = explained(example.lines, example.shapes).operations[-1]
    assert last.numbers is not None and torch.allclose(torch.tensor(last.numbers), grad[:6, :6], atol=1e-6)
