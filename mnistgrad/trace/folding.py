"""What runs again and again is noted once: a loop's body is kept as it ran first, with how often it ran."""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(eq=False)
class Kept(Generic[T]):
    """One thing that ran, and how often. `same_as` is the earlier one that it was found to repeat."""

    key: Hashable
    noted: T | None
    times: int = 1
    same_as: "Kept[T] | None" = None

    def first(self) -> "Kept[T]":
        """The one that stands for it."""
        found = self
        while found.same_as:
            found = found.same_as
        return found


class Folded(Generic[T]):
    """What ran, in order; where the last few things repeat those just before them, only these are kept."""

    def __init__(self) -> None:
        self.kept: list[Kept[T]] = []
        self._places: dict[Hashable, list[int]] = defaultdict(list)  # where in `kept` each key stands
        self._seen: dict[Hashable, int] = defaultdict(int)

    def times(self, key: Hashable) -> int:
        """How often it ran so far."""
        return self._seen[key]

    def add(self, key: Hashable, noted: T) -> Kept[T]:
        """Things of one key are the same run again. Returns what stands for this one from now on."""
        one = Kept(key, noted)
        self._seen[key] += 1
        self._places[key].append(len(self.kept))
        self.kept.append(one)
        while (period := self._period()) is not None:
            self._fold(period)
        return one

    def _period(self) -> int | None:
        """How many things at the end repeat as many before them; None where none do."""
        end = len(self.kept) - 1
        for place in reversed(self._places[self.kept[-1].key][:-1]):
            period = end - place
            if place + 1 < period:
                return None
            if all(self.kept[end - back].key == self.kept[place - back].key for back in range(period)):
                return period
        return None

    def _fold(self, period: int) -> None:
        repeated = self.kept[-period:]
        del self.kept[-period:]
        for again, one in zip(repeated, self.kept[-period:], strict=True):
            self._places[again.key].pop()
            one.times += again.times
            again.same_as, again.noted = one, None
