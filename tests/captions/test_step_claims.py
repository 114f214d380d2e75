"""The sentences of the step-by-step page, at the sizes that every operation of the pass really has."""

import inspect
import re
from functools import lru_cache

from captions.pass_sizes import SIZES, each_form, each_size, plain, recorded
from loops import over

from mnistgrad.captions import steps as says
from mnistgrad.captions import told as says_of
from mnistgrad.network.data import load_batch
from mnistgrad.network.gradients import gradients
from mnistgrad.network.presets import PRESETS, initial_weights
from mnistgrad.trace.painting import Paint, choose_paint
from mnistgrad.trace.passes import PROGRAMS, axis_sizes, scopes


@lru_cache(maxsize=len(SIZES))
def paint(n: int, nh: int) -> Paint:
    batch, weights = load_batch(n), initial_weights(nh)
    return choose_paint(batch, weights, gradients(batch, weights))


@lru_cache(maxsize=64)
def everything(n: int, nh: int, form: str, preset: str = "lesson-2019") -> list[str]:
    operations = recorded(n, nh, form, preset)
    return [
        *(says.headline(n, scope, form, len(places)) for scope, places in scopes(operations).items()),
        *(says.lede(form, is_zero) for is_zero in (False, True)),
        *(says_of.step_sentence(step, axis_sizes(operations)) for step in operations),
        *(says_of.step_title(step) for step in operations),
        *(says.step_name(step, k + 1, len(operations)) for k, step in enumerate(operations)),
        *(says.paint_note(step, paint(n, nh)) for step in operations),
    ]


@each_size
@each_form
@over("preset", PRESETS)
def test_every_number_of_things_is_a_size_that_they_have(n: int, nh: int, form: str, preset: str) -> None:
    sizes = {"pixel": {784, 28}, "hidden unit": {nh}, "unit": {nh}, "output": {1}, "gradient": {nh, 1}, "pair": {784, nh, n}}
    sizes |= {"image": {n, min(n, 8)}, "table": {n}, "square": {n}, "sheet": {n, min(n, 5)}}
    things = "|".join(sorted(sizes, key=len, reverse=True))
    for sentence in map(plain, everything(n, nh, form, preset)):
        for number, thing, plural in re.findall(rf"(?<![\d/,])([\d,]*\d) ({things})(s?)\b", sentence):
            size = int(number.replace(",", ""))
            assert size in sizes[thing], sentence
            assert bool(plural) == (size != 1), sentence
        for number, thing in re.findall(rf"([\d,]*\d) of the [\d,]+ ({things})s", sentence):
            assert int(number) == {"image": min(n, 8), "sheet": min(n, 5)}[thing], sentence


@each_size
@each_form
def test_sentences_are_well_formed(n: int, nh: int, form: str) -> None:
    for sentence in everything(n, nh, form):
        assert sentence and sentence == sentence.strip() and "  " not in sentence and ".." not in sentence
        assert sentence.count("**") % 2 == 0 and sentence.count("`") % 2 == 0
        assert sentence.count("[") == sentence.count("]") and sentence.count("(") == sentence.count(")")
        assert not re.search(r"\b(the|all|both) 1 |\bone \w+s? (are|were|share)\b|None", plain(sentence))


@each_form
def test_one_image_is_never_several(form: str) -> None:
    several = r"all images|images (are|share|make)|the images|tables are|sheets|their tables|over them|every row"
    for sentence in everything(1, 50, form):
        assert not re.search(several, plain(sentence)), sentence
    assert any(re.search(several, plain(sentence)) for sentence in everything(3, 50, form))


@each_size
@each_form
def test_headline_counts_what_is_stepped_through(n: int, nh: int, form: str) -> None:
    for scope, places in scopes(recorded(n, nh, form)).items():
        claim = says.headline(n, scope, form, len(places))
        if scope in ("w1.g", "w2.g"):
            assert ("nothing to add up" in claim) == (n == 1 and form == "broadcast")
            assert ("one product for each weight" in claim) == (n == 1 and form != "broadcast")
            assert (f"{n:,} images" in claim) == (n > 1)
            assert (f"{n:,} tables, and {scope} is their sum" in claim) == (n > 1 and form == "broadcast")
            assert form == "broadcast" or claim.startswith(scope)
        else:
            counted_ones = re.search(r"(\d+) operation(s?)$", claim)
            assert counted_ones and int(counted_ones[1]) == len(places) and bool(counted_ones[2]) == (len(places) > 1)
            assert scope in claim or claim.startswith("The whole pass")


@each_form
def test_lede_shows_the_line_as_the_lesson_has_it(form: str) -> None:
    line = says.lede(form, is_zero=False).split("`")[1]
    assert line in [text.strip() for text in inspect.getsource(PROGRAMS[form]).splitlines()]
    assert [("Every hidden unit is off" in says.lede(form, is_zero)) for is_zero in (True, False)] == [True, False]


@each_form
def test_step_is_named_with_its_place_its_call_and_what_it_makes(form: str) -> None:
    operations = recorded(3, 50, form)
    for place, step in enumerate(operations, 1):
        assert re.fullmatch(
            rf"Step {place} of {len(operations)}: \*\*[\w ]+\*\* in `{re.escape(step.caller)}`, to make `{step.sets}`",
            says.step_name(step, place, len(operations)),
        )
    verbs = {step.name: says.step_name(step, 1, 1).split("**")[1] for step in operations}
    assert len(set(verbs.values())) == len(verbs)


@each_size
@each_form
def test_note_tells_what_the_drawing_leaves_out(n: int, nh: int, form: str) -> None:
    def some(shown: int, noun: str) -> str:
        whole = {1: f"the one {noun}", 2: f"both {noun}s"}.get(n, f"all {n} {noun}s")
        return whole if shown == n else f"{shown} of the {n:,} {noun}s"

    stride = -(-nh // 25)
    units = {1: "every unit", 2: "every second unit", 4: "every 4th unit"}[stride]
    images, sheets = some(min(n, 8), "image"), some(min(n, 5), "sheet")
    for step in recorded(n, nh, form):
        note = says.paint_note(step, paint(n, nh))
        letters = {letter for axes in (step.axes, *(o.axes for o in step.operands)) for letter in axes}
        stack = step.name in ("mul", "sum") and max(len(o.shape) for o in step.operands) == 3
        assert (images in note) == ("n" in letters and not (stack and step.name == "sum")), note
        assert (sheets in note) == (stack and (step.name == "sum" or n > 5)), note
        assert (units in note) == ("j" in letters)
        assert ("the mean of each image row of 28 pixels" in note) == ("i" in letters)
        assert ("small frame on a sheet" in note) == stack
        assert re.match(r"The drawing shows \w.*\w\. All values are measured\.", note)
