"""Where nothing can be written, files that readers take home and measurements are made all the same: in memory, over pipes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from patience import ENDED_WITHIN

ROOT = Path(__file__).parents[2]
PROGRAM = """
import resource, signal, tempfile
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # as a full disk: no file takes a byte more

from mnistgrad.app.cards.bundle import Asked, bundle
from mnistgrad.cost.measurement import MeasurementPlan, read
from mnistgrad.cost.process import measuring

try:
    tempfile.TemporaryFile().write(b"x" * 10_000)
except OSError:
    print("full")
print(len(bundle(Asked(("cost",), {"n": ["3"]}, "light"))))
with measuring(MeasurementPlan(1, nh=1)) as process:
    print(len(read(process.stdout).costs))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits the size of files as Linux does")
@pytest.mark.parametrize("folder", ["/nowhere", ""], ids=["no temporary folder", "a full one"])
def test_files_and_measurements_need_no_disk(folder: str) -> None:
    environment = os.environ | ({"TMPDIR": folder} if folder else {}) | {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=ENDED_WITHIN
    )
    assert done.returncode == 0, done.stderr
    full, nbytes, rows = done.stdout.split()
    assert full == "full" and int(nbytes) > 100_000 and int(rows) > 0
