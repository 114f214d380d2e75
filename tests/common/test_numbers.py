"""Numbers as text, by examples written out."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from loops import over

from mnistgrad.common import numbers


def unbroken(text: str) -> str:
    """With spaces where no line may break."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


@over(
    ("arguments", "text"),
    [
        ((1_000,), "1,000"),
        ((0, "image"), "0 images"),
        ((1, "image"), "1 image"),
        ((50_000, "image"), "50,000 images"),
        ((1, "copy", "copies"), "1 copy"),
        ((2, "copy", "copies"), "2 copies"),
    ],
)
def test_count(arguments: tuple[int, str, str], text: str) -> None:
    assert numbers.count(*arguments) == text


def test_fixed_has_a_real_minus_sign() -> None:
    assert numbers.fixed(-1.5) == "\N{MINUS SIGN}1.50"
    assert numbers.fixed(-0.4245, 4) == "\N{MINUS SIGN}0.4245"


def test_fixed_shows_a_plus_only_where_asked() -> None:
    assert numbers.fixed(0.25) == "0.25"
    assert numbers.fixed(0.25, sign=True) == "+0.25"
    assert numbers.fixed(0, sign=True) == numbers.fixed(-0.0) == "0"


@over(
    ("number", "text"),
    [
        (0, "0"),
        (3.14159, "3.14"),
        (-31.4159, "\N{MINUS SIGN}31.4"),
        (1234.5, "1,234"),
        (-31_132.4, "\N{MINUS SIGN}31,132"),
        (0.00123, "0.00123"),
        (0.000123, "1.23 × 10⁻⁴"),
        (123_456, "1.23 × 10⁵"),
        (-2e-7, "\N{MINUS SIGN}2.00 × 10⁻⁷"),
    ],
)
def test_significant(number: float, text: str) -> None:
    assert numbers.significant(number) == unbroken(text)


@over(("number", "text"), [(1234.5, "1,234.5"), (9999.96, "10,000"), (12345.6, "12,346"), (0.25, "0.25000")])
def test_significant_to_five_digits(number: float, text: str) -> None:
    assert numbers.significant(number, 5) == text


@over(
    ("number", "digits", "text"),
    [
        (2e-7, 0, "2 × 10⁻⁷"),
        (-2e-7, 0, "\N{MINUS SIGN}2 × 10⁻⁷"),
        (1.25e10, 2, "1.25 × 10¹⁰"),
        (9.96e-3, 1, "1.0 × 10⁻²"),
        (0, 3, "0"),
    ],
)
def test_scientific(number: float, digits: int, text: str) -> None:
    assert numbers.scientific(number, digits) == unbroken(text)


@over(("exponent", "text"), [(-3, "10⁻³"), (0, "10⁰"), (12, "10¹²")])
def test_power_of_ten(exponent: int, text: str) -> None:
    assert numbers.power_of_ten(exponent) == text


@over(
    ("share", "text"),
    [(0, "0%"), (1, "100%"), (0.967, "96.7%"), (0.0012, "0.1%"), (0.5, "50.0%"), (0.0001, "< 0.1%"), (0.9999, "> 99.9%")],
)
def test_percent(share: float, text: str) -> None:
    assert numbers.percent(share) == text


@settings(derandomize=True)
@example(0.9995)
@example(0.0005)
@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_percent_is_never_a_false_0_or_100(share: float) -> None:
    assert numbers.percent(share) not in ("0%", "0.0%", "100%", "100.0%")


@over(
    ("number", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1 kB"),
        (1_500, "1.50 kB"),
        (156_800, "157 kB"),
        (156_800_000, "157 MB"),
        (15_680_000, "15.7 MB"),
        (7_840_000_000, "7.84 GB"),
        (40_000_000, "40 MB"),
        (500_000_000_000, "500 GB"),
        (4 * 10**12, "4 TB"),
        (999_600_000_000, "1 TB"),
        (123_456 * 10**9, "123 TB"),
        (4 * 10**15, "4 PB"),
        (4 * 10**18, "4,000 PB"),
    ],
)
def test_byte_count(number: int, text: str) -> None:
    assert numbers.byte_count(number) == text


UNITS = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "PB": 10**15}


@settings(derandomize=True, max_examples=300)
@example(999_499)
@example(999_500)
@example(999_500 * 10**9)
@given(st.integers(0, 62).flatmap(lambda power: st.integers(0, 2**power)))
def test_byte_count_reads_back_as_the_number_to_three_digits(number: int) -> None:
    value, unit = numbers.byte_count(number).split(" ")
    assert float(value.replace(",", "")) * UNITS[unit] == pytest.approx(number, rel=0.0051)
    digits = value.replace(".", "").replace(",", "")
    assert len(digits) <= 3 or unit == "PB"
    assert unit == "PB" or float(value) < 1_000
    assert "." in value or value == f"{int(value.replace(',', '')):,}"


@over(("number", "text"), [(999_999, "1 MB"), (6_377 * 156_800, "1 GB")])
def test_byte_count_never_says_a_thousand_of_a_unit(number: int, text: str) -> None:
    assert numbers.byte_count(number) == text


def test_a_shape_is_written_as_python_prints_it() -> None:
    assert numbers.shape((1000, 784)) == "(1000, 784)"
    assert numbers.shape((50,)) == "(50,)"
    assert numbers.shape(()) == "()"
