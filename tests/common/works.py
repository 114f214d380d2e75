"""Work for a process of its own, as tests/common/test_beside.py asks for it."""

import os
from pathlib import Path
from threading import Event

import torch

from mnistgrad.common.beside import Tell
from mnistgrad.common.data_files import unusable


def where(tell: Tell) -> tuple[int, int, int]:
    """Its process, how little urgent that is, and how many threads torch has there."""
    print("what is printed is no answer")
    return os.getpid(), os.nice(0), torch.get_num_threads()


def fail(tell: Tell) -> None:
    raise unusable(Path("a.gz"), "is missing")


def go_on_for_ever(tell: Tell) -> None:
    tell(os.getpid())
    Event().wait()
