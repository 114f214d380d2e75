"""The page for the reader's own shapes, by Streamlit's own simulation."""

import pytest
from app.opening import diagrams, headline, opened, spoken

CARDS = ("alignment", "own-boxes", "own-numbers")


def open_shapes(**query):
    return opened("line", own="Your own shapes", **query)


def shown(app):
    """The words of each card that the page has."""
    found = {}
    for key in CARDS:
        try:
            block = app.get_by_key(f"card-{key}")
        except KeyError:
            continue
        found[key] = spoken((*block.subheader, *block.markdown))
    return found


def typed(app):
    return app.text_input(key="a").value, app.segmented_control(key="op").value, app.text_input(key="b").value


def torch_said(app):
    return [code.value for code in app.code]


def test_page_opens_with_the_line_that_it_is_about():
    app = open_shapes()
    assert headline(app) == "(1000, 784, 1) × (1000, 1, 50) gives (1000, 784, 50)"
    assert set(shown(app)) == {"alignment", "own-boxes"} and len(diagrams(app)) == 2
    assert app.pills(key="example").value == "the w.g line" and not app.warning and not torch_said(app)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        (dict(a="(7, 1)", op="+", b="[1,3]"), "(7, 1) + (1, 3) gives (7, 3)"),
        (dict(a="1000,1", op="-", b="1000"), "(1000, 1) − (1000,) gives (1000, 1000)"),
        (dict(a="2,3,4", op="@", b="4,5"), "(2, 3, 4) @ (4, 5) gives (2, 3, 5)"),
        (dict(a="3,4", op="einsum", b="3,2", eq="bi,bj->ji"), "(3, 4) and (3, 2) give (2, 4)"),
    ],
)
def test_link_opens_its_operation(query, title):
    app = open_shapes(**query)
    assert headline(app) == title and typed(app) == (query["a"], query["op"], query["b"])


def test_small_shapes_have_numbers():
    app = open_shapes(a="3, 4, 1", b="3, 1, 2")
    headline(app)
    assert set(shown(app)) == set(CARDS) and len(diagrams(app)) == 3


def test_more_axes_than_a_box_has_keep_the_alignment():
    app = open_shapes(a="2, 3, 4, 5, 6, 7", op="+", b="7")
    headline(app)
    assert set(shown(app)) == {"alignment"} and any("no boxes" in caption.value for caption in app.caption)


def test_clash_is_drawn_and_torch_is_quoted_beside_it():
    app = open_shapes(a="1000, 784", b="1000, 50")
    assert headline(app) == "(1000, 784) and (1000, 50) do not fit"
    assert "784 against 50; broadcasting needs equal sizes or a 1" in shown(app)["alignment"] and len(diagrams(app)) == 1
    assert torch_said(app) == ["The size of tensor a (784) must match the size of tensor b (50) at non-singleton dimension 1"]


@pytest.mark.parametrize(
    ("query", "rule", "torch"),
    [
        (dict(a="1000, x"), "size 2 of the first shape is `x`", ""),
        (dict(b=""), "size 1 of the second shape is missing", ""),
        (dict(a="1,1,1,1,1,1,1"), "at most 6 axes", ""),
        (dict(a="100000,100000,1000"), "too many numbers", ""),
        (dict(a="__import__('os')", b="1"), "size 1 of the first shape is `__import__('os')`", ""),
        (dict(op="einsum", a="3, 4", b="3, 5", eq="bi,bj->iq"), "`q`, which no operand has", "output subscript q"),
        (dict(op="einsum", a="3, 4", b="3, 5", eq="bi,bj"), "wants one arrow", ""),
        (dict(op="einsum", a="3, 4", b="3, 5", eq="bij,bj->ij"), "gives it 3 letters", "does not match the number of dimensions"),
    ],
)
def test_broken_rule_is_told_without_a_picture(query, rule, torch):
    app = open_shapes(**query)
    headline(app)
    (warning,) = app.warning
    assert rule in warning.value and not diagrams(app)
    said = torch_said(app)
    assert (torch in said[0]) if torch else not said


def test_operation_of_the_link_that_there_is_not_is_dropped():
    assert headline(open_shapes(op="sqrt")).startswith("(1000, 784, 1) ×")


def test_example_fills_the_fields():
    app = open_shapes(a="7", op="einsum", b="7", eq="i,i->")
    headline(app)
    assert app.pills(key="example").value is None
    app.pills(key="example").select("w.g by einsum").run()
    assert headline(app) == "(1000, 784) and (1000, 50) give (784, 50)"
    assert typed(app) == ("1000, 784", "einsum", "1000, 50") and app.text_input(key="eq").value == "ni,nj->ij"
    app.text_input(key="b").set_value("999, 50").run()
    assert headline(app) == "(1000, 784) and (999, 50) do not fit" and app.pills(key="example").value is None
