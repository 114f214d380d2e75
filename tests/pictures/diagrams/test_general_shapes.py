"""The general shape diagram: each axis with its letter and size, in its colour, and what becomes of it."""

import re
from xml.etree import ElementTree

import torch
from lessons import clashing, recorded
from loops import over

from mnistgrad.pictures.palette import PALETTES
from mnistgrad.player.lesson import LessonFrame

LIGHT = PALETTES["light"]
SVG = "{http://www.w3.org/2000/svg}"


def last(function, *tensors: torch.Tensor, **axes: str) -> LessonFrame:
    return recorded(function, tensors, axes)[-1]


def words(frame: LessonFrame) -> list[tuple[str, str]]:
    """Each text of the picture with its colour."""
    root = ElementTree.fromstring(frame.picture().svg)
    return [("".join(text.itertext()), text.get("fill", "")) for text in root.iter(f"{SVG}text")]


def dashed(frame: LessonFrame) -> set[str]:
    """The colours of dashed lines."""
    root = ElementTree.fromstring(frame.picture().svg)
    return {line.get("stroke", "") for line in root.iter(f"{SVG}polyline") if line.get("stroke-dasharray")}


def test_every_axis_has_its_letter_its_size_and_its_colour() -> None:
    frame = last(lambda x, w: x @ w, torch.ones(7, 5), torch.ones(5, 3), x="n i", w="i j")
    found = words(frame)
    for letter, size, times in (("n", 7, 2), ("i", 5, 2), ("j", 3, 2)):
        assert found.count((f"{letter} = {size}", LIGHT.axis_text[letter])) == times
    assert found.count(("i: added up", LIGHT.axis_text["i"])) == 2 and ("@", LIGHT.ink) in found
    other = words(last(lambda x: x + 1, torch.ones(2, 3), x="b h"))
    assert {colour for text, colour in other if re.match(r"[bh] = ", text)} <= {LIGHT.axis_text["b"], LIGHT.axis_text["h"]}
    assert not {LIGHT.axis_text["b"], LIGHT.axis_text["h"]} & {LIGHT.axis_text[letter] for letter in "nijk"}


def test_a_stretched_axis_is_dashed_in_its_colour_and_says_how_often_it_is_repeated() -> None:
    frame = last(lambda x, b: x + b, torch.ones(32, 3), torch.ones(3), x="n j", b="j")
    assert ("n: repeated 32 times", LIGHT.axis_text["n"]) in words(frame) and dashed(frame) == {LIGHT.axis["n"]}
    assert not dashed(last(lambda x, b: x + b, torch.ones(32, 3), torch.ones(32, 3), x="n j", b="n j"))


def test_an_axis_that_is_added_up_is_marked_in_the_operand_and_gone_in_the_result() -> None:
    found = [text for text, _ in words(last(lambda x: x.sum(0), torch.ones(4, 3), x="n j"))]
    assert found.count("n = 4") == 1 and found.count("j = 3") == 2 and "n: added up" in found and ".sum(0)" in found


def test_axes_beyond_three_are_said_as_a_stack() -> None:
    found = [text for text, _ in words(last(lambda x: x * 2, torch.ones(6, 2, 3, 4), x="n c h w"))]
    assert found.count("a stack of such boxes: n = 6") == 2 and found.count("h = 3") == 2


@over("theme", PALETTES)
def test_a_clash_marks_its_axis(theme: str) -> None:
    palette = PALETTES[theme]
    marked = [lesson.refused.picture(palette) for lesson in clashing() if lesson.refused]
    assert [" ≠ " in picture.svg for picture in marked] == [True, True, True, False, True]
    assert all(palette.mark_edge in picture.svg for picture in marked)
