"""Lines as readers type them: which are taken, and what is said of the others."""

import re
from resource import RUSAGE_SELF, getrusage

import numpy as np
import pytest
import torch
from loops import over
from torch.nn import functional

from mnistgrad.lines.explaining import explained
from mnistgrad.lines.made_up import made_up
from mnistgrad.lines.rules import BrokenRule
from mnistgrad.lines.typed_lines import parse_lines
from mnistgrad.lines.vocabulary import function, method

SHAPES = "x: n=4, i=3\ny: n=4, j=2\nw: i=3, j=2\ns: ()\nw.g: i=3, j=2"


@over(
    ("lines", "inputs"),
    [
        ("dW = h.t() @ dlogits", "h dlogits"),
        ("w.g = inp.t() @ out.g\nw = w - lr * w.g", "inp out.g w lr"),
        ("a, b = x, y\nz = a @ b", "x y"),
        ("mean = x.mean(0)\nz = (x - mean) / len(x)", "x"),
        ("y = torch.einsum('ni,nj->ij', x.T, out.g.T)", "x out.g"),
        ("x += 1\nx[0] = y", "x y"),
        ("return self.x @ self.w  # the lesson's", "self.x self.w"),
        ("mean + sum", "mean sum"),
    ],
)
def test_names_that_go_in_are_those_that_nothing_before_sets(lines: str, inputs: str) -> None:
    assert parse_lines(lines).inputs == tuple(inputs.split())


@over(
    ("lines", "part"),
    [
        ("y = x.__class__", "`__class__`"),
        ("y = ().__class__.__bases__[0].__subclasses__()", "`__"),
        ("__import__('os').system('true')", "`__import__`"),
        ("y = x._version", "`_version`"),
        ("y = (lambda: x)()", "a lambda"),
        ("y = [x for _ in range(3)]", "a comprehension"),
        ("y = f'{x}'", "an f-string"),
        ("import os", "an import"),
        ("from os import system", "an import"),
        ("y = (z := x)", "a `:=`"),
        ("y = x if s else w", "a condition"),
        ("for a in x: a + 1", "a loop"),
        ("def f(x): return x", "a function"),
        ("y = x and w", "write `&`"),
        ("y = not x", "write `~`"),
        ("del x", "a `del`"),
        ("y = {**x}", "a dict"),
        ("y = torch.cat([*x])", "a star"),
        ("y = torch.sum(**x)", "`**`"),
        ("y = x.backward()", "`.backward`"),
        ("y = x.numpy()", "`.numpy`"),
        ("y = x.data_ptr()", "`.data_ptr`"),
        ("y = x.register_hook(s)", "`.register_hook`"),
        ("y = x.sum(out=w)", "the argument `out`"),
        ("y = x.sum().foo", "`foo` behind a dot"),
        ("y = torch.load('x')", "`torch.load`"),
        ("y = torch.hub.load('x', 'y')", "`torch.hub.load('x', 'y')`"),
        ("y = torch.ops", "`torch.ops`"),
        ("y = torch", "`torch` is not known"),
        ("y = open('x')", "`open`"),
        ("y = eval('x')", "`eval`"),
        ("y = getattr(x, 'T')", "`getattr`"),
        ("y = x.sum", "`x.sum` is not known"),
        ("torch = x", "`torch` has a meaning"),
        ("len = x", "`len` has a meaning"),
        ("x.sum() = w", "cannot be read as Python"),
        ("y = x.T.a.b.c", "`x.T.a` is not known"),
        ("y = 'a' * 10", "neither tensor nor number"),
        ("y = [1] * 10**9", "neither tensor nor number"),
        ("y = b'x'", "a bytes"),
        ("y = 2j", "a complex"),
        ("y = x.shape['a']", "this index"),
        ("y = x.shape[7]", "no such place among 2"),
        ("y = x < y < 2", "this form"),
        ("a, b = x.shape[0], 1, 2", "takes 2 values, and 3"),
        ("a, b = x", "takes several values"),
        ("y = x −  w", "where Python writes `-`"),
        ("y = “x”", "where Python writes"),
        ("y = x\x00", "U+0000"),
        ("y = x \\\n+ 1", "a backslash"),
        ("y = (x", "its brackets do not close"),
        ("h: n=32", "shapes have a field of their own"),
        ("x: int = 3", "the shapes have a field of their own"),
        (">>> y = x", "the prompt"),
        ("return x\ny = x", "Line 1 returns"),
        ("", "No line is typed yet"),
        ("# nothing", "No line is typed yet"),
        ("y = q @ z", "`q` and `z` have no shape yet"),
        ("y = 7 @ 7", "a sign that numbers do not have"),
        ("y = torch.one_hot(x)", "`torch.one_hot` is not among"),
        ("y = F.sum(x)", "`F.sum` is not among"),
        ("y = 1 / 0", "has no value: division by zero"),
        ("y = math.sqrt(-1)", "has no value"),
        ("w = torch.randn(784, 50)", "give the tensor a shape instead"),
        ("w = torch.empty(784, 50)", "`torch.empty`"),
        ("w = F.dropout(x)", "`F.dropout`"),
    ],
)
def test_what_is_refused_is_refused_by_its_name(lines: str, part: str) -> None:
    with pytest.raises(BrokenRule, match=re.escape(part)):
        explained(lines, SHAPES)


@over(
    ("lines", "limit"),
    [
        ("x" * 10_000_000, "10,000,000 characters long, and 3,000 are read"),
        ("y = x\n" * 100, "100 lines, and 60"),
        ("y = " + "(" * 1_400 + "x" + ")" * 1_400, "cannot be read as Python"),
        ("y = " + "(" * 190 + "x" + ",)" * 190, "deep"),
        ("y = " + "-" * 2_500 + "x", "deep"),
        ("y = " + "~-" * 90 + "x", "deep"),
        ("y = x" + " @ x" * 700, "deep"),
        ("y = x" + ".T" * 1_400, "deep"),
        ("y = x" + "[0]" * 900, "deep"),
        ("y = " + "not " * 700 + "x", "deep"),
        ("y = " + "x**" * 900 + "x", "deep"),
        ("y = " + "9" * 2_900, "beyond 1,000,000,000,000,000"),
        ("y = 10**15 * 10**15", "beyond"),
        ("y = 9**9**9**9**9", "more than 300 digits"),
        ("y = 2**(-9)**9", "more than 300 digits"),
        ("y = x[range(10**9)]", "1,000,000,000 numbers, and 100,000"),
        ("y = x + 1\n" + "y = y + y + y + y + y + y + y + y + y + y\n" * 25, "more than 200 operations"),
        ("y = torch.zeros(10**9, 10**9)", "would hold"),
        ("y = x.expand(10**8, 4, 3) * x.expand(10**8, 1, 4, 3)", "would hold"),
        ("y = x.expand(10**9, 4, 3).unbind(0)", "gives up to 1,000,000,000 tensors, and 64"),
        ("y = x.expand(10**9, 4, 3).split(1)", "gives up to 1,000,000,000 tensors"),
        ("y = torch.chunk(x.expand(10**9, 4, 3), chunks=10**6)", "gives up to 1,000,000 tensors"),
        ("y = torch.einsum('ab,cd,ef,gh,ij,kl,mn,op,qr->', " + ", ".join(["x"] * 9) + ")", "9 operands, and 8"),
    ],
)
def test_limits_are_said_to_be_ours(lines: str, limit: str) -> None:
    with pytest.raises(BrokenRule, match=re.escape(limit)) as told:
        explained(lines, SHAPES)
    assert len(str(told.value)) < 600
    assert "cannot be read" in str(told.value) or "a limit of mnistgrad, not of torch" in str(told.value)


@over(
    "lines",
    [
        "y = torch.eye(30_000) @ torch.eye(30_000)",
        "y = torch.einsum('ab,cd,ef,gh->abcdefgh', x, x, x, x)",
        "y = torch.zeros(10**6, 10**6) + 1",
        "y = torch.arange(1e9) + 1",
        "y = torch.arange(0., 10., 1e-9) + 1",
        "y = x.repeat(10**6, 10**6)",
        "y = x.repeat(torch.zeros(12_000, 12_000).shape)",
        "y = x.unsqueeze(0).expand(10**9, 4, 3) + 1",
        "y = torch.outer(torch.zeros(10**5), torch.ones(10**5))",
        "y = torch.diag(torch.zeros(10**5))",
        "y = torch.linspace(0, 1, 10**9) + 1",
        "y = x.new_zeros(10**5, 10**5)",
        "y = torch.stack([" + "torch.ones(10**6), " * 90 + "])",
        "y = F.one_hot((x * 0).long() + 10**7, 10**9)",
        "y = torch.zeros(2000, 2000)[[" + "0," * 800 + "]]",
        "y = torch.zeros(4, 10**6)[:, range(100000)].T[range(100000)]",
    ],
)
def test_what_no_memory_holds_is_run_as_shapes(lines: str) -> None:
    explained("y = x + 1", "x: 100_000, 100_000")  # loads what runs shapes alone
    before = getrusage(RUSAGE_SELF).ru_maxrss
    found = explained(lines, SHAPES)
    assert found.results["y"] and not found.message
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


def test_time_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnistgrad.lines.rules.MOST_SECONDS", 0.0)
    with pytest.raises(BrokenRule, match=r"longer than 0 seconds; that is a limit of mnistgrad"):
        explained("y = x + 1", SHAPES)


@over(
    "name",
    [
        "empty",
        "empty_like",
        "new_empty",
        "from_numpy",
        "cuda",
        "to",
        "normal_",
        "rand",
        "load",
        "save",
        "set_num_threads",
        "compile",
        "from_file",
        "__class__",
        "apply_",
        "backward",
        "hub",
    ],
)
def test_only_the_table_is_reached(name: str) -> None:
    assert method(name) is None and function(name) is None


@over(
    "line",
    [
        "F.embedding(i, a)",
        "torch.embedding(a, i)",
        "F.batch_norm(a, m, m.abs() + 1)",
        "F.layer_norm(a, (4,), m, m)",
        "F.instance_norm(x)",
        "F.binary_cross_entropy_with_logits(a, a.sigmoid(), reduction='sum')",
    ],
)
def test_a_function_is_taken_from_where_its_line_says(line: str) -> None:
    found = explained(f"y = {line}", "a: 3, 4\ni: 3 int\nm: 4\nx: 5, 4, 2")
    last, wanted = found.operations[-1], eval(line, {"torch": torch, "F": functional, **made_up(found.shapes)})
    assert last.shape == wanted.shape
    np.testing.assert_allclose(last.numbers, wanted[tuple(slice(6) for _ in wanted.shape)])


def test_names_are_those_that_python_reads() -> None:
    assert explained("y = δ + xµ", "δ: n=3, j=4\nxµ: 4").results == {"y": (3, 4)}
