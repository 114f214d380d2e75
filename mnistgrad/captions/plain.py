"""Captions without their Markdown, for files and for whatever else shows text as it stands."""

import re

_MARKS = re.compile(
    r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)"
    r"|:[a-z-]+\[(?P<coloured>(?:[^\[\]]|\[[^\[\]]*\])*)\]"
    r"|\[(?P<linked>[^\[\]]*)\]\([^)]*\)"
    r"|\\(?P<escaped>.)"
    r"|\*\*",
    re.DOTALL,
)


def plain(text: str) -> str:
    """The words of a caption's Markdown: `plain(":blue[**i**], `w1.g`")` is "i, w1.g"."""

    def words(found: re.Match[str]) -> str:
        return found["code"] or found["escaped"] or _MARKS.sub(words, found["coloured"] or found["linked"] or "")

    return " ".join(_MARKS.sub(words, text).split())
