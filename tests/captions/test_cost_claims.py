"""What the cost page says, against the measurement it is said from."""

import re

import pytest
import torch
from loops import over
from measurements import MACHINE, made_up, made_up_seconds

from mnistgrad.captions import cost as says
from mnistgrad.common import numbers
from mnistgrad.cost.measurement import Measurement, MeasurementPlan, stored_measurement
from mnistgrad.network.gradients import FORMS

FOUND = {
    "stored": stored_measurement(),
    "small": made_up(MeasurementPlan(largest=100, budget=10**6)),
    "wide": made_up(MeasurementPlan(nh=100, budget=10**8)),
    "blind": made_up(MeasurementPlan(largest=1), memory=False),
}
each_found = over("found", FOUND.values())
each_n = over("n", [1, 2, 37, 1_000, 50_000])
UNITS = {"s": 1.0, "ms": 1e-3, "µs": 1e-6, "B": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9}
TOLD = r"([\d.,]+) (s|ms|µs|B|kB|MB|GB)\b"


def told(text: str, before: str) -> float:
    match = re.search(re.escape(before) + r"[ *]*" + TOLD, text)
    assert match, (before, text)
    return float(match[1].replace(",", "")) * UNITS[match[2]]


def every_text(found: Measurement, n: int, nh: int) -> list[str]:
    return [
        says.headline(found, n),
        says.lede(found, n),
        says.source(found, "own", nh),
        says.counts_sentence(),
        says.line_time_title(found, n),
        says.line_time_sentence(found),
        says.line_memory_title(found),
        says.line_memory_sentence(),
        says.pass_time_title(found, n),
        says.pass_time_sentence(found, n),
        says.pass_memory_title(found),
        says.pass_memory_sentence(found),
        says.how(found),
    ]


def slowed(factor: float) -> Measurement:
    """In which matmul takes `factor` times as long as the forward product."""
    return made_up(
        MeasurementPlan(largest=100),
        lambda method, n: made_up_seconds("forward", n) * (factor if method == "matmul" else 1),
    )


@over(
    ("factor", "headline"),
    [
        (0.5, "A gradient for every weight takes 0.50 times the forward product's time at 10 images"),
        (0.7, "A gradient for every weight costs about as much as the forward product"),
        (1.0, "A gradient for every weight costs about as much as the forward product"),
        (1.4, "A gradient for every weight costs about as much as the forward product"),
        (2.5, "A gradient for every weight takes 2.5 times the forward product's time at 10 images"),
    ],
)
def test_headline_follows_the_measured_ratio(factor: float, headline: str) -> None:
    assert says.headline(slowed(factor), 10) == headline


def test_headline_says_one_image() -> None:
    assert says.headline(slowed(3.0), 1).endswith("3.0 times the forward product's time at 1 image")


@each_found
@each_n
def test_lede_tells_the_costs(found: Measurement, n: int) -> None:
    text, at = says.lede(found, n), found.nearest(n)
    line, matmul = (found.at(method, at) for method in ("broadcast", "matmul"))
    told = [float(number.replace(",", "")) * UNITS[unit] for number, unit in re.findall(TOLD, text)]
    costs = [line.seconds.median, line.nbytes.median, matmul.seconds.median, matmul.nbytes.median]
    assert told == pytest.approx(costs, rel=0.05)
    assert text.count("(calculated)") == sum(cost.calculated for way in (line, matmul) for cost in (way.seconds, way.nbytes))


@each_found
@each_n
def test_count_that_was_measured_instead_is_told(found: Measurement, n: int) -> None:
    at = found.nearest(n)
    instead = f"(measured nearest to {n:,})"
    for text in (says.lede(found, n), says.pass_time_sentence(found, n)):
        assert f":orange[{at:,} image{'s' * (at > 1)}]" in text
        assert (instead in text) == (at != n)


@each_found
@each_n
def test_sentences_below_the_titles_tell_the_costs(found: Measurement, n: int) -> None:
    at = found.nearest(n)
    factor = re.search(r"([\d.,]+) times as long as by hand", says.pass_time_sentence(found, n))
    ratio = found.at("per image", at).seconds.median / found.at("manual", at).seconds.median
    assert factor and float(factor[1].replace(",", "")) == pytest.approx(ratio, rel=0.05)
    assert ("in blocks of 2,048" in says.pass_memory_sentence(found)) == (found.plan.largest > 2_048)


@each_found
def test_titles_tell_the_costs(found: Measurement) -> None:
    largest = found.plan.largest
    title = says.pass_time_title(found, largest)
    assert told(title, "by hand") == pytest.approx(found.at("manual", largest).seconds.median, rel=0.05)
    assert told(title, "autograd") == pytest.approx(found.at("autograd", largest).seconds.median, rel=0.05)
    for title, method in ((says.line_memory_title(found), "broadcast"), (says.pass_memory_title(found), "per image")):
        cost = found.at(method, largest)
        assert told(title, ":") == pytest.approx(cost.nbytes.median, rel=0.01)
        assert ("(calculated)" in title) == cost.nbytes.calculated


@each_found
def test_lesson_and_hollow_points_are_told_where_they_are_drawn(found: Measurement) -> None:
    text = says.line_time_sentence(found)
    assert ("lesson's" in text) == (found.plan.largest == 50_000)
    assert ("Hollow" in text) == any(cost.seconds.calculated for cost in found.line_of("broadcast"))


@over(("whose", "begins"), [("own", "Your measurement"), ("link", "A result from a link"), ("", "A stored measurement")])
def test_source_names_the_machine_and_other_units(whose: str, begins: str) -> None:
    text = says.source(FOUND["wide"], whose, 100)
    assert text == f"{begins}, up to 50,000 images: {MACHINE.date}, {MACHINE.processor}."
    assert "with **100 hidden units**, not 7." in says.source(FOUND["wide"], whose, 7)


def test_how_names_the_plan() -> None:
    text = says.how(FOUND["wide"])
    assert f"1 of 4 cores, torch {MACHINE.torch}, 100 hidden units, up to 50,000 images, nothing above 100 MB" in text


def test_how_tells_what_could_not_be_seen() -> None:
    assert "VmHWM" in says.how(FOUND["stored"]) and "calculated here" not in says.how(FOUND["stored"])
    assert "VmHWM" not in says.how(FOUND["blind"]) and "calculated here" in says.how(FOUND["blind"])
    assert "more than 1 MB:" in says.how(FOUND["small"])


def test_how_names_the_product_that_is_really_timed() -> None:
    code = re.search(r"computes its gradients as `(.+?)`", says.how(FOUND["stored"]))
    assert code
    inp, out = torch.randn(5, 3), torch.zeros(5, 2)
    out.g = torch.randn(5, 2)  # type: ignore[attr-defined]
    found = eval(code[1], dict(inp=inp, out=out))
    timed = FORMS["matmul"](inp, out.g)
    assert torch.equal(found, timed) and found.stride() == timed.stride()


@over(
    ("done", "last", "text"),
    [(0, None, says.STARTING), (3, ("einsum", 1, 1e-5), "3 of 66: einsum at 1 image, 10 µs"),
     (50, ("autograd", 5_000, 0.0135), "50 of 66: autograd at 5,000 images, 14 ms")],
)  # fmt: skip
def test_progress_tells_what_came_last(done: int, last: tuple[str, int, float] | None, text: str) -> None:
    assert says.progress(done, 66, last) == text


@each_found
@each_n
@over("nh", [2, 50])
def test_every_text_is_well_formed(found: Measurement, n: int, nh: int) -> None:
    for text in every_text(found, n, nh):
        assert not re.search(r"  |\.\. |,,|None|nan|\b1 (images|units|matrices)\b", text), text
        assert text.count("**") % 2 == 0 and text.count("`") % 2 == 0
        assert numbers.NO_BREAK not in text.replace(f"{numbers.NO_BREAK}×", "")


def test_products_sentence_says_where_it_was_measured_if_not_here() -> None:
    found = slowed(2.0)
    assert says.products_sentence(found, 10, 50).startswith(says.products_sentence(None, 10, 50)[:-1] + ": 30 µs")
    assert "30 µs beside 15 µs, measured. The line itself" in says.products_sentence(found, 10, 50)
    assert "30 µs beside 15 µs, measured at 10 images with 50 units. " in says.products_sentence(found, 12, 7)
    line = numbers.duration(found.at("broadcast", 10).seconds.median)
    assert says.products_sentence(found, 12, 7).endswith(f"before it adds them up: {line}.")
    assert "5,488 gradients" in says.products_sentence(None, 12, 7) and "measured" not in says.products_sentence(None, 12, 7)
