"""What is asked for, control by control: by the fields of a page, or by a link without any page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from mnistgrad.app.control_kinds import Choice, Control, Numeric, Several, Text
from mnistgrad.app.controls import IMAGE_SET, NH, NORMALISE, PRESET, SEED, N, State
from mnistgrad.app.kept.image_sets import image_set, shown_instead
from mnistgrad.network.presets import PRESETS

T = TypeVar("T")


class Fields(Protocol):
    """Asks for what controls hold; app/parts/fields.py draws them too. look: how a page draws the field."""

    def number(self, control: Numeric, /) -> int: ...

    def optional_number(self, control: Numeric, high: int, start: int, /) -> int | None: ...

    def choice(self, control: Choice[T], **look: Any) -> T: ...

    def listed(self, control: Choice[T], /) -> T: ...

    def slider(self, control: Choice[T], /) -> T: ...

    def several(self, control: Several[T], /) -> Sequence[T]: ...


class Link:
    """The fields that a link's query stands for: what it asks for, put right by the table of controls."""

    def __init__(self, query: Mapping[str, Sequence[str]]) -> None:
        self._query = query

    def _values(self, control: Control) -> Sequence[str]:
        given = list(self._query.get(control.key, ()))
        found = control.mended(given)
        return found.values if found else given

    def _number(self, control: Numeric) -> int | None:
        values = self._values(control)
        return control.read(values[-1]) if values else control.start

    def number(self, control: Numeric, /) -> int:
        value = self._number(control)
        assert value is not None  # only a control that starts empty can be empty
        return value

    def optional_number(self, control: Numeric, high: int, start: int, /) -> int | None:
        return self._number(replace(control, high=high, start=None, depends=False))

    def choice(self, control: Choice[T], **look: Any) -> T:
        values = self._values(control)
        return control.read(values[-1]) if values else control.start

    listed = slider = choice

    def several(self, control: Several[T], /) -> Sequence[T]:
        if control.key not in self._query:
            return control.options
        return [control.read(value) for value in self._values(control) if value]

    def text(self, control: Text, /) -> str:
        values = self._values(control)
        return values[-1] if values else control.start

    def state(self) -> State:
        """What the sidebar's controls hold."""
        preset = self.choice(PRESET)
        own = PRESETS[preset]
        normalise = self.choice(replace(NORMALISE, start=own.normalise))
        seed, nh = self.number(replace(SEED, start=own.seed)), self.number(NH)
        images = shown_instead(self.choice(IMAGE_SET))
        most = image_set(images).most
        n = self.number(replace(N, high=most, start=min(State.n, most)))
        return State(n, preset, normalise, seed, nh, images)
