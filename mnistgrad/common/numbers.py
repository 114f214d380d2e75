"""The one place where numbers become text."""

MINUS = "−"
NO_BREAK = "\u00a0"
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
BYTE_UNITS = ((10**15, "PB"), (10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
TIME_UNITS = ((1, "s"), (1e-3, "ms"), (1e-6, "µs"))


def count(number: int, noun: str = "", plural: str = "") -> str:
    """`count(1_000, "image")` is "1,000 images"."""
    if not noun:
        return f"{number:,}"
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def fixed(number: float, digits: int = 2, sign: bool = False) -> str:
    """A decimal with a real minus sign; `sign` shows the plus too. Exactly 0 is "0", what rounds to it "0.00"."""
    if number == 0:
        return "0"
    text = f"{number:{'+' if sign else ''}.{digits}f}"
    return (text if float(text) else text.lstrip("+-")).replace("-", MINUS)


def significant(number: float, digits: int = 3, sign: bool = False) -> str:
    """`digits` significant digits, as a decimal from 0.001 to 99,999 and as a power of ten beyond."""
    if number == 0:
        return "0"
    if 0.001 <= abs(number) < 10 ** (digits - 1):
        return f"{number:{'+' if sign else ''}#,.{digits}g}".removesuffix(".").replace("-", MINUS)
    exponent = int(f"{number:.{digits - 1}e}".split("e")[1])
    if not -3 <= exponent <= 4:
        return ("+" if sign and number > 0 else "") + scientific(number, digits - 1)
    return f"{number:{'+' if sign else ''},.{max(digits - 1 - exponent, 0)}f}".replace("-", MINUS)


def rounded(number: float, digits: int = 6) -> float:
    """To so many significant digits, for data that is drawn: more are not seen, and are most of its bytes."""
    return float(f"{number:.{digits}g}")


def scientific(number: float, digits: int = 0) -> str:
    """`scientific(2e-7)` is "2 × 10⁻⁷", with spaces that do not break."""
    if number == 0:
        return "0"
    mantissa, exponent = f"{number:.{digits}e}".split("e")
    return f"{mantissa}{NO_BREAK}×{NO_BREAK}{power_of_ten(int(exponent))}".replace("-", MINUS)


def power_of_ten(exponent: int) -> str:
    """`power_of_ten(-3)` is "10⁻³"."""
    return "10" + str(exponent).translate(SUPERSCRIPTS)


def percent(share: float) -> str:
    """A share of 1, never rounded up to a false 100% nor down to a false 0%."""
    if share in (0, 1):
        return f"{share:.0%}"
    if share >= 0.9995:
        return "> 99.9%"
    if share < 0.0005:
        return "< 0.1%"
    return f"{share:.1%}"


def byte_count(number: int) -> str:
    """`byte_count(7_840_000_000)` is "7.84 GB": decimal units, three significant digits."""
    for size, unit in BYTE_UNITS:
        if number >= 0.9995 * size:
            value = number / size
            digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
            return f"{value:,.{digits}f}".removesuffix(".0").removesuffix(".00") + f" {unit}"
    return f"{number} B"


def duration(seconds: float) -> str:
    """`duration(0.14)` is "140 ms": two significant digits, in seconds, milliseconds or microseconds."""
    size, unit = next(((size, unit) for size, unit in TIME_UNITS if seconds >= 0.995 * size), TIME_UNITS[-1])
    value = seconds / size
    return f"{value:.1f} {unit}" if value < 9.95 else f"{float(f'{value:.2g}'):,.0f} {unit}"


def shape(sizes: tuple[int, ...]) -> str:
    """As Python prints it: (1000, 784), (50,)."""
    return str(tuple(sizes))


def unit_words(power: int) -> str:
    """In what the numbers of a table are counted: `unit_words(-3)` is "in thousandths"."""
    known = {0: "in whole units", -3: "in thousandths", -6: "in millionths", 3: "in thousands"}
    return known.get(power, f"times {power_of_ten(power)}")
