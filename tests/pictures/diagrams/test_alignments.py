"""The alignment drawings, read back from their SVG: what stands under what, what is dashed, what is marked."""

from loops import over
from pictures.diagrams.drawn import SVG, parsed, texts, words

from mnistgrad.pictures.diagrams.shapes.alignment import alignment, einsum_alignment, matmul_alignment
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.trace.recording import Operand

LIGHT = PALETTES["light"]


def operand(text, shape, axes):
    return Operand(text, shape, tuple(axes), None)


W_G = [operand("inp.unsqueeze(-1)", (1000, 784, 1), "nij"), operand("out.g.unsqueeze(1)", (1000, 1, 50), "nij")]
CLASH = [operand("inp", (1000, 784), "ni"), operand("out.g", (1000, 50), "nj")]
TRAP = [operand("out", (1000, 1), "nk"), operand("targ", (1000,), "n")]
X_W = [operand("x", (1000, 784), "ni"), operand("w", (784, 50), "ij")]
SIX = [operand("a", (7, 1, 5, 100000, 2, 1), "abcdef"), operand("b", (3, 1, 1, 2, 100000), "bcdef")]
BATCHED = [operand("a", (7, 5, 1, 2, 10, 4), "abcdef"), operand("b", (3, 1, 9, 6), "cdgh")]


def drawings(palette):
    return {
        "w.g": alignment(W_G, "product", palette),
        "clash": alignment(CLASH, "inp * out.g", palette),
        "trap": alignment(TRAP, "out - targ", palette),
        "six": alignment(SIX, "a + b", palette),
        "large clash": alignment([operand("a", (100000,), "j"), operand("b", (99999,), "j")], "a + b", palette),
        "x @ w": matmul_alignment(X_W, "x @ w", palette),
        "w @ x": matmul_alignment(X_W[::-1], "w @ x", palette),
        "vector": matmul_alignment([operand("a", (784,), "i"), X_W[1]], "a @ w", palette),
        "batched": matmul_alignment(BATCHED, "a @ b", palette),
        "einsum": einsum_alignment([operand("a", (1000, 784), "ni"), operand("b", (1000, 50), "nj")], "bi,bj->ij", "r", palette),
        "einsum clash": einsum_alignment([operand("a", (3, 4), "ni"), operand("b", (5, 4), "ni")], "bi,bi->", "r", palette),
        "scalar": einsum_alignment([operand("a", (3, 4), "ni"), operand("b", (1, 4), "ni")], "bi,bi->", "r", palette),
    }


SHOWN = drawings(LIGHT)
each = over("name", SHOWN)


def grid(diagram):
    """For each column, its cells from top to bottom: (size, note, dashed, edge colour)."""
    root = parsed(diagram.svg)
    found = texts(root)
    columns = {}
    for rect in root.iter(f"{SVG}rect"):
        if rect.get("rx") != "6":
            continue
        left, top, wide, tall = (float(rect.get(key)) for key in ("x", "y", "width", "height"))
        inside = [t.words for t in sorted(found, key=lambda t: t.y) if left < t.x < left + wide and top < t.y < top + tall]
        columns.setdefault(left, []).append((*[*inside, ""][:2], bool(rect.get("stroke-dasharray")), rect.get("stroke")))
    return [columns[left] for left in sorted(columns)]


def marked(diagram):
    """The words in the marked columns."""
    root = parsed(diagram.svg)
    bands = [r for r in root.iter(f"{SVG}rect") if r.get("fill") == LIGHT.mark]
    return [
        [t.words for t in sorted(texts(root), key=lambda t: t.y) if 0 < t.x - float(band.get("x")) < float(band.get("width"))]
        for band in bands
    ]


@each
def test_words_fit_their_cells(name):
    root = parsed(SHOWN[name].svg)
    cells = [
        tuple(float(r.get(key)) for key in ("x", "y", "width", "height"))
        for r in root.iter(f"{SVG}rect")
        if r.get("rx") in ("6", "8")
    ]
    for left, top, wide, tall in cells:
        inside = [t for t in texts(root) if left < t.x < left + wide and top < t.y < top + tall]
        assert not [t.words for t in inside if t.box[0] < left or t.box[2] > left + wide]


def test_shapes_stand_under_each_other_from_the_right():
    n, i, j = (LIGHT.axis[letter] for letter in "nij")
    assert grid(SHOWN["w.g"]) == [
        [("1000", "images", False, n)] * 3,
        [("784", "pixels", False, i), ("1 → 784", "repeated", True, i), ("784", "pixels", False, i)],
        [("1 → 50", "repeated", True, j), ("50", "hidden units", False, j), ("50", "hidden units", False, j)],
    ]


def test_axis_that_a_shape_does_not_have_is_a_ghost_1():
    first, last = grid(SHOWN["trap"])
    assert [cell[:3] for cell in first] == [
        ("1000", "images", False),
        ("1 → 1000", "no axis; repeated", True),
        ("1000", "images", False),
    ]
    assert [cell[:3] for cell in last] == [("1 → 1000", "repeated", True), ("1000", "images", False), ("1000", "images", False)]


def test_clash_is_marked_in_words_and_ends_without_a_result():
    ((heading, *sizes),) = marked(SHOWN["clash"])
    assert (heading, sizes) == ("last axis", ["784", "pixels", "50", "hidden units", "784 ≠ 50", "neither is 1"])
    assert "no result" in words(parsed(SHOWN["clash"].svg))
    assert [len(column) for column in grid(SHOWN["clash"])] == [2, 2]


@over("name", ["w.g", "trap", "x @ w", "einsum", "scalar", "vector"])
def test_nothing_is_marked_where_shapes_fit(name):
    assert not marked(SHOWN[name]) and "no result" not in words(parsed(SHOWN[name].svg))


def test_inner_sizes_of_a_matrix_product_share_a_column_that_is_added_up():
    rows, inner, columns = grid(SHOWN["x @ w"])
    assert [cell[0] for cell in rows] == ["1000", "1000"] and [cell[0] for cell in columns] == ["50", "50"]
    assert [cell[:3] for cell in inner] == [("784", "pixels", False), ("784", "pixels", False), ("added up", "784 terms", True)]


def test_inner_sizes_that_differ_are_marked():
    assert marked(SHOWN["w @ x"]) == [["inner axis", "50", "hidden units", "1000", "images", "50 ≠ 1000", "must be equal"]]
    assert marked(SHOWN["batched"]) == [["inner axis", "4", "9", "4 ≠ 9", "must be equal"]]


def test_vector_has_neither_rows_nor_a_place_in_the_result():
    assert [[cell[0] for cell in column] for column in grid(SHOWN["vector"])] == [["784", "784", "added up"], ["50", "50"]]
    assert "50" in words(parsed(SHOWN["vector"].svg))


def test_axes_in_front_of_a_matrix_product_broadcast():
    front = grid(SHOWN["batched"])[:4]
    assert [[cell[0] for cell in column] for column in front] == [["7", "1 → 7"], ["5", "1 → 5"], ["1 → 3", "3"], ["2", "1 → 2"]]


def test_letters_of_an_equation_head_the_columns_and_stand_over_their_sizes():
    root = parsed(SHOWN["einsum"].svg)
    i, j, b = grid(SHOWN["einsum"])
    assert [cell[0] for cell in i] == ["784", "784"] and [cell[0] for cell in j] == ["50", "50"]
    assert [cell[:2] for cell in b] == [("1000", ""), ("1000", ""), ("added up", "1,000 terms")]
    letters = [t for t in texts(root) if t.words in ("b", "i", "j") and t.mono and t.x < 150]
    digits = [t for t in texts(root) if t.words.isdigit() and t.x < 150]
    over = {
        (a.words, d.words) for a in letters for d in digits if 0 < d.y - a.y < 20 and abs((d.box[0] + d.box[2]) / 2 - a.x) < 2
    }
    assert over == {("b", "1000"), ("i", "784"), ("j", "50")}


def test_letter_of_two_sizes_is_marked():
    ((*_, clash, rule),) = marked(SHOWN["einsum clash"])
    assert (clash, rule) == ("3 ≠ 5", "neither is 1")


def test_axes_without_a_noun_show_their_sizes_alone():
    assert not {"images", "pixels", "hidden units"} & set(words(parsed(SHOWN["six"].svg))) and len(grid(SHOWN["six"])) == 6


@each
def test_description_and_table_give_each_shape(name):
    diagram = SHOWN[name]
    assert set(diagram.frame.columns) == {"tensor", "axis", "size", "becomes", "note"}
    for tensor, rows in diagram.frame.groupby("tensor", sort=False):
        sizes = [*rows["size"].dropna(), *rows["becomes"].dropna()]
        assert tensor in diagram.description and all(str(size) in diagram.description for size in sizes)
    stretched = diagram.frame[diagram.frame["note"].str.contains("repeated")]
    assert (stretched["size"].fillna(1) == 1).all() and (stretched["becomes"] > 1).all()
    assert ("no result" in diagram.description) == ("clash" in name or name in ("w @ x", "batched"))
