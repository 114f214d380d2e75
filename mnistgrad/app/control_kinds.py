"""What kinds of controls there are, and how a link that asks one of them for what there is not is put right."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from mnistgrad.captions import images as of_images
from mnistgrad.captions import link as says
from mnistgrad.common.reading import whole_number_in
from mnistgrad.network.sets.kinds import OWN

T = TypeVar("T")


@dataclass(frozen=True)
class Mended:
    """What a control in a link is to be instead of what was asked: `values`, none where it is to be as it starts.

    why: a sentence; "" where what was asked is only written otherwise.
    """

    values: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True)
class Control:
    """A control in the link: its name there and its label. depends: only its page knows what is allowed."""

    key: str
    label: str
    help: str = field(default="", kw_only=True)
    depends: bool = field(default=False, kw_only=True)

    def mended(self, given: Sequence[str]) -> Mended | None:
        """None if the link may ask for these values of the control: none, one, or several where its name stands there again."""
        if not given:
            return None
        found = self.mended_one(given[-1])
        if len(set(given)) == 1:
            return found
        why = says.repeated(self.key)
        return Mended(found.values, f"{why} {found.why}".strip()) if found else Mended((given[-1],), why)

    def mended_one(self, given: str) -> Mended | None:
        """The same of one value."""
        raise NotImplementedError

    def read(self, given: str) -> object:
        """What its field holds for a value that a link may ask for."""
        return given


@dataclass(frozen=True)
class Numeric(Control):
    """A whole number: what is allowed, and where it starts."""

    low: int
    high: int
    start: int | None  # None where it is left to us at first

    def mended_one(self, given: str) -> Mended | None:
        number = whole_number_in(given)
        if self.depends:
            return Mended((), says.no_number(self.key, given)) if number is None else None
        if number is None or not self.low <= number <= self.high:
            return Mended((), says.out_of_range(self.key, given, self.low, self.high))
        return None if given == str(number) else Mended((str(number),), says.read_as(self.key, given, number))

    def read(self, given: str) -> int:
        return int(given)


@dataclass(frozen=True)
class Choice(Control, Generic[T]):
    """One of a few. shown: how an option is written, on the page and in the link. also: what else a link may hold for one."""

    options: tuple[T, ...]
    start: T
    shown: Callable[[T], str] = str
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_link(self) -> tuple[str, ...]:
        return tuple(self.shown(option) for option in self.options)

    def mended_one(self, given: str) -> Mended | None:
        if self.depends or given in self.in_link:
            return None
        return Mended((self.also[given],)) if given in self.also else Mended((), says.no_choice(self.key, given, self.in_link))

    def read(self, given: str) -> T:
        return self.options[self.in_link.index(given)]


@dataclass(frozen=True)
class ImageChoice(Choice[str]):
    """Which set of images; a reader's own too, by the digest of its content. own: the one that this session holds."""

    own: str = ""

    def mended_one(self, given: str) -> Mended | None:
        if re.fullmatch(OWN + "[0-9a-f]{20}", given):
            return None if self.depends or given == self.own else Mended((), of_images.GONE)
        return None if given in self.options else Mended((), says.no_choice(self.key, given, self.options))

    def read(self, given: str) -> str:
        return given


@dataclass(frozen=True)
class Several(Choice[T]):
    """Any of a few, all at first. In a link its name stands there once for each, and once with nothing for none."""

    def mended(self, given: Sequence[str]) -> Mended | None:
        if list(given) in ([], [""]) or self.depends:
            return None
        known = tuple(dict.fromkeys(value for value in given if value in self.in_link))
        odd = [value for value in given if value not in self.in_link]
        if odd:
            return Mended(known, says.no_choice(self.key, odd[0], self.in_link))
        return None if len(known) == len(given) else Mended(known, says.repeated(self.key))


@dataclass(frozen=True)
class Text(Control):
    """What the reader types, at most so long."""

    longest: int
    start: str

    def mended_one(self, given: str) -> Mended | None:
        return Mended((), says.too_long(self.key, given, self.longest)) if len(given) > self.longest else None


@dataclass(frozen=True)
class Written(Control):
    """What a player keeps in the link by itself: letters and numbers, all below one, in a form, as in the example."""

    form: str
    example: str
    below: int = 10**6

    def mended_one(self, given: str) -> Mended | None:
        if re.fullmatch(self.form, given, re.ASCII) and all(int(number) < self.below for number in re.findall(r"\d+", given)):
            return None
        return Mended((), says.misread(self.key, given, self.example))


@dataclass(frozen=True)
class Carried(Control):
    """A result that travels in the link. unpacked: raises ValueError where it is none."""

    unpacked: Callable[[str], object]

    def mended_one(self, given: str) -> Mended | None:
        try:
            self.unpacked(given)
        except ValueError:
            return Mended((), says.unreadable(self.key, given))
        return None
