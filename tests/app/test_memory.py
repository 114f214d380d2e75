"""What ended runs and jobs have freed goes back to the system, and what runs go on to use stays at hand."""

import json
import platform
import subprocess
import sys
from pathlib import Path

import pytest
from patience import ENDED_WITHIN

ROOT = Path(__file__).parents[2]
MEGABYTE = 1_000_000
# A process of its own: in this one other tests' memory comes and goes. Bytes of a letter are written to, as tensors are.
RUNS = """
import json, os, resource, time
from pathlib import Path
from threading import Barrier, Thread
from mnistgrad.app.memory import give_back

RUNS, MEGABYTE = 4, 1_000_000
all_there = Barrier(RUNS)

def held():
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return 1_024 * int(line.split()[1])

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def use():
    blocks = [b"n" * (10 * MEGABYTE) for _ in range(4)]

def alive():
    return len(os.listdir("/proc/self/task"))

def ended():
    while alive() > at_first:  # a thread that was joined has still to leave its heap
        time.sleep(0.01)

def run():
    all_there.wait()
    use()
    all_there.wait()

def run_again_and_again():
    use()
    before = faults()
    use()
    found["faults of a second use"] = faults() - before

at_first = alive()
give_back()  # as on a server that nobody has used yet
ended()
found = {"before": held()}
runs = [Thread(target=run) for _ in range(RUNS)]
for thread in runs:
    thread.start()
ended()
found["kept"] = held()
give_back()
found["after"] = held()
again = Thread(target=run_again_and_again)
again.start()
again.join()
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found() -> dict[str, int]:
    if platform.libc_ver()[0] != "glibc":
        pytest.skip("another C library than glibc")
    run = subprocess.run([sys.executable, "-c", RUNS], cwd=ROOT, capture_output=True, text=True, check=True, timeout=ENDED_WITHIN)
    return dict(json.loads(run.stdout))


def test_what_ended_runs_have_freed_goes_back(found: dict[str, int]) -> None:
    assert found["kept"] - found["before"] > 100 * MEGABYTE
    assert found["after"] - found["before"] < 10 * MEGABYTE


def test_what_a_run_frees_is_at_hand_when_it_asks_again(found: dict[str, int]) -> None:
    assert found["faults of a second use"] < 1_000  # of the 10,000 pages of what it uses
