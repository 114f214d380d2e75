"""The gradient matrix, one view at a time: only what is seen is computed, drawn and sent."""

from mnistgrad.app.controls import VIEW, State
from mnistgrad.app.pages.gradient import build_up, one_weight, samples, units, variance
from mnistgrad.app.parts.fields import choice
from mnistgrad.app.parts.page import next_page

SHOWN = {
    "variance": variance.show,
    "units": units.show,
    "build-up": build_up.show,
    "one-weight": one_weight.show,
    "samples": samples.show,
}


def show(state: State) -> None:
    """The page in this state."""
    SHOWN[choice(VIEW, label_visibility="collapsed")](state)
    next_page("cost", "Next: what it costs")
