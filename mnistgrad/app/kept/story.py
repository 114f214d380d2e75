"""What the story's players are sent, kept by small plain keys."""

from dataclasses import replace

from mnistgrad.app.controls import STEP, State
from mnistgrad.app.keeping import PACKED
from mnistgrad.app.kept import pictures, results
from mnistgrad.app.kept.image_sets import image_set, kind_of
from mnistgrad.captions import story as says
from mnistgrad.captions.told import step_title
from mnistgrad.network.data import inp_of_levels
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.player.lesson import DrawnFrame, Lesson
from mnistgrad.player.lesson_data import packed_lesson
from mnistgrad.player.moving_picture import MOST_IMAGES, moving_picture
from mnistgrad.player.print_and_map import print_and_map
from mnistgrad.trace.passes import axis_sizes, scopes
from mnistgrad.trace.source import CodeLine, Span
from mnistgrad.trace.window import Pick

FORM = "broadcast"
LINE = "w1.g"


@PACKED.keep
def packed_print_and_map(state: State, theme: str, asks: bool) -> bytes:
    found, g = results.weight_gradient(state, "w1"), results.gradients_of(state).w1
    return print_and_map(found, g, results.mean_image_of(state.images, state.n), PALETTES[theme], asks)


@PACKED.keep
def packed_moving_picture(state: State, theme: str, asks: bool) -> bytes:
    _, images, labels = results.images_from(state.images, min(state.n, MOST_IMAGES), 0, MOST_IMAGES)
    found, mean_image = results.weight_gradient(state, "w1"), results.mean_image_of(state.images, state.n)
    levels = inp_of_levels(image_set(state.images), state.normalise)
    return moving_picture(found, images, labels, levels, mean_image, PALETTES[theme], kind_of(state.images), asks)


def places_of_line(state: State) -> range:
    """Of the four operations of the line, in the pass."""
    return scopes(results.pass_of(state, FORM))[LINE]


@PACKED.keep
def packed_steps(state: State, theme: str) -> bytes:
    return packed_lesson(lesson_of_line(state, theme), [theme], link=STEP.key)


def lesson_of_line(state: State, theme: str) -> Lesson:
    """The line's four operations."""
    operations, places = results.pass_of(state, FORM), places_of_line(state)
    whole = operations[places[-1]]
    line = f"{whole.target} = {whole.expression}"
    frames = []
    for number, place in enumerate(places):
        step, picture = operations[place], pictures.shapes_picture(state, FORM, place, Pick(), theme)
        start = line.index(step.expression)
        alone = replace(step, code=(CodeLine(0, line, ""),), span=Span(0, start, 0, start + len(step.expression)), caller="")
        told = says.step_sentence(step, axis_sizes(operations))
        frames.append(DrawnFrame(alone, step.expression, number, step_title(step), told, picture))
    return Lesson.of(frames, says.STEPS_TITLE)
