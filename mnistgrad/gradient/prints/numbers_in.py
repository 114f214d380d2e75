"""The pieces of a print: brackets, numbers and dots. Nothing of it is run."""

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from mnistgrad.common.reading import code
from mnistgrad.gradient.prints.rules import unreadable

UNSEEN = str.maketrans({"\ufeff": "", "\u200b": "", "\u00a0": " ", "\u202f": " ", "\t": " ", "−": "-", "…": "..."})
COLOURED = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")  # a terminal's
LINE_END = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
TYPED = re.compile(r"^[ ]*(?:>>>|In ?\[[ \d*]*\]:|\.\.\.:|\.\.\. (?=[^ ,.\d-])).*$", re.MULTILINE)  # not printed
ANSWER = re.compile(r"^[ ]*Out ?\[[ \d]*\]:", re.MULTILINE)
SUFFIX = re.compile(r",\s*(?:dtype|device|grad_fn|requires_grad|layout|size)=(?:<[^<>]*>|'[^']*'|\([^()]*\)|[\w.]+)")
# A number that may lack its sign or digits.
CUT_FRONT, CUT_END = re.compile(r"^[^\s,\[\]]+"), re.compile(r"(?<![^\s,\[\]])[^\s,\[\]]+$")
PIECE = re.compile(
    r"(?P<number>(?<![\w.])[-+]?(?:(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?|nan|inf)(?![\w.]))"
    r"|(?P<dots>\.\.\.)"
    r"|(?P<index>(?<=[\w\])])\[[^\[\]\n]*\])"  # of `w1.g[405:411]`, which is no print
    r"|(?P<bracket>[\[\]])"
    r"|(?P<word>[^\W\d][\w.]*)"
    r"|(?P<line>\n[ ]*)"
    r"|(?P<other>[^\s])"
)
AROUND = {"tensor", "array", "Parameter", "containing", "np.float32", "np.float64"}  # a number or a row, inside of a list
LONGEST_NUMBER, LARGEST_POWER = 40, 300  # characters, and of ten: float64 reaches 308
HARMLESS = ",()"
STEPS = {"[": 1, "]": -1}
KINDS = {"[": "open", "]": "close", ",": "comma"}


class Number(NamedTuple):
    """As it stands, and its value. decimals: digits after the point; power: of ten, in scientific notation."""

    text: str
    value: float
    decimals: int
    power: int | None


@dataclass(frozen=True)
class Piece:
    """kind: "number", "dots", "open", "close", "comma", "line", or "else" outside of brackets. indent: of a line."""

    kind: str
    number: Number | None = None
    indent: int = 0


def pieces_of(text: str) -> tuple[list[Piece], int]:
    """In their order, without what was typed at a prompt; and how many brackets the print has lost before them.

    Raises UnreadPrint for words and signs between the numbers.
    """
    plain = LINE_END.sub("\n", COLOURED.sub("", text)).translate(UNSEEN)
    plain = SUFFIX.sub("", ANSWER.sub("", TYPED.sub("", plain))).strip()
    lost, left_open = _unmatched(plain)
    plain = CUT_FRONT.sub("", plain) if lost else plain
    plain = CUT_END.sub("", plain) if left_open else plain
    depth = lost
    for match in (found := list(PIECE.finditer(plain))):
        depth += STEPS.get(match[0], 0)
        stray = match.lastgroup in ("word", "other") and match[0] not in AROUND and match[0] not in HARMLESS
        if stray and depth > 0:
            unreadable(f"Between the numbers stands {code(match[0])}; only numbers, commas, brackets and dots are read.")
    return [_piece(match) for match in found], lost


def _unmatched(text: str) -> tuple[int, int]:
    """How many brackets of prints close without having opened, and how many open and do not close."""
    depths = list(accumulate((STEPS.get(match[0], 0) for match in PIECE.finditer(text)), initial=0))
    lost = -min(depths)
    return lost, depths[-1] + lost


def _piece(match: re.Match[str]) -> Piece:
    text = match[0]
    if match.lastgroup == "number":
        return Piece("number", _number(text))
    if match.lastgroup == "line":
        return Piece("line", indent=len(text) - 1)
    return Piece("dots" if match.lastgroup == "dots" else KINDS.get(text, "else"))


def _number(text: str) -> Number:
    mantissa, _, power = text.lower().partition("e")
    _, _, after = mantissa.partition(".")
    if len(text) > LONGEST_NUMBER or (power and abs(int(power)) > LARGEST_POWER):
        unreadable(f"{code(text)} is longer, or larger, than any number that is printed.")
    return Number(text, float(text), len(after), int(power) if power else None)
