"""What is told of a link that asks for what there is not, and of a number that cannot be read."""

from collections.abc import Sequence

from mnistgrad.captions.words import listed
from mnistgrad.common import numbers
from mnistgrad.common.reading import literal

SHARE = {
    "copy": "Copy link",
    "copied": "Copied",
    "show": "QR code",
    "link": "The link",
    "select": "Your browser lets no page copy. The link is selected: copy it with Ctrl + C.",
    "long": "This link is too long for a code that could be scanned. Copy it instead.",
    "alone": "Others cannot open this address: on every computer it leads to that computer itself.",
    "close": "Close",
}
FEW = 6  # choices that are named


def out_of_range(key: str, given: str, low: int, high: int) -> str:
    return f"{_asked(key, given)}; {_range(low, high)}."


def no_number(key: str, given: str) -> str:
    return f"{_asked(key, given)}; a whole number is possible."


def read_as(key: str, given: str, number: int) -> str:
    return f"{_asked(key, given)}, which is read as {numbers.count(number)}."


def no_choice(key: str, given: str, choices: Sequence[str]) -> str:
    few = len(choices) <= FEW and not any("," in choice for choice in choices)
    possible = f"possible are {listed(choices)}" if few else f"that is none of its {len(choices)} choices"
    return f"{_asked(key, given)}; {possible}."


def too_long(key: str, given: str, longest: int) -> str:
    return f"{_asked(key, given)}; at most {longest} characters are possible, and these are {numbers.count(len(given))}."


def misread(key: str, given: str, example: str) -> str:
    return f"{_asked(key, given)}; {literal(example)} for instance is possible."


def unreadable(key: str, given: str) -> str:
    return f"{_asked(key, given)}; no result can be read there, it may have been cut or changed."


def repeated(key: str) -> str:
    return f"The link asked for {key} more than once; the last counts."


def instead(key: str, now: str) -> str:
    """now: what it is instead; "" where it is left to us."""
    return f"{key} is {now} instead." if now else f"{key} is left empty instead."


def unread(label: str, typed: str, low: int, high: int) -> str:
    """Of a number field."""
    return f"{label}: {literal(typed)} was not taken; {_range(low, high)}."


def _asked(key: str, given: str) -> str:
    return f"The link asked for {key} = {literal(given)}"


def _range(low: int, high: int) -> str:
    return (
        f"{numbers.count(low)} to {numbers.count(high)} is possible" if low < high else f"only {numbers.count(low)} is possible"
    )
