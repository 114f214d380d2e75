"""What the dashboard keeps in memory, from its own table."""

from mnistgrad.app import keeping
from mnistgrad.common import numbers


def kept() -> str:
    """By all its shelves, at most."""
    return numbers.byte_count(sum(shelf.most for shelf in vars(keeping).values() if isinstance(shelf, keeping.Shelf)))
