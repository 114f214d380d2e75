"""Scripts that recompute a state, run where there is no mnistgrad: all in one process, since torch is imported there."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from patience import ENDED_WITHIN

ONE_BY_ONE = """
import contextlib, io, json, runpy, sys, traceback
sys.modules["mnistgrad"] = None
scripts, given = json.loads(sys.argv[1]), sys.argv[2:]
for script in scripts:
    sys.argv, said, stopped = [script, *given], io.StringIO(), ""
    with contextlib.redirect_stdout(said):
        try:
            runpy.run_path(script, run_name="__main__")
        except Exception:
            stopped = traceback.format_exc()
    print(json.dumps([said.getvalue(), stopped]))
"""


@dataclass(frozen=True)
class Ran:
    """stopped: by this error, or empty."""

    said: str
    stopped: str


def run_alone(scripts: Sequence[Path], folder: Path, *given: str) -> list[Ran]:
    """What each of the scripts does in that folder; a warning is an error."""
    command = [sys.executable, "-W", "error", "-c", ONE_BY_ONE, json.dumps([str(script) for script in scripts]), *given]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=ENDED_WITHIN)
    assert not done.returncode, done.stderr
    return [Ran(*json.loads(line)) for line in done.stdout.splitlines()]
