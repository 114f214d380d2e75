"""What links of earlier asked of the page for a line of one's own, in the words of today."""

import re
from collections.abc import Mapping, Sequence

from mnistgrad.lines.examples import WRITTEN_WRONGLY

Query = dict[str, list[str]]
LINE = "line"
OLD_KEYS = {"own", LINE, "a", "op", "b", "eq"}
IMAGES, COUNTED = "images", "trained"  # "images" was how many to train with; it is which they are
COUNT = re.compile("[0-9]{1,6}")
SHAPES_PAGE = "Your own shapes"
FIRST_SHAPES = {"a": "1000, 784, 1", "op": "*", "b": "1000, 1, 50", "eq": "ni,nj->ij"}  # where a link left them out
SIGNS = {" ": "+"}  # as "+" reads in an address


def renewed(query: Mapping[str, Sequence[str]]) -> Query:
    """The link's query with lines and shapes in the place of what was chosen or typed in fields of their own."""
    old = {key: values[-1] for key, values in query.items() if key in OLD_KEYS and values}
    kept = {key: list(values) for key, values in query.items() if key not in OLD_KEYS}
    if old.get("own") == SHAPES_PAGE or (old.keys() & FIRST_SHAPES.keys() and LINE not in old):
        typed = FIRST_SHAPES | old
        sign = SIGNS.get(typed["op"], typed["op"])
        lines = f'torch.einsum("{typed["eq"]}", a, b)' if sign == "einsum" else f"a {sign} b"
        return {"lines": [lines], "shapes": [f"a: {typed['a']}\nb: {typed['b']}"], **kept}
    example = WRITTEN_WRONGLY.get(old.get(LINE, "")) or next(iter(WRITTEN_WRONGLY.values()))
    return {"lines": [example.lines], "shapes": [example.shapes], **kept}


def counted(query: Mapping[str, Sequence[str]]) -> Query | None:
    """The link's query with the number of images to train with under its name of today; None where it holds no such number."""
    number = query.get(IMAGES, [""])[-1]
    if not COUNT.fullmatch(number):
        return None
    return {COUNTED: [number], **{key: list(values) for key, values in query.items() if key != IMAGES}}


def unknown_line(query: Mapping[str, Sequence[str]]) -> str:
    """The wrong line that such a link asks for, if there is none by that name."""
    asked = query.get(LINE, [""])[-1]
    return "" if asked in WRITTEN_WRONGLY else asked
