"""Lines, shapes and prints that are built to exhaust: each is answered, within the memory and the time of a reader's."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILT = """
import resource
from mnistgrad.gradient.prints.reading import read_prints
from mnistgrad.gradient.prints.rules import UnreadPrint
from mnistgrad.gradient.prints.telling import tell
from mnistgrad.lines.explaining import explained
from mnistgrad.lines.lesson_form import compared
from mnistgrad.lines.rules import BrokenRule
from mnistgrad.player.lesson_data import packed_lesson
from mnistgrad.player.typed_lesson import lesson_of

SIZES = {"n": 50_000, "i": 784, "j": 100, "k": 1}
SMALL, LARGE = "a: 3, 4\\nb: 4, 5\\nm: 2000, 1999", "a: 50000, 784\\nb: 784, 100"
LINES = ["y = " + "(" * 1400 + "a" + ")" * 1400, "y = " + "-" * 2900 + "a", "y = a" + ".T" * 1400, "y = a" + "*a" * 1400,
    "y = 10**10**10*a", "y = 9" + "9" * 2900 + "*a", "y = 1e9999*a", "y = a.expand(10**9, 3, 4) * 1",
    "y = a.repeat(100000, 100000)",
    "y = torch.zeros(10**9, 10**9)", "y = torch.arange(10**12)", "y = a.unsqueeze(-10**30)", "y = a" + "[:, None]" * 300,
    "y = torch.einsum('" + "i" * 1000 + "->i', a)", "y = torch.einsum('ij," + ",".join(["kl"] * 300) + "->il', a, b)",
    "y = torch.cat((" + "a," * 700 + "))", "y = a.repeat_interleave(10**9)", "y = '", "y = (", "y = a\\\\" * 500, "\\n" * 2990,
    "\\x00", "\\ud800", "y = a\\u2028z = a", "while True: pass", "y = lambda: a", "y = __import__('os')", "a = a + a\\n" * 250,
    "x = (a, a)\\n" + "x = (x, x)\\n" * 50 + "y = torch.cat(x)", "x = [0, 0]\\n" + "x = [x, x]\\n" * 24 + "y = a[x]",
    "x = range(100000)\\ny = torch.tensor([" + "x," * 1200 + "])",
    "x = [" + "0," * 400 + "]\\ny = a.flatten()[:1].expand(4000000)[[x]]",
    "y = torch.diag(a[0], 20000)", "y = a.repeat(20000, 20000)", "y = torch.arange(step=1e-9, start=0, end=1)",
    "y = torch.arange(1e999)",
    *(f"t = torch.tensor(20000)\\ny = {made}" for made in ("torch.ones(t, t)", "torch.full((t, t), 1.0)", "a.repeat(t, 500)",
      "torch.eye(t)", "torch.arange(t * t)", "torch.linspace(0, 1, t * t)", "F.one_hot(t, t * t)")),
    "y = torch.ones(2000, 2000)\\n" + "y = torch.ones(y.shape) + y\\n" * 9 + "y = y.repeat(y.shape)",
    ";".join(f"x{at} = torch.ones(m.shape)" for at in range(100)),
    "y = torch.ones(90, 90)\\ny = y.repeat(y[:, :2].repeat(90, 90).shape)",
    *(f"x = {whole} * 2**{power} * 2**20\\ny = {divided}" for whole, power in (("a.long()", 43), ("a.int()", 11)) for divided in (
      "x.abs().neg().div(-1, rounding_mode='trunc')", "torch.divide(x, x * 0 - 1, rounding_mode='trunc')",
      "x.div_(other=-1, rounding_mode='trunc')", "torch.div(input=x, other=-1, rounding_mode='trunc')", "x // -1", "x % -1")),
    "y = a.repeat(m.shape)", "y = a.repeat(m.repeat(9, 9).shape[:2])",
    "y = a.unsqueeze(-1) * a.unsqueeze(1)", "y = a[:, None, :, None] * a[None, :, None, :]", "y = a.t() @ a"]
SHAPES = ["a: " + "1," * 400, "a: " + "9" * 400, "a: 1e400", "a: -1", "a: 0", "a: " + "(" * 400,
    "a: 1000000000, 1000000000",
    "a: 4611686018427387904, 4", "\\x00: 1", "a:" * 200, "a: " + "2," * 60 + "2", "a: \\u0661", "a: 3, 4\\n" * 60]
PRINTS = ["[" * 100_000, "]" * 100_000, "[1," * 30_000, "1" * 100_000, "1e" * 50_000,
    "[1e400]", "[1e-320, 9e307]", "nan " * 20_000,
    "tensor([[" + "0.1, " * 50_000 + "]])",
    "tensor(" * 30_000, ", dtype=" * 30_000, "In [" * 20_000, "<" * 100_000, "[[0.1]]\\n" * 9_000]
most = int(open("/proc/self/statm").read().split()[0]) * 4096 + 1_500_000_000
resource.setrlimit(resource.RLIMIT_AS, (most, most))
resource.setrlimit(resource.RLIMIT_CPU, (100, 100))

def answered(lines, shapes):
    try:
        found = explained(lines, shapes, SIZES)
        compared(found), lesson_of(found)
        return found
    except BrokenRule as broken:
        assert len(str(broken)) < 500, str(broken)

for lines in LINES:
    answered(lines, SMALL), answered(lines, LARGE)
for shapes in SHAPES:
    answered("y = a * a", shapes), answered("y = a.unsqueeze(-1) * a.unsqueeze(1)", shapes)
for sizes in ("4, 4, 4, 4, 4, 4, 4, 4", "6, 6, 6, 6, 6, 6", "8, 16, 32, 32", "1296"):
    packed_lesson(lesson_of(answered("y = a + a\\n" * 9 + "y = a.reshape(36, -1)", "a: " + sizes)))
for text in PRINTS:
    try:
        for each in read_prints(text):
            tell(each, None, 50)
    except UnreadPrint as unread:
        assert len(str(unread)) < 500, str(unread)
"""


def test_what_is_typed_to_exhaust_is_answered() -> None:
    """In a process of its own, which ends where it takes more than 1.5 GB beyond its start, or 100 s of a processor."""
    ended = subprocess.run(
        [sys.executable, "-c", BUILT],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr[-3_000:]
