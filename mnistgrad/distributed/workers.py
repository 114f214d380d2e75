"""The processes that share the work: torchrun starts them, gloo connects them, NCCL where each has a GPU."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor
from torch._C._distributed_c10d import TCPStore

from mnistgrad.common.devices import CPU, device_of, finish
from mnistgrad.distributed.heartbeat import SILENT, Heartbeat, WorkerLost

LONGEST = timedelta(hours=6)  # that one worker computes longer than another; the heartbeat tells those that are gone


@dataclass
class Spent:
    """Seconds that a worker was in all-reduces, with its waiting for the others, and how many these were."""

    seconds: float = 0.0
    times: int = 0


@dataclass(frozen=True)
class Workers:
    """All workers of a job, seen from the one that is asked: its rank, from 0, and how many there are; alone unless said."""

    rank: int = 0
    count: int = 1
    device: torch.device = CPU
    spent: Spent = field(default_factory=Spent)

    @property
    def first(self) -> bool:
        """Whether this is the one that tells the result."""
        return self.rank == 0

    def share(self, start: int, end: int, grain: int = 1) -> slice:
        """This worker's images of those from start to end: neighbours, in whole grains but for the last worker's rest."""
        return share(start, end, self.rank, self.count, grain)

    def add_up(self, *tensors: Tensor) -> None:
        """Each of them, in place, becomes the sum of all workers'; one all-reduce for all, in the dtype of the first."""
        self._reduce(tensors, dist.ReduceOp.SUM)

    def largest(self, *tensors: Tensor) -> None:
        """Each of them, in place, becomes the largest of all workers', entry by entry."""
        self._reduce(tensors, dist.ReduceOp.MAX)

    def gathered(self, found: Any) -> list[Any]:
        """What every worker found, by rank. Only for what workers of one job send each other: it is unpickled."""
        if self.count == 1:
            return [found]
        every: list[Any] = [None] * self.count
        with _others_are_there():
            dist.all_gather_object(every, found)
        return every

    def told_by_first(self, found: Any) -> Any:
        """What the first worker has, at all of them."""
        return self.gathered(found if self.first else None)[0]

    def wait(self) -> None:
        """Until all workers have come as far."""
        self.add_up(torch.zeros(1, device=self.device))

    def _reduce(self, tensors: Sequence[Tensor], how: Any) -> None:
        if self.count == 1:
            return
        finish(self.device)
        start = perf_counter()
        together = torch.cat([tensor.flatten().to(tensors[0].dtype) for tensor in tensors])
        with _others_are_there():
            dist.all_reduce(together, how)
        for tensor, whole in zip(tensors, together.split([tensor.numel() for tensor in tensors]), strict=True):
            tensor.copy_(whole.view_as(tensor))
        finish(self.device)
        self.spent.seconds += perf_counter() - start
        self.spent.times += 1


def share(start: int, end: int, rank: int, count: int, grain: int = 1) -> slice:
    """The part of one of `count` workers in what is from start to end; of no more than others', but for a grain."""
    size = end - start
    first, last = (size * place // count // grain * grain for place in (rank, rank + 1))
    return slice(start + first, end if rank == count - 1 else start + last)


@contextmanager
def joined(device: str = "cpu") -> Iterator[Workers]:
    """The workers that torchrun started, this process among them; this process alone where torchrun did not start it.

    device: "cpu", or "cuda": each worker of a machine takes a GPU of its own. At the end all wait for each other. Raises
    ValueError where the device is not there, WorkerLost where another worker is gone.
    """
    count, rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
    chosen = device_of(device, int(os.environ.get("LOCAL_RANK", 0)))
    if count == 1:
        yield Workers(device=chosen)
        return
    workers = Workers(rank, count, chosen)
    if chosen.type == "cuda":
        torch.cuda.set_device(chosen)
    with _others_are_there():
        dist.init_process_group("nccl" if chosen.type == "cuda" else "gloo", timeout=LONGEST)
    with Heartbeat(_store(), rank, count):
        workers.wait()
        workers.spent.seconds = workers.spent.times = 0
        yield workers
        workers.wait()
    dist.destroy_process_group()


def _store() -> TCPStore:
    """A connection of its own to what torchrun's workers meet at, since one that waits holds up who shares it."""
    address, port = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
    return TCPStore(address, port, is_master=False, timeout=timedelta(seconds=SILENT))


@contextmanager
def _others_are_there() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:  # as dist.DistError is
        raise WorkerLost(f"Another worker is gone: {_short(error)}.") from error


def _short(error: Exception) -> str:
    return str(error).strip().split("\n")[0].split(". ")[0].rstrip(".")[:160]
