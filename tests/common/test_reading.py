"""What people type, read as they mean it, and shown as they wrote it."""

from hypothesis import example, given
from hypothesis import strategies as st
from loops import over

from mnistgrad.common.reading import code, literal, whole_number_in


@given(st.integers(0, 10**7))
def test_every_way_to_write_thousands_is_read(number: int) -> None:
    for mark in ",._ '’\u00a0\u202f":
        assert whole_number_in(f" {number:,} ".replace(",", mark)) == number


@over(
    ("text", "number"),
    [
        ("1e3", 1000),
        ("1.5e3", 1500),
        ("2E+2", 200),
        ("5k", 5000),
        ("2.5k", 2500),
        ("10.0", 10),
        ("007", 7),
        ("+7", 7),
        ("-1", -1),
        ("−3", -3),
        ("10.000", 10000),
        ("1.000.000", 1000000),
    ],
)
def test_number_is_read_as_it_is_meant(text: str, number: int) -> None:
    assert whole_number_in(text) == number


@over(
    "text",
    ["", "2.5", "0.500", "10,00", "1,000.000", "1e-3", "inf", "nan", "1e400", "9" * 400, "x", "5 m", "٣", "1,", ",5", "0x10"],
)
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    assert whole_number_in(text) is None


@given(st.text(st.characters()))
@example("0" * 19 + " 0")
def test_text_of_a_reader_is_one_plain_word_or_code_that_nothing_ends(text: str) -> None:
    shown, as_code = literal(text), code(text)
    assert (shown.removeprefix("-").isascii() and shown.removeprefix("-").isalnum()) or shown == as_code
    assert as_code[0] == as_code[-1] == "`" and "`" not in as_code[1:-1] and as_code.isprintable()
    assert len(as_code) <= 22


def test_short_text_is_shown_as_it_stands() -> None:
    assert literal("w.t()") == "`w.t()`" and literal("60000") == "60000" and literal("  ") == "nothing"
    assert code("a\n`b`") == "`a 'b'`" and code("x" * 30) == f"`{'x' * 20}`"
