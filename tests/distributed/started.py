"""The workers of a test, as torchrun starts them."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
COMMAND = ("-m", "mnistgrad.distributed")
ALONE = ("--nproc-per-node=2", "--standalone")


@contextmanager
def torchrun(*given: str, folder: Path = CHECKOUT, how: Sequence[str] = ALONE) -> Iterator["subprocess.Popen[str]"]:
    """torchrun with two workers on this machine, or as its options say; whatever happens, it has ended behind this."""
    command = [sys.executable, "-m", "torch.distributed.run", *how, *given]
    pipe = subprocess.PIPE
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT)}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def workers_of(process: "subprocess.Popen[str]") -> list[int]:
    """The numbers of its workers' processes, in their order."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return sorted(int(each) for each in found if b"mnistgrad.distributed" in Path(f"/proc/{each}/cmdline").read_bytes())
