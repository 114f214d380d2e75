"""What the benchmarks say of a figure, and how two commits are compared by it."""

import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest
from benchmarks.compare import ROOT, measured, rows
from benchmarks.ruler import Found, in_turns, table

BENCH = """
from benchmarks.ruler import Found

def test_it(tell):
    tell(Found("sum", 3.0, 1.0, "ms", "two products", {at_most}))
"""


def bench_folder(folder: Path, **benches: str) -> Path:
    """A checkout with these for its benchmarks."""
    copytree(ROOT / "tests/benchmarks", folder / "tests/benchmarks", ignore=lambda *_: ["__pycache__", *old_benches()])
    (folder / "pytest.ini").write_text(
        "[pytest]\npythonpath = tests\npython_files = bench_*.py\naddopts = --import-mode=importlib"
    )
    for name, code in benches.items():
        (folder / f"tests/benchmarks/bench_{name}.py").write_text(code)
    return folder


def old_benches() -> list[str]:
    return [path.name for path in (ROOT / "tests/benchmarks").glob("bench_*.py")]


def test_a_figure_is_told_beside_its_baseline_and_its_budget() -> None:
    assert Found("rerun", 30.0, 12.0, "ms", "one button", 60.0).row() == (
        *("rerun", "30 ms", "12", "one button", "2.50"),
        *("60", "50%"),
    )
    without = Found("export", 1_234.5, 1_000.0, "ms", "vl-convert")
    assert without.row()[-3:] == ("1.23", "", "") and not without.is_over


def test_commits_are_compared_by_the_median_ratio_of_what_both_can_run() -> None:
    def found(name: str, *pairs: tuple[float, float]) -> dict[str, list[Found]]:
        return {name: [Found(name, ours, beside, "ms", "two products", 3 * beside) for ours, beside in pairs]}

    old = found("sum", (1.0, 1.0), (90.0, 9.0), (4.0, 2.0)) | found("gone", (1.0, 1.0))
    new = found("sum", (5.0, 1.0), (4.0, 1.0), (8.0, 4.0)) | found("added", (1.0, 1.0))
    assert list(rows(old, new)) == [("sum, beside two products", "2.00", "4.00", "2.00", "3.00")]


def test_turns_are_taken() -> None:
    order: list[str] = []
    assert len(in_turns(1, lambda: order.append("a"), lambda: order.append("b"))) == 2
    assert order == ["a", "b"] * 3


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert table(("", "ours"), [("a long name", "1"), ("b", "22")]) == "             ours\na long name  1\nb            22"


def test_a_benchmark_that_a_commit_cannot_import_leaves_the_others(tmp_path: Path) -> None:
    folder = bench_folder(tmp_path, good=BENCH.format(at_most=4.0), bad="import what_it_does_not_have")
    assert measured(folder, "") == [Found("sum", 3.0, 1.0, "ms", "two products", 4.0)]


def test_where_nothing_could_be_run_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = bench_folder(tmp_path)
    (folder / "tests/benchmarks/conftest.py").write_text("import what_it_does_not_have")
    assert measured(folder, "") == []
    assert "what_it_does_not_have" in capsys.readouterr().err


@pytest.mark.parametrize(("at_most", "ends_with", "told"), [(2.0, 1, "over its budget: sum"), (4.0, 0, "75%")])
def test_a_run_fails_where_a_figure_is_over_its_budget(tmp_path: Path, at_most: float, ends_with: int, told: str) -> None:
    folder = bench_folder(tmp_path, one=BENCH.format(at_most=at_most))
    command = [sys.executable, "-m", "pytest", "tests/benchmarks", "-q", "-p", "no:xdist"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == ends_with and told in done.stdout, done.stdout + done.stderr
    assert ("over its budget" in done.stdout) == bool(ends_with)
