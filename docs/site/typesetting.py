"""Formulas as MathML, which browsers draw by themselves, and our captions as a page's Markdown."""

import re
from html import unescape

from latex2mathml.converter import convert

from mnistgrad.captions.glossary import ANCHOR
from mnistgrad.captions.words import COLOURS

INLINE = re.compile(r'<span class="arithmatex">\\\((.*?)\\\)</span>', re.DOTALL)
BLOCK = re.compile(r'<div class="arithmatex">\s*\\\[(.*?)\\\]\s*</div>', re.DOTALL)
COLOURED = re.compile(r":(\w+)\[(.*?)\]")
AXES = {colour: letter for letter, colour in COLOURS.items()}
WORDS = "reference/words.md"


def typeset(html: str) -> str:
    """The page with each formula, as arithmatex leaves it, in MathML."""
    html = BLOCK.sub(lambda found: convert(unescape(found[1]).strip(), display="block"), html)
    return INLINE.sub(lambda found: convert(unescape(found[1]).strip()), html)


def caption(text: str, words: str = WORDS) -> str:
    """A caption of the package, whose colours and explained words are Streamlit's, for a page. words: where those stand."""
    coloured = COLOURED.sub(lambda found: f'<span class="axis-{AXES.get(found[1], "k")}">{found[2]}</span>', text)
    return coloured.replace(f"({ANCHOR}", f"({words}{ANCHOR}")
