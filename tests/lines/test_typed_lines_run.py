"""What typed lines do, against torch itself: the same shapes, the same numbers, the same refusals in the same words."""

import math
import re
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import over
from torch.nn import functional

from mnistgrad.lines import explaining, running
from mnistgrad.lines.bounds import TooMany
from mnistgrad.lines.explaining import Explained, explained
from mnistgrad.lines.fitting import fittings
from mnistgrad.lines.made_up import made_up
from mnistgrad.lines.rules import BrokenRule
from mnistgrad.lines.typed_lines import parse_lines
from mnistgrad.lines.typed_shapes import parse_shapes

pytestmark = pytest.mark.filterwarnings("ignore")  # torch warns of what it takes all the same
sizes = st.sampled_from([0, 1, 1, 2, 3, 3, 4])
shapes = st.lists(sizes, max_size=4).map(tuple)
places = st.integers(-4, 3)
OF_ONE = """
    a.sum() a.sum({d}) a.sum({d},keepdim=True) a.mean(({d},{e})) a.max({d})[0] a.argmax({d}) a.var({d},unbiased=False)
    a.unsqueeze({d}) a.squeeze({d}) a.squeeze() a.t() a.T a.mT
    a.transpose({d},{e}) a.permute({d},{e}) a.flatten() a.reshape(-1)
    a.view(a.shape[0],-1) a.expand(3,-1,-1) a[{d}] a[{d}:] a[:,{e}] a[None] a[...,None] a[...,{d}:{e}] a[a>0] a[[0,{d}]]
    a.softmax({d}) a.log_softmax({d}) a.exp() -a ~(a>0) a**2 2**a 1/a 2-a a/len(a) a.clamp(min=0.5) a.relu() torch.tanh(a)
    torch.sigmoid(a)
    torch.stack([a,a],{d}) torch.ones(3)+a a.numel()*a a.size({d})*a a.shape[{d}]*a F.normalize(a,dim={d})
    torch.eye(3)@a torch.zeros(2,3)@a torch.arange(3)*a
    a.float() a.logsumexp({d}) a.cumsum({d}) a.unbind({d})[0]
"""
OF_TWO = """
    a+b a-b a*b a/b a@b a>b a==b torch.maximum(a,b) torch.where(a>b,a,b) torch.matmul(a,b) torch.mm(a,b) torch.bmm(a,b)
    torch.dot(a,b) torch.outer(a,b) F.linear(a,b) torch.cat([a,b],{d})
    torch.cat((a,b),dim={d}) F.mse_loss(a,b) (a-b).pow(2).mean()
    a.unsqueeze({d})*b.unsqueeze({e}) (a@b).sum({d}) a@b.mT a.T@b
"""
LETTERS = st.text("ijkI.", max_size=4).map(lambda letters: letters.replace(".", "..."))


@st.composite
def equations(draw: st.DrawFn) -> str:
    """Often ones that torch refuses; capitals, ellipses, letters twice and no arrow among them."""
    first, second = draw(LETTERS), draw(LETTERS)
    arrow = draw(st.sampled_from(["", "->", f"->{first[:2]}", f"->{second[:2]}", "->ijk"]))
    return f'torch.einsum("{first}, {second}{arrow}", a, b)'


@st.composite
def lines(draw: st.DrawFn) -> str:
    first = draw(st.one_of(st.sampled_from([*OF_ONE.split(), *OF_TWO.split()]), equations()))
    second = draw(st.sampled_from(["", *OF_ONE.split(), "a+=b", "a-=a.mean()"]))
    place = dict(d=draw(places), e=draw(places))
    lines = f"y = {first}"
    if second:
        lines = f"a = {first}\n{second if '=' in second[:3] else f'y = {second}'}"
    return lines.replace("{d}", str(place["d"])).replace("{e}", str(place["e"]))


def by_torch(lines: str, typed: str) -> dict[str, Any]:
    """What Python makes of these lines, which this test wrote itself."""
    names: dict[str, Any] = {"torch": torch, "F": functional, **made_up(parse_shapes(typed))}
    exec(lines, names)
    return names


def refusal(lines: str, typed: str) -> str:
    """torch's words, or what is said of an index of a shape that is not there."""
    try:
        return explained(lines, typed).message
    except BrokenRule as broken:
        return re.findall("no such place among", str(broken))[0]


def same(lines: str, first: tuple[int, ...], second: tuple[int, ...]) -> Explained | None:
    """Checks that the lines do what torch does; returns what they do where they run."""
    typed = f"a: {first}\nb: {second}"
    try:
        expected = by_torch(lines, typed)
    except Exception as error:
        assert refusal(lines, typed) in (str(error), "no such place among")
        return None
    found = explained(lines, typed)
    assert not found.message
    for name, shape in found.results.items():
        assert shape == tuple(expected[name].shape)
    return found


@settings(max_examples=300)
@given(lines(), shapes, shapes)
def test_lines_do_what_torch_does(lines: str, first: tuple[int, ...], second: tuple[int, ...]) -> None:
    if found := same(lines, first, second):
        last = found.operations[-1]
        expected = by_torch(lines, f"a: {first}\nb: {second}")[last.target]
        if last.results == 1:
            assert last.numbers is not None
            np.testing.assert_array_equal(last.numbers, expected.numpy()[np.ix_(*last.shown)] if last.shown else expected)


@settings(max_examples=150)
@given(lines(), shapes, shapes)
def test_shapes_alone_are_the_same(lines: str, first: tuple[int, ...], second: tuple[int, ...]) -> None:
    """As of tensors that are too large for numbers; torch words some refusals otherwise there."""
    typed = f"a: {first}\nb: {second}"

    def too_many(*_: object) -> None:
        raise TooMany

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running.Budget, "spend", too_many)
        try:
            expected = by_torch(lines, typed)
        except Exception:
            assert (
                refusal(lines, typed) or "[" in lines or "softmax" in lines
            )  # an index, or the axis of one number, goes unchecked
            return
        found = explained(lines, typed)
    if found.message:
        assert "a[a>0]" in lines or "unbind" in lines, found.message  # how many are chosen only numbers can tell
        return
    assert found.results == {name: tuple(expected[name].shape) for name in found.results}


@settings(max_examples=300)
@given(lines(), *[st.lists(st.sampled_from([0, 1, 2, 3, 600, 700]), max_size=3).map(tuple)] * 2)
def test_small_tensors_stand_for_large_ones_only_where_they_do_the_same(
    lines: str, first: tuple[int, ...], second: tuple[int, ...]
) -> None:
    typed, shapes = parse_lines(lines), parse_shapes(f"a: {first}\nb: {second}")
    try:
        expected = running.run_as_shapes(typed, shapes)
    except BrokenRule:
        return
    if found := running.run_stood_in(typed, shapes):
        assert (found.results, bool(found.message)) == (expected.results, bool(expected.message))
        assert [(step.shape, step.nbytes) for step in found.operations] == [(s.shape, s.nbytes) for s in expected.operations]


@pytest.mark.parametrize("line", ["y = a.t() @ b", "y = (a.unsqueeze(-1) * b.unsqueeze(1)).sum(0)", "y = a * b", "y = a @ b"])
def test_lines_like_the_lessons_need_no_device_without_memory(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(explaining, "run_as_shapes")
    assert explained(line, "a: n=5000, i=784; b: n=5000, j=50").numbered


@settings(max_examples=200)
@given(
    st.sampled_from(["a * b", "a - b", "a @ b"]), st.lists(sizes, min_size=1, max_size=3), st.lists(sizes, min_size=1, max_size=3)
)
def test_what_is_said_to_fit_fits(line: str, first: list[int], second: list[int]) -> None:
    refused = explained(line, f"a: {tuple(first)}\nb: {tuple(second)}").refused
    for fitting in fittings(refused) if refused else []:
        assert tuple(eval(fitting.code, {"a": torch.zeros(first), "b": torch.zeros(second)}).shape) == fitting.shape


@over(
    ("line", "shapes", "code"),
    [
        ("h @ dlogits", "h: n=32, j=64\ndlogits: n=32, k=27", "h.t() @ dlogits"),
        ("x @ w", "x: n=32, i=5\nw: j=7, i=5", "x @ w.t()"),
        ("x @ w", "x: b=2, n=3, i=5\nw: b=2, j=7, i=5", "x @ w.mT"),
        ("w.t() @ x", "x: n=32, i=5\nw: i=5, j=7", "w.t() @ x.t()"),
        ("out - mean", "out: n=32, j=5\nmean: n=32", "out - mean.unsqueeze(-1)"),
        ("inp * out.g.unsqueeze(1)", "inp: n=32, i=9\nout.g: n=32, j=5", "inp.unsqueeze(-1) * out.g.unsqueeze(1)"),
        ("x * w", "x: n=32, i=9\nw: i=9, j=5", "x @ w"),
        ("a * b", "a: 3, 4\nb: 4, 3", "a * b.t()"),
    ],
)
def test_transpose_or_axis_that_would_fit_is_named(line: str, shapes: str, code: str) -> None:
    refused = explained(line, shapes).refused
    assert refused and code in [fitting.code for fitting in fittings(refused)][:2]


@over(
    ("text", "shape"),
    [
        ("a: 1000, 784", (1000, 784)),
        ("a: (1000,784)", (1000, 784)),
        ("a = 1000, 784", (1000, 784)),
        ("a: torch.Size([1000, 784])", (1000, 784)),
        ("a.shape == torch.Size([1000, 784])", (1000, 784)),
        ('{"a": (1_000, 784)}', (1000, 784)),
        ("a: n=1000, i=784; b: i, 3", (1000, 784)),
        ("b: i=784, 3, a: n=1000, i", (1000, 784)),
        ("a: n=1000, 784", (1000, 784)),
        ("a: n, i", (1000, 784)),
        ("a: ()", ()),
        ("a: 5,", (5,)),
        ("a: [0, 3]", (0, 3)),
        ("a: n=4 int", (4,)),
        ("a: (4, 1) bool", (4, 1)),
    ],
)
def test_shape_is_read_however_it_is_written(text: str, shape: tuple[int, ...]) -> None:
    known = {"n": 1000, "i": 784}
    assert next(typed for typed in parse_shapes(text, known) if typed.name == "a").sizes == shape


def test_kinds_of_numbers_go_in_and_come_out() -> None:
    found = explained(
        "e = c[y]\nl = F.cross_entropy(z, y)\no = F.one_hot(y, 27)\nz[range(8), y] -= 1\nw = z[m]",
        "c: v=27, k=4; y: n=8 int; z: n=8, v=27; m: n=8 bool",
    )
    assert found.results["e"] == (8, 4) and found.results["l"] == () and found.results["o"] == (8, 27)
    assert found.results["w"][1:] == (27,) and not found.message


def test_numbers_of_large_tensors_are_of_smaller_ones_that_do_the_same() -> None:
    found = explained("y = (x.unsqueeze(-1) * g.unsqueeze(1)).sum(0)", "x: n=5000, i=784; g: n=5000, j=3")
    assert found.results == {"y": (784, 3)} and found.smaller == {784: 7, 5000: 8}
    last = found.operations[-1]
    assert last.shape == (784, 3) and last.numbers is not None and last.numbers.shape == (6, 3)
    x, g = made_up(parse_shapes("x: 8, 7; g: 8, 3")).values()
    np.testing.assert_allclose(last.numbers, (x.t() @ g)[:6].numpy(), rtol=1e-4, atol=1e-5)


@over(
    ("line", "shape"),
    [
        ("y = x[:500]", (500, 7840)),
        ("y = x[9]", (7840,)),
        ("y = x[:, [8]]", (5000, 1)),
        ("y = x.expand(9, -1, -1)", (9, 5000, 7840)),
    ],
)
def test_sizes_and_places_that_are_typed_are_those_of_the_large_tensor(line: str, shape: tuple[int, ...]) -> None:
    assert explained(line, "x: n=5000, i=7840").results == {"y": shape}


def test_part_that_is_changed_has_what_was_there_before() -> None:
    found = explained("x[1:] *= 3\nx[0] = y\ny += 1", "x: 2, 3; y: 3")
    x, y = made_up(parse_shapes("x: 2, 3; y: 3")).values()
    x[1:] *= 3
    x[0] = y
    last = [step for step in found.operations if step.shape == (2, 3)][-1]
    np.testing.assert_array_equal(last.numbers, x.numpy())
    np.testing.assert_array_equal(found.operations[-1].numbers, (y + 1).numpy())


def test_lines_with_sizes_of_their_own_show_shapes_alone() -> None:
    found = explained("y = x.reshape(7840, 50_000)", "x: n=500_000, i=784")
    assert found.results == {"y": (7840, 50_000)} and not found.numbered and found.operations[-1].numbers is None


@over("count", [3, 4_000_000])
def test_bytes_are_those_of_the_sizes_that_were_typed(count: int) -> None:
    step = explained("y = x + 1", f"x: {count}, 2").operations[-1]
    assert step.nbytes == step.live == math.prod((4, count, 2))


@over(
    "lines",
    [
        *("y = (a > b).argmax(0)", "y = (a > b).floor()", "y = (a > b) @ b", "y = (a > b).var()", "y = (a > b) - (a < b)"),
        *("y = a.argmax(1) // 0", "y = torch.softmax(a > 0, 0)", "y = (a > b).abs()", "y = torch.topk(a > b, 1)"),
    ],
)
def test_kinds_of_numbers_are_refused_without_numbers_as_they_are_with_them(lines: str) -> None:
    sizes = "(700, 700)"
    with pytest.raises(Exception) as torchs:  # whatever torch raises
        by_torch(lines, f"a: {sizes}\nb: {sizes}")
    ran = running.run_as_shapes(parse_lines(lines), parse_shapes(f"a: {sizes}\nb: {sizes}"))
    assert ran.message == str(torchs.value) and ran.refused
