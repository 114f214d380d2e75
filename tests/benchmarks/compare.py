"""Two commits by the same benchmarks, in turns: `python tests/benchmarks/compare.py OLD NEW [-k WHICH] [--rounds 3]`.

Both are measured by the tests of this checkout, with its Python; what a commit cannot run is left out. Prints what each figure
is beside its baseline, as a ratio, and how that changed: a machine that is busy is so for the baselines too.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import copytree, rmtree
from xml.etree import ElementTree

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from benchmarks.ruler import Found, table  # noqa: E402 - the path above leads to it

HEAD = ("", "old", "new", "new / old", "at most")


@contextmanager
def checkout(commit: str, folder: Path) -> Iterator[Path]:
    """The commit's product beside the tests of this checkout."""
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(folder), commit], check=True)
    try:
        rmtree(folder / "tests")
        copytree(ROOT / "tests", folder / "tests", ignore=lambda *_: ["__pycache__"])
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def measured(folder: Path, which: str) -> list[Found]:
    """What the benchmarks find there; nothing, and why is told, where none could be run."""
    report = folder / "found.xml"
    report.unlink(missing_ok=True)  # the round before's
    chosen = ["tests/benchmarks", "-n0", "-q", "--continue-on-collection-errors", "-k", which]
    told_in = [f"--junitxml={report}", "-ojunit_family=xunit1"]
    command = [sys.executable, "-m", "pytest", *chosen, *told_in]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said = (done.stderr + done.stdout).strip().splitlines() or [f"pytest ended with {done.returncode}"]
    print(f"{folder.name}: {said[-1]}", file=sys.stderr)
    if not report.exists():
        return []
    told = ElementTree.parse(report).iterfind(".//property[@name='found']")
    return [Found(**json.loads(one.attrib["value"])) for one in told]


def rows(old: dict[str, list[Found]], new: dict[str, list[Found]]) -> Iterator[tuple[str, ...]]:
    """As `HEAD` names their cells, of what both commits could run; a ratio is the median over the rounds."""
    for name in old.keys() & new.keys():
        before, after = (statistics.median(found.ratio for found in side[name]) for side in (old, new))
        shown = new[name][-1]
        allowed = "" if shown.at_most is None else f"{shown.at_most / shown.baseline:.2f}"
        yield f"{name}, beside {shown.against}", f"{before:.2f}", f"{after:.2f}", f"{after / before:.2f}", allowed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commits", nargs=2, metavar="COMMIT")
    parser.add_argument("-k", dest="which", default="", help="only benchmarks whose names hold this, as pytest's own -k")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    found: tuple[dict[str, list[Found]], ...] = (defaultdict(list), defaultdict(list))
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folders = [
            stack.enter_context(checkout(commit, work / name)) for commit, name in zip(given.commits, ("old", "new"), strict=True)
        ]
        for _ in range(given.rounds):
            for kept, folder in zip(found, folders, strict=True):
                for one in measured(folder, given.which):
                    kept[one.name].append(one)
    print(table(HEAD, sorted(rows(*found))))


if __name__ == "__main__":
    main()
