"""What people write, read as they mean it, and shown as they wrote it."""

import re
from decimal import Decimal

LONGEST = 20  # characters of a number, and of what is shown of a text
GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([,.'’_\s])[0-9]{3})(?:\1[0-9]{3})*")
DECIMAL = re.compile(r"([0-9]+(?:\.[0-9]+)?(?:[eE]\+?[0-9]{1,2})?)([kK]?)")
PLAIN = re.compile(r"-?[0-9A-Za-z]+")  # has no meaning in Markdown


def whole_number_in(text: str) -> int | None:
    """`whole_number_in("10,000")` is 10000, and so are "10.000", "10 000", "1e4", "10k" and "10000.0"; None for any other text.

    What stands before groups of three digits is thousands, as no fraction is meant where a whole number is wanted.
    """
    inside = text.strip()
    sign, inside = (-1, inside[1:]) if inside[:1] in ("-", "−") else (1, inside.removeprefix("+"))
    if len(inside) > LONGEST:
        return None
    if GROUPED.fullmatch(inside):
        return sign * int(re.sub(r"[^0-9]", "", inside))
    if not (found := DECIMAL.fullmatch(inside)):
        return None
    value = Decimal(found[1]) * (1_000 if found[2] else 1)
    return sign * int(value) if value == value.to_integral_value() else None


def literal(text: str, most: int = LONGEST) -> str:
    """A text of a reader for Markdown, in which none of it is markup: the first `most` characters, as they stand or as code."""
    return shown if PLAIN.fullmatch(shown := _short(text, most)) else code(shown, most) if shown else "nothing"


def code(text: str, most: int = LONGEST) -> str:
    """The same as code, whatever it is; a backtick, which would end it, becomes an apostrophe."""
    inside = _short(text, most).replace("`", "'")
    return f"`{inside}`"


def _short(text: str, most: int) -> str:
    """In one line, without what cannot be seen."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text[: 2 * most]).split())[:most].strip()
