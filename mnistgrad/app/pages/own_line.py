"""Your own line: lines as learners write them wrongly, or two shapes of one's own, one of the two at a time."""

from mnistgrad.app.controls import OF_ONES_OWN, State
from mnistgrad.app.pages import own_shapes, wrong_lines
from mnistgrad.app.parts.fields import choice
from mnistgrad.app.parts.page import next_page

SHOWN = {"what-if": wrong_lines.show, "shapes": own_shapes.show}


def show(state: State) -> None:
    """The page in this state."""
    SHOWN[choice(OF_ONES_OWN, label_visibility="collapsed")](state)
    next_page("gradient", "Next: inside the gradient matrix")
