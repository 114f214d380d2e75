"""Without a folder for temporary files, as on a full disk, every page stands: none loads a part of torch that needs one."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = """
import sys, tempfile
from app.opening import opened, settled
from mnistgrad.app.controls import VIEWS

tempfile.tempdir, tempfile._candidate_tempdir_list = None, lambda: ["/nowhere"]
OWN = dict(own="Your own shapes")
TOO_MANY = dict(a="90000, 90000, 1", b="1, 1, 90000")
TWICE = dict(a="3, 3", b="4", op="einsum", eq="ii,j->ij")
PAGES = [("", {}), ("steps", dict(step=4)), ("line", {}), ("line", OWN), ("line", OWN | TOO_MANY), ("line", OWN | TWICE),
         *(("gradient", dict(view=view, compare=1)) for view in VIEWS.values()), ("cost", {}), ("training", {})]
for page, query in PAGES:
    app = settled(opened(page, n=3, nh=2, **query))
    assert app.title and not app.exception and not app.error, (page, app.exception, app.error)
"""


def test_every_page_stands() -> None:
    """In a process of its own, in which no other test has loaded anything."""
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PATH": "", "OMP_NUM_THREADS": "1"}
    ended = subprocess.run([sys.executable, "-c", PAGES], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-3_000:]
