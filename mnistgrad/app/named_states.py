"""States that have a name, as links: on the story's page and in the README."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

from mnistgrad.app.controls import ADDED, NORMALISE, VIEW, N


@dataclass(frozen=True)
class NamedState:
    """page: its path; chosen: what is not as it starts, as in a link."""

    page: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)

    @property
    def link(self) -> str:
        """From the story's page."""
        asked = urlencode(self.chosen)
        return f"{self.page or '.'}{'?' * bool(asked)}{asked}"


OUTER_PRODUCT = VIEW.shown("build-up")
NAMED_STATES: Mapping[str, NamedState] = {
    "the learner's print": NamedState(),
    "one image": NamedState(chosen={N.key: "1"}),
    "raw pixels": NamedState(chosen={NORMALISE.key: NORMALISE.shown(False)}),
    "two images": NamedState("gradient", {N.key: "2", VIEW.key: OUTER_PRODUCT, ADDED.key: "2"}),
    "a class of 32": NamedState("gradient", {N.key: "32", VIEW.key: OUTER_PRODUCT, ADDED.key: "32"}),
}


def links() -> str:
    """As HTML: each opens its state anew, whatever was chosen before."""
    return " ".join(f'<a href="{escape(state.link)}">{escape(name)}</a>' for name, state in NAMED_STATES.items())
