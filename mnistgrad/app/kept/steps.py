"""What the debugger's player is sent, kept by small plain keys: the lesson of a part of the pass."""

from collections.abc import Container
from dataclasses import replace

from mnistgrad.app.controls import State
from mnistgrad.app.keeping import PACKED, PASSES
from mnistgrad.app.kept import pictures, results
from mnistgrad.captions import told
from mnistgrad.captions.glossary import explained
from mnistgrad.captions.numbers_shown import written_out
from mnistgrad.captions.steps import paint_note, step_name
from mnistgrad.player.lesson import DrawnFrame, Lesson
from mnistgrad.player.lesson_data import FIRST, packed_lesson
from mnistgrad.trace.cells import liveliest_cell
from mnistgrad.trace.numbered import numbered
from mnistgrad.trace.operation import Operation
from mnistgrad.trace.passes import axis_sizes, is_outer_product, scopes, shown_code
from mnistgrad.trace.window import Pick

AT_ONCE = 8  # operations whose pictures are sent first; those of the others come after them


@PACKED.keep
def packed_steps(state: State, form: str, scope: str, pick: Pick, theme: str, part: str, begin: int) -> bytes:
    """part: "first" has the pictures of the operations around `begin`, counted from 0, "rest" those of the others."""
    count = len(scopes(results.pass_of(state, form))[scope])
    start = max(min(begin - AT_ONCE // 2, count - AT_ONCE), 0)
    near = range(start, start + AT_ONCE)
    drawn = near if part == FIRST else [number for number in range(count) if number not in near]
    lesson = lesson_of_pass(state, form, scope, pick, theme, drawn)
    return packed_lesson(lesson, [theme], link="step", whole_page=True, part=part, drawn=drawn)


def lesson_of_pass(state: State, form: str, scope: str, pick: Pick, theme: str, drawn: Container[int] | None = None) -> Lesson:
    """The operations of a scope, with the pictures of those that are to be drawn, or of all."""
    places = range(len(scopes(results.pass_of(state, form))[scope]))
    frames = [_frame(state, form, scope, pick, theme, number, drawn is None or number in drawn) for number in places]
    return Lesson.of(frames, f"{scope}, {form}")


@PASSES.keep
def _step(state: State, form: str, place: int, pick: Pick) -> Operation:
    """The same for both parts, in every scope: with the numbers of the window, and what each comes from."""
    operations = results.pass_of(state, form)
    step = numbered(operations, place, results.window_of(state, form, pick))
    return replace(step, code=tuple(shown_code(operations, place)))


def _frame(state: State, form: str, scope: str, pick: Pick, theme: str, number: int, is_drawn: bool) -> DrawnFrame:
    operations, window = results.pass_of(state, form), results.window_of(state, form, pick)
    place = scopes(operations)[scope][number]
    step = _step(state, form, place, pick)
    picture = pictures.shapes_picture(state, form, place, pick, theme) if is_drawn else None
    numbers = None
    if is_drawn and is_outer_product(operations, place):
        chosen = liveliest_cell(window)
        numbers = (
            explained(f"{told.numbers_sentence(operations, place, window)} {written_out(operations, place, window, chosen)}"),
            pictures.numbers_picture(state, form, place, pick, chosen, theme),
        )
    says = explained(told.step_sentence(step, axis_sizes(operations)))
    note = paint_note(step, results.paint_of(state, form))
    call = explained(step_name(step, number + 1, len(scopes(operations)[scope])))
    return DrawnFrame(step, step.expression, number, told.step_title(step), says, picture, numbers, note, call)
