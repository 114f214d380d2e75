"""The sentences about background work: its place in line, and why it failed."""

import re

from mnistgrad.common import numbers

ORDINALS = ("next", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
NO_MEMORY = re.compile(r"can't allocate memory: you tried to allocate (\d+) bytes")  # as PyTorch says it


def in_line(place: int) -> str:
    """place: 1 for whoever comes next."""
    which = ORDINALS[place - 1] if place <= len(ORDINALS) else f"number {place}"
    return f"Waiting for a turn: {which} in line."


def failed(what: str, error: BaseException) -> str:
    """what: the work, as the beginning of a sentence."""
    return f"{what} failed: {_reason(error)}."


def _reason(error: BaseException) -> str:
    if refused := NO_MEMORY.search(str(error)):
        return f"there was no memory for {numbers.byte_count(int(refused[1]))}"
    if isinstance(error, MemoryError):
        return "there was not enough memory"
    says = " ".join(str(error).split()).rstrip(".")
    return f"`{type(error).__name__}: {says.replace('`', chr(39))}`" if says else f"`{type(error).__name__}`"
