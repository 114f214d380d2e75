"""The sentences about background work: its place in line, and why it failed."""

from mnistgrad.captions.faults import why

ORDINALS = ("next", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
ONLY_LOGGED = "the server's log has the reason"

BUSY = "Busy. What you chose last is drawn next."


def in_line(place: int) -> str:
    """place: 1 for whoever comes next."""
    which = ORDINALS[place - 1] if place <= len(ORDINALS) else f"number {place}"
    return f"Waiting for a turn: {which} in line."


def failed(what: str, error: BaseException) -> str:
    """what: the work, as the beginning of a sentence."""
    return f"{what} failed: {why(error) or ONLY_LOGGED}."
