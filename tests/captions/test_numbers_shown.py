"""The sentences around the tables of numbers, compared with the numbers of the whole batch."""

import re

import pytest
from passes import SCENES, Scene, each_scene, taken
from states import State

from mnistgrad.captions import numbers_shown as says
from mnistgrad.captions import told
from mnistgrad.captions.arithmetic import arithmetic
from mnistgrad.trace.cells import show_operation
from mnistgrad.trace.window import Pick

WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "eight": 8, "None": 0, "Both": 2}


def plain(text: str) -> str:
    return re.sub(r":\w+\[\*\*(.*?)\*\*\]|\*\*(.*?)\*\*", lambda found: found[1] or found[2], text)


def sentence(scene: Scene, place: int) -> str:
    return plain(told.numbers_sentence(scene.operations, place, scene.window))


def places(scene: Scene, *names: str) -> list[int]:
    return [place for place in scene.places if scene.operations[place].name in names]


def window_of(scene: Scene, place: int, text: str, axes: tuple[str, ...]) -> list[float]:
    """The window's numbers of a text, from the whole batch."""
    indices = tuple(scene.window.indices(letter) for letter in axes)
    return taken(scene.value(place, text), indices).ravel().tolist()


def counted(text: str, size: int) -> int:
    """How many the sentence says at its beginning: "3 of these 12 cells"."""
    first = text.split()[0]
    return size if first in ("All", "Both") or text.startswith("The one") else 0 if first in ("None", "No") else int(first)


@each_scene
def test_every_operation_has_a_well_formed_sentence(scene: Scene) -> None:
    for place in scene.places:
        for text in (
            told.numbers_sentence(scene.operations, place, scene.window),
            says.how_chosen(scene.window, scene.pick or Pick()),
        ):
            assert text and text == text.strip() and "  " not in text and text[-1] == "."
            assert text.count("**") % 2 == 0 and text.count("`") % 2 == 0 and text.count("[") == text.count("]")
            assert not re.search(r"(?<![\d,.])\b1 (image|table|number|unit|pixel|gradient|cell|product|row)s\b", plain(text))


@each_scene
def test_the_framed_cell_is_written_out(scene: Scene) -> None:
    for place in scene.places:
        for chosen in scene.cells():
            text = says.written_out(scene.operations, place, scene.window, chosen)
            assert text.split("`")[1] == arithmetic(scene.operations, place, scene.window, chosen) and text.count("`") == 2


@each_scene
def test_a_sum_along_an_axis_tells_its_length_and_how_much_is_shown(scene: Scene) -> None:
    for place in places(scene, "matmul", "einsum"):
        shown, text = show_operation(scene.operations, place, scene.window), sentence(scene, place)
        size = {"n": scene.n, "i": 784, "j": scene.nh, "k": 1}[shown.letter]
        kept = {"n": len(scene.window.images), "i": 8, "j": min(8, scene.nh), "k": 1}[shown.letter]
        if size == 1:
            assert "one product" in text
            continue
        assert f"sum of {size:,} products" in text
        assert ("all of them are shown" in text) == (size == kept)
        if size > kept:
            told = re.search(r"(\w+) of them (?:is|are) shown, and ([\d,]+) more", text)
            assert told and WORDS.get(told[1], told[1]) == kept and told[2] == f"{size - kept:,}"


@each_scene
def test_a_sum_over_images_counts_those_left_out(scene: Scene) -> None:
    left_out = scene.n - len(scene.window.images)
    for place in places(scene, "sum", "mean"):
        text = sentence(scene, place)
        assert re.findall(r"([\d,]+) more", text) == ([f"{left_out:,}"] if left_out else [])
        if scene.operations[place].name == "sum":
            assert f"`{scene.operations[place].sets}`" in text


@each_scene
def test_the_mean_tells_the_loss_and_where_the_share_comes_from(scene: Scene) -> None:
    (place,) = places(scene, "mean")
    text, loss = sentence(scene, place), scene.real["loss"].item()
    told = re.search(r"the loss is ([\d.,]+\d)", text)
    assert told and float(told[1].replace(",", "")) == pytest.approx(loss, rel=6e-3)
    assert ("1/n" in text) == (scene.n > 1) and (f"divided by {scene.n:,}" in text) == (scene.n > 1)


@each_scene
def test_numbers_below_zero_units_on_and_gradients_stopped_are_counted(scene: Scene) -> None:
    (clamp,), (gt,) = places(scene, "clamp_min"), places(scene, "gt")
    (mask,) = [p for p in places(scene, "mul") if scene.operations[p].function == "relu_grad"]
    l1 = window_of(scene, clamp, "x", ("n", "j"))
    off = sum(value <= 0 for value in l1)
    assert counted(sentence(scene, clamp), len(l1)) == sum(value < 0 for value in l1)
    assert counted(sentence(scene, gt), len(l1)) == len(l1) - off
    assert counted(sentence(scene, mask).split(". ")[1], len(l1)) == off
    assert ("what is positive stays" in sentence(scene, clamp)) == (0 < off < len(l1))
    assert ("passes unchanged" in sentence(scene, mask)) == (off < len(l1))


@each_scene
def test_biases_are_called_zero_where_they_are_and_dividing_by_one_changes_nothing(scene: Scene) -> None:
    for place in places(scene, "add"):
        assert "are 0" in sentence(scene, place)  # the starting weights have no bias
        assert ("serves every image" in sentence(scene, place)) == (scene.n > 1)
    (div,) = places(scene, "div")
    assert ("nothing changes" in sentence(scene, div)) == (scene.n == 1)
    assert (f"n = {scene.n:,}" in sentence(scene, div)) == (scene.n > 1)


def test_a_bias_that_is_not_zero_is_not_called_zero() -> None:
    scene = Scene(State(4, 12))
    (place, _) = places(scene, "add")
    shown = show_operation(scene.operations, place, scene.window)
    shown.operands[1].values[0] = 0.5
    assert "are 0" not in plain(says.add(shown))


@each_scene
def test_steps_of_a_weight_gradient_tell_their_unit_and_layer(scene: Scene) -> None:
    units = {"in whole units": 0, "in thousandths": -3, "in millionths": -6, "in thousands": 3}
    for name in ("w1.g", "w2.g"):
        steps = [p for p in scene.places if scene.operations[p].sets == name]
        if scene.form != "broadcast":
            continue
        texts = [sentence(scene, place) for place in steps]
        assert ("pixel" in texts[0]) == (name == "w1.g") and ("its pixel" in texts[2]) == (name == "w1.g")
        product = show_operation(scene.operations, steps[2], scene.window)
        for text, table in ((texts[1], product.operands[1]), (texts[2], product.result)):
            assert [power for unit, power in units.items() if unit in text] == [table.scale.power]
        one_step = show_operation(scene.operations, steps[1], scene.window).operands[0]
        assert ("0 where its unit was off" in texts[1]) == (name == "w1.g" and bool((one_step.values == 0).any()))
        left_out = scene.n - len(scene.window.images)
        assert (f"{left_out:,} more" in texts[3]) == (left_out > 0) and ("With one image" in texts[3]) == (scene.n == 1)


@each_scene
def test_how_the_window_was_chosen_is_told(scene: Scene) -> None:
    text = plain(says.how_chosen(scene.window, scene.pick or Pick()))
    images, pixels, units = re.split(r"(?<=\.) (?=Pixels|Units)", text)
    window = scene.window
    assert [int(k) for k in re.findall(r"\d+", images)] == list(window.images)
    assert re.findall(r"\d+", pixels) == [str(window.pixels[0]), str(window.pixels[-1])]
    ends = [window.units[0], window.units[-1]] if len(window.units) > 2 else list(window.units)
    assert [int(k) for k in re.findall(r"\d+", units)] == ends
    assert ("your choice" in images, "your choice" in pixels) == (bool(scene.pick), bool(scene.pick))
    assert ("your choice" in units) == (bool(scene.pick) and scene.nh > len(window.units))
    assert ("all there are" in units) == (scene.nh == len(window.units))
    assert ("the only one" in images) == (scene.n == 1)


def test_choices_are_told_one_by_one() -> None:
    for pick in (Pick((7,)), Pick(pixel=100), Pick(unit=3)):
        scene = Scene(State(60), pick=pick)
        parts = re.split(r"(?<=\.) (?=Pixels|Units)", plain(says.how_chosen(scene.window, pick)))
        assert ["your choice" in part for part in parts] == [bool(pick.images), pick.pixel is not None, pick.unit is not None]


def test_units_without_a_gradient_are_not_called_the_busiest() -> None:
    """With seed 7 and one image, no unit of a small layer is on; then the window's units are simply the first."""
    off = next(s for s in (Scene(State(1, 5, seed=seed)) for seed in range(200)) if not s.real["l1.g"].any())
    text = plain(says.how_chosen(off.window, Pick()))
    assert "no gradient reaches any unit" in text and off.window.units[0] == 0
    assert "most often get a gradient" in plain(says.how_chosen(SCENES[3].window, Pick()))
