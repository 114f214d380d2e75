"""What the dashboard keeps in memory, from its own table."""

from mnistgrad.app import keeping
from mnistgrad.common import numbers


def kept() -> str:
    """How much, at most."""
    shelves = [value for value in vars(keeping).values() if isinstance(value, keeping.Shelf)]
    return f"{numbers.count(len(shelves))} shelves of {numbers.byte_count(sum(shelf.most for shelf in shelves))} at most, together"
