"""A measurement in a link: it comes back as it went, and what is damaged, made up or no plain text is refused."""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from mnistgrad.cost.carried import LONGEST, carried, uncarried
from mnistgrad.cost.measurement import Machine, stored_measurement

STORED = stored_measurement()
TEXT = carried(STORED)


def content() -> list[Any]:
    return json.loads(zlib.decompress(urlsafe_b64decode(TEXT + "=" * (-len(TEXT) % 4))))


def packed(value: Any) -> str:
    return urlsafe_b64encode(zlib.compress(json.dumps(value).encode())).decode().rstrip("=")


def test_it_comes_back_to_four_digits_and_fits_a_link() -> None:
    back = uncarried(TEXT)
    assert len(TEXT) < 2_500 and (back.plan, back.machine) == (STORED.plan, STORED.machine)
    for came, went in zip(back.costs, STORED.costs, strict=True):
        assert (came.method, came.n, came.seconds.runs) == (went.method, went.n, went.seconds.runs)
        assert came.seconds.median == pytest.approx(went.seconds.median, rel=1e-3)
        assert came.nbytes.median == pytest.approx(went.nbytes.median, abs=0.5) and came.seconds.low <= came.seconds.high


def test_name_of_a_processor_is_plain_when_it_comes_back() -> None:
    odd = replace(STORED.machine, processor="Intel(R) Core(TM) *i7* `x` [a](www.b) <b> @ 2.3GHz")
    assert uncarried(carried(replace(STORED, machine=odd))).machine.processor == "Intel(R) Core(TM) i7 x a ( b) b 2.3GHz"


def test_what_is_no_measurement_is_refused() -> None:
    head, *rows = content()
    made_up = [
        *([[*head[:3], name, *head[4:]], *rows] for name in ("**x**", "www.a.b", "a/b", "a:b", "`", 7, "x" * 61)),
        *([[*head[:6], version, head[7]], *rows] for version in ("2.1<b>", "", None)),
        [[*head[:7], "yesterday"], *rows],
        [[3, *head[1:]], *rows],
        [[*head[:2], 10**9, *head[3:]], *rows],
        [[*head[:4], -1, *head[5:]], *rows],
        [head, *rows[:-1]],
        [head, *rows, rows[0]],
        *([head, row, *rows[1:]] for row in ([], [1] * 7, [0] * 8, [3, 2, 1, 9] * 2, [1, 1, 1e9, 9] * 2, ["1"] * 8, [True] * 8)),
        *([head, [1, 1, 1, runs, *rows[0][4:]], *rows[1:]] for runs in (-1, 1, 2.5, 10**6)),
        *([], {}, None, 7, "x", [[]], [head]),
    ]
    for value in made_up:
        with pytest.raises(ValueError):
            uncarried(packed(value))
    for text in ("", "x", TEXT[:-9], TEXT[9:], "é" * 40, packed("x" * 10**6), "A" * (LONGEST + 1), "[" * 900, packed([]) + "!"):
        with pytest.raises(ValueError):
            uncarried(text)


@settings(max_examples=60)
@given(some.integers(0, len(TEXT) - 1), some.sampled_from("AZaz09-_. é"))
def test_a_changed_letter_is_noticed_or_changes_nothing(place: int, letter: str) -> None:
    changed = TEXT[:place] + letter + TEXT[place + 1 :]
    try:
        found = uncarried(changed)
    except ValueError:
        return
    assert found == uncarried(TEXT)


def test_every_machine_of_this_kind_is_carried() -> None:
    for machine in (Machine("", 1, 1, "2.4.0", "2024-01-01"), Machine("AMD", 4096, 64, "2.9.1+cu130", "2026-12-31")):
        assert uncarried(carried(replace(STORED, machine=machine))).machine == machine


def test_brackets_without_an_end_are_no_measurement() -> None:
    """Deeper than Python's own stack, and short when packed."""
    packed = zlib.compress(b"[" * 60_000, 9)
    with pytest.raises(ValueError, match="is no measurement"):
        uncarried(urlsafe_b64encode(packed).decode())
