"""The values of fields: taken where a field can hold them, else the field is as it starts.

Streamlit reads a value once the script asks for it, and again in each later run if that fails: one wrong value would end its
session.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from streamlit.runtime.state.common import WidgetMetadata

NUMBER = (int, float)  # a whole number comes as the one or the other, and not as its field is told to have it
TYPES: dict[str, tuple[type, ...]] = {  # Python's, of the kinds of values that messages have
    "bool_value": (bool,),
    "bytes_value": (bytes,),
    "double_value": NUMBER,
    "int_value": NUMBER,
    "string_value": (str,),
    "trigger_value": (bool,),
    "json_trigger_value": (str,),
}
ITEMS: dict[str, tuple[type, ...]] = {"double_array_value": NUMBER, "int_array_value": NUMBER, "string_array_value": (str,)}


@dataclass(frozen=True)
class Reads:
    """What a field's own `read` makes of a value of its kind; of any other, and where it fails, what it makes of none.

    options: what a choice can be, as it is written; None where it is free.
    """

    read: Callable[[Any], Any]
    kind: str
    options: frozenset[str] | None

    def __call__(self, value: Any) -> Any:
        try:
            return self.read(value if self._may_be(value) else None)
        except Exception:  # whatever a forged value brings about
            return self.read(None)

    def _may_be(self, value: Any) -> bool:
        if value is None or self.kind not in TYPES | ITEMS:
            return True
        if self.kind in ITEMS:
            return not isinstance(value, str | bytes) and all(type(each) in ITEMS[self.kind] for each in value)
        return type(value) in TYPES[self.kind] and (self.options is None or value in self.options)


def guarded(found: WidgetMetadata[Any]) -> WidgetMetadata[Any]:
    """The same field, which reads so."""
    if isinstance(found.deserializer, Reads):  # told again, with the kind of what came
        return replace(found, value_type=found.deserializer.kind)  # type: ignore[arg-type]
    options = None if found.formatted_options is None else frozenset(found.formatted_options)
    return replace(found, deserializer=Reads(found.deserializer, found.value_type, options))
