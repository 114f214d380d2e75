"""No text of a link or a field is ever markup: wherever it is told, it stands as code, or is one plain word."""

import re
from dataclasses import replace

from app.opening import opened
from hypothesis import example, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from mnistgrad.app.control_kinds import Choice, Several, Text
from mnistgrad.app.controls import CONTROLS, N
from mnistgrad.captions import build_up, link
from mnistgrad.lines.explaining import explained
from mnistgrad.lines.rules import BrokenRule
from mnistgrad.lines.typed_shapes import parse_shapes

MARKER = "qz"
MARKUP = (
    "![qz](//qz)",
    "[qz](//qz)",
    "<b>qz",
    ":red[qz]",
    "$qz$",
    "`qz`",
    ":qz:",
    ":material/qz:",
    "www.qz.de",
    "**qz**",
    "# qz",
    "\n\n- qz",
    "|qz|",
    "\\`qz",
    "``qz",
    "-> qz --",
)
MESSAGES = ("toast", "caption", "markdown", "warning", "info", "error", "title", "header", "subheader")
marked = st.builds(lambda before, text, after: before + text + after, st.text(max_size=3), st.sampled_from(MARKUP), st.text())


def rendered(markdown: str) -> str:
    """What is left of it once its code is taken out."""
    return re.sub(r"`[^`\n]*`", "", markdown)


@given(marked)
def test_no_notice_about_a_link_holds_markup_of_it(text: str) -> None:
    for control in CONTROLS:
        given_twice = (text, "1") if isinstance(control, Several) else ("1", text)
        whole = replace(control, depends=False)
        if isinstance(whole, Choice) and not whole.options:
            whole = replace(whole, options=("x",))
        whys = [found.why for given in ((text,), given_twice) if (found := whole.mended(given))]
        assert whys or isinstance(control, Text)
        assert not [why for why in whys if MARKER in rendered(why)]


@given(marked)
def test_no_answer_to_what_is_typed_holds_markup_of_it(text: str) -> None:
    told = [link.unread(N.label, text, 1, 5), build_up.unread_note([text, text], 10)]
    for read in (lambda: parse_shapes(text), lambda: parse_shapes(f"a: {text}"), lambda: explained(f"y = a + {text}", "a: 3")):
        try:
            read()
        except BrokenRule as broken:
            told.append(str(broken))
    assert len(told) > 3 and not [why for why in told if MARKER in rendered(why)]


def messages(app: AppTest) -> list[str]:
    return [part.value for kind in MESSAGES for part in app.get(kind)]


@settings(max_examples=4)
@given(st.lists(marked, min_size=3, max_size=3))
@example(["![qz](//qz)", "`![qz](//qz)`", ":material/qz:"])
def test_no_page_renders_text_of_its_link(texts: list[str]) -> None:
    first, second, other = texts
    pages = {
        "shapes": dict(a=first, b=second, op="einsum", eq=other),
        "line": dict(lines=f"torch.einsum({other!r}, a)", shapes=f"a: {first}" if MARKER in second[:1] else "a: 3, 4"),
        "what-if": dict(own="Your own shapes", a="3", op=f"* {second} *", b=other),
        "gradient": dict(off=f"{first}, {second}", labels=other, n=4),
    }
    for page, query in pages.items():
        app = opened(page, nh=4, **query, **dict.fromkeys(("step", "seed", "preset"), other))
        assert not app.exception and any(MARKER in text for text in messages(app))
        assert not [text for text in messages(app) if MARKER in rendered(text)]
