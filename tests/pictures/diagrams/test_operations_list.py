"""The list of operations: a row for each, with its own texts, and bars whose lengths are bytes on one scale."""

import itertools
from functools import lru_cache
from xml.etree import ElementTree

import pytest
from loops import over
from pictures.diagrams.drawn import SVG, Text, parsed, rows_of_text, size_of, texts, tips, words

from mnistgrad import lesson
from mnistgrad.pictures.diagrams.debugger.operations_list import operations_list
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.trace.passes import PROGRAMS, WHOLE_PASS, record_pass, scopes
from mnistgrad.trace.recording import Operation

SIZES = [(1, 50), (50, 2), (50_000, 100)]
UNITS = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}
each_form = over("form", PROGRAMS)
each_size = over(("n", "nh"), SIZES)
each_theme = over("theme", PALETTES)
MATMUL_PEAK = 4_100_000


@lru_cache(maxsize=32)
def recorded(n: int = 1_000, nh: int = 50, form: str = "broadcast") -> tuple[Operation, ...]:
    return record_pass(n, nh, lesson.relu_shifted, form)


@lru_cache(maxsize=64)
def drawn(
    n: int = 1_000, nh: int = 50, form: str = "broadcast", scope: str = WHOLE_PASS, current: int = -1, theme: str = "light"
) -> Diagram:
    operations = recorded(n, nh, form)
    places = scopes(operations)[scope]
    return operations_list(operations, places, places[current], MATMUL_PEAK, PALETTES[theme])


def listed(n: int, nh: int, form: str, scope: str = WHOLE_PASS) -> list[Operation]:
    operations = recorded(n, nh, form)
    return [operations[place] for place in scopes(operations)[scope]]


def grounds(root: ElementTree.Element) -> list[ElementTree.Element]:
    """The rectangle of each row, from the top."""
    return [rect for rect in root.iter(f"{SVG}rect") if rect.get("data-row")]


def place_of(element: ElementTree.Element) -> tuple[float, float, float, float]:
    x, y, width, height = (float(element.get(name, "nan")) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def in_row(root: ElementTree.Element, row: int) -> list[Text]:
    _, top, _, bottom = place_of(grounds(root)[row])
    return [text for text in texts(root) if top < text.y - 4 < bottom]


def bars(root: ElementTree.Element, row: int) -> tuple[tuple[float, float, float, float], ...]:
    """What was alive before, and what the operation made."""
    _, top, _, bottom = place_of(grounds(root)[row])
    found = [place_of(r) for r in root.iter(f"{SVG}rect") if r.get("pointer-events") == "none"]
    before, own = (bar for bar in found if top <= bar[1] and bar[3] <= bottom)
    return before, own


@each_form
@over("scope", [WHOLE_PASS, "relu(l1)", "lin_grad(inp, l1, w1, b1)", "w1.g", "b2.g"])
def test_there_is_a_row_to_click_for_each_operation_of_the_part(form: str, scope: str) -> None:
    root, operations = parsed(drawn(form=form, scope=scope).svg), listed(1_000, 50, form, scope)
    assert [int(ground.get("data-row", 0)) for ground in grounds(root)] == list(range(1, len(operations) + 1))
    tops = [place_of(ground)[1] for ground in grounds(root)]
    assert tops == sorted(tops)
    for row, operation in enumerate(operations):
        line = " ".join(text.words for text in sorted(in_row(root, row), key=lambda text: text.x))
        assert line.startswith(f"{row + 1} ")
        assert squeezed(operation.expression) in squeezed(line)


def squeezed(text: str) -> str:
    return text.replace(" ", "")


@each_form
@each_size
def test_each_row_has_its_shapes_in_and_out(n: int, nh: int, form: str) -> None:
    root = parsed(drawn(n, nh, form).svg)
    for row, operation in enumerate(listed(n, nh, form)):
        line = squeezed("".join(text.words for text in sorted(in_row(root, row), key=lambda text: text.x) if text.mono))
        shapes = "".join(str(operand.shape) for operand in operation.operands) + "→" + str(operation.shape)
        assert line.endswith(squeezed(shapes)), operation.expression


@each_theme
def test_sizes_have_the_colour_of_their_axis(theme: str) -> None:
    root, palette = parsed(drawn(7, 50, theme=theme).svg), PALETTES[theme]
    row = next(k for k, o in enumerate(recorded(7)) if o.name == "mul" and o.sets == "w1.g")
    colours = {(text.words, text.fill) for text in in_row(root, row) if text.words in ("7", "784", "50")}
    assert colours == {("7", palette.axis_text["n"]), ("784", palette.axis_text["i"]), ("50", palette.axis_text["j"])}


@each_theme
def test_what_earlier_operations_made_is_muted(theme: str) -> None:
    root, palette = parsed(drawn(theme=theme).svg), PALETTES[theme]

    def inked(row: int) -> str:
        found = sorted(in_row(root, row), key=lambda text: text.x)
        return squeezed("".join(text.words for text in found if text.mono and text.fill == palette.ink))

    assert [inked(row) for row in (0, 1, 3, 24, 29, 30)] == ["x@w", "l1=+b", "l2=-0.5", "l1.g=*out.g", "*", "w1.g=().sum(0)"]


@each_form
def test_what_a_statement_sets_stands_at_its_last_operation(form: str) -> None:
    root, operations = parsed(drawn(form=form).svg), recorded(form=form)
    for row, operation in enumerate(operations):
        ends = row + 1 == len(operations) or operations[row + 1].sets != operation.sets
        assert (f"{operation.sets} =" in [text.words for text in in_row(root, row)]) == ends


@each_form
@over("scope", [WHOLE_PASS, "lin_grad(l2, out, w2, b2)", "w1.g"])
def test_rows_stand_under_the_call_that_ran_them(form: str, scope: str) -> None:
    root, operations = parsed(drawn(form=form, scope=scope).svg), listed(1_000, 50, form, scope)
    calls = [call for call, _ in itertools.groupby(operation.caller for operation in operations)]
    heights = [text.y for call in calls for text in texts(root) if text.words == call]
    assert len(heights) == len(calls) and heights == sorted(heights)
    for ground, operation in zip(grounds(root), operations, strict=True):
        above = [call for call, y in zip(calls, heights, strict=True) if y < place_of(ground)[1]]
        assert above[-1] == operation.caller


@each_form
@each_size
@over("scope", [WHOLE_PASS, "relu(l1)", "w2.g"])
def test_bars_are_bytes_on_one_scale_from_0(form: str, n: int, nh: int, scope: str) -> None:
    root, operations = parsed(drawn(n, nh, form, scope).svg), listed(n, nh, form, scope)
    most = max(operation.live for operation in operations)
    drawn_bars = [bars(root, row) for row in range(len(operations))]
    assert len({before[0] for before, _ in drawn_bars}) == 1
    longest = max(own[2] - before[0] for before, own in drawn_bars)
    for (before, own), operation in zip(drawn_bars, operations, strict=True):
        made = 0 if operation.is_view else operation.nbytes
        assert own[0] == pytest.approx(before[2], abs=0.02)
        assert own[2] - before[0] == pytest.approx(longest * operation.live / most, abs=0.03)
        assert own[2] - own[0] == pytest.approx(longest * made / most, abs=0.02)


def test_the_product_stands_out() -> None:
    root = parsed(drawn().svg)
    lengths = [own[2] - own[0] for _, own in (bars(root, row) for row in range(32))]
    product = next(row for row, operation in enumerate(recorded()) if operation.shape == (1_000, 784, 50))
    others = [length for row, length in enumerate(lengths) if row != product]
    assert lengths[product] > 40 * max(others) and lengths[product] > 100


@each_form
@each_size
def test_bytes_are_told_in_words_and_views_as_views(n: int, nh: int, form: str) -> None:
    root = parsed(drawn(n, nh, form).svg)
    for row, operation in enumerate(listed(n, nh, form)):
        made, alive = [t.words for t in sorted(in_row(root, row), key=lambda text: text.x) if not t.mono]
        assert (made == "view") == operation.is_view
        assert operation.is_view or size_told(made) == pytest.approx(operation.nbytes, rel=6e-3)
        assert size_told(alive.removesuffix(" · peak")) == pytest.approx(operation.live, rel=6e-3)


def size_told(text: str) -> float:
    number, unit = text.split(" ")
    return float(number) * UNITS[unit]


@each_form
@each_size
@over("scope", [WHOLE_PASS, "mse(out, targ)"])
def test_one_row_is_marked_as_the_peak_of_those_listed(n: int, nh: int, form: str, scope: str) -> None:
    root, operations = parsed(drawn(n, nh, form, scope).svg), listed(n, nh, form, scope)
    marked = [row for row in range(len(operations)) if any(t.words.endswith("· peak") for t in in_row(root, row))]
    lives = [operation.live for operation in operations]
    assert marked == [lives.index(max(lives))]


@each_theme
@over("current", [0, 3, 29, 31])
def test_the_current_row_alone_is_highlighted(current: int, theme: str) -> None:
    fills = [ground.get("fill") for ground in grounds(parsed(drawn(current=current, theme=theme).svg))]
    assert [row for row, fill in enumerate(fills) if fill == PALETTES[theme].mark] == [current]
    assert set(fills) == {PALETTES[theme].mark, PALETTES[theme].paper}


def test_the_current_operation_is_a_place_of_the_pass_and_its_row_counts_from_the_parts_first() -> None:
    operations = recorded()
    scope = scopes(operations)["w1.g"]
    root = parsed(operations_list(operations, scope, scope[2], MATMUL_PEAK, PALETTES["light"]).svg)
    lit = [ground.get("data-row") for ground in grounds(root) if ground.get("fill") == PALETTES["light"].mark]
    assert lit == ["3"]


def test_the_foot_tells_the_peaks_of_this_pass_and_of_the_matmul_form() -> None:
    for scope in (WHOLE_PASS, "relu(l1)"):
        assert "Peak of the whole pass: 161 MB. In the matmul form: 4.10 MB." in words(parsed(drawn(scope=scope).svg))
    assert "Peak of the whole pass: 4.10 MB." in words(parsed(drawn(form="einsum").svg))


@each_form
@over("scope", [WHOLE_PASS, "relu(l1)", "w1.g", "b2.g"])
@each_size
def test_no_text_leaves_the_picture_or_meets_another(n: int, nh: int, form: str, scope: str) -> None:
    root = parsed(drawn(n, nh, form, scope).svg)
    width, height = size_of(root)
    for row in rows_of_text(texts(root)).values():
        assert row[0].box[0] >= 0 and row[-1].box[2] <= width
        assert all(left.box[2] <= right.box[0] + 0.5 for left, right in itertools.pairwise(row)), [t.words for t in row]
    assert all(text.box[1] >= 0 and text.box[3] <= height for text in texts(root))
    for row in range(len(listed(n, nh, form, scope))):
        made, alive = (text for text in sorted(in_row(root, row), key=lambda text: text.x) if not text.mono)
        before, own = bars(root, row)
        assert made.box[2] < before[0] and own[2] < alive.box[0]
        assert all(text.box[0] > alive.box[2] for text in in_row(root, row) if text.x > alive.x)


def test_a_row_tells_what_it_is_when_pointed_at() -> None:
    told = tips(parsed(drawn().svg))
    assert told[29] == ("mul: (1000, 784, 1) (1000, 1, 50) → (1000, 784, 50) · makes 157 MB · 161 MB alive while it runs")
    assert told[27].startswith("unsqueeze: (1000, 784) → (1000, 784, 1) · a view, no memory of its own")


@each_form
def test_the_table_is_the_list(form: str) -> None:
    frame, operations = (
        drawn(form=form, scope="lin_grad(inp, l1, w1, b1)").frame,
        listed(1_000, 50, form, "lin_grad(inp, l1, w1, b1)"),
    )
    assert frame["number"].tolist() == list(range(1, len(operations) + 1))
    for column, values in {
        "call": [o.caller for o in operations],
        "sets": [o.sets for o in operations],
        "operation": [o.name for o in operations],
        "expression": [o.expression for o in operations],
        "shape": [str(o.shape) for o in operations],
        "axes": [" ".join(o.axes) for o in operations],
        "bytes": [o.nbytes for o in operations],
        "view": [o.is_view for o in operations],
        "bytes_alive": [o.live for o in operations],
        "shapes_in": [" ".join(str(operand.shape) for operand in o.operands) for o in operations],
    }.items():
        assert frame[column].tolist() == values


def test_the_picture_says_in_words_where_most_is_alive() -> None:
    assert drawn().description == (
        "32 operations of the pass. Most memory is alive at number 31, (inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0): 161 MB."
    )
    assert drawn(scope="w1.g").description.startswith("4 operations of the pass. Most memory is alive at number 4,")
    assert drawn(scope="b2.g").description.startswith("1 operation of the pass.")
