"""Both pages in many states, by Streamlit's own simulation: no browser, but the real script."""

import gc

import pytest
from app.opening import cards, diagrams, headline, opened

HEADLINES = {
    1: "With one image the learner is right: one row, times each pixel",
    10: "A weight gradient is not one row copied 784 times",
    1_000: "A weight gradient is not one row copied 784 times",
}
PRESETS = ("lesson-2019", "lesson-2022")


@pytest.mark.parametrize("n", [1, 10, 1_000])
@pytest.mark.parametrize(
    ("preset", "normalise"),
    [("lesson-2019", True), ("lesson-2019", False), ("lesson-2022", True), ("lesson-2022", False)],
)
def test_puzzle_opens_with_the_claim_that_is_true_there(n: int, preset: str, normalise: bool) -> None:
    raw = "A weight gradient is not 784 rows of zeros"
    app = opened(n=n, preset=preset, normalise=str(normalise).lower())
    assert app.toggle(key="normalise").value is normalise
    assert headline(app) == (raw if n > 1 and not normalise else HEADLINES[n])
    assert len(diagrams(app)) == 4 and len(app.get("vega_lite_chart")) == 1


@pytest.mark.parametrize(
    ("n", "claim"),
    [
        (1, "One image makes one table, and there is nothing to add up"),
        (10, "10 images make 10 tables, and w1.g is their sum"),
        (1_000, "1,000 images make 1,000 tables, and w1.g is their sum"),
    ],
)
@pytest.mark.parametrize("preset", PRESETS)
def test_steps_open_with_the_claim_that_is_true_there(n: int, claim: str, preset: str) -> None:
    app = opened("steps", n=n, preset=preset)
    assert headline(app) == claim
    assert len(diagrams(app)) == 4


@pytest.mark.parametrize("page", ["", "steps"])
def test_all_training_images_fit(page: str) -> None:
    app = opened(page, n=50_000)
    assert headline(app)
    assert any("50,000 images" in part.value for part in (*app.title, *app.markdown))


@pytest.mark.parametrize("page", ["", "steps"])
@pytest.mark.parametrize(
    "query",
    [dict(nh=2, n=1), dict(nh=2, n=1, seed=7), dict(nh=100, n=2), dict(nh=2, n=10, preset="lesson-2022")],
    ids=str,
)
def test_extreme_states_open(page: str, query: dict[str, object]) -> None:
    assert headline(opened(page, **query))


def test_state_without_a_gradient_says_so() -> None:
    app = opened(n=1, nh=2, seed=7)
    assert headline(app) == "Every hidden unit is off, so there is no gradient to see"
    assert "Every number is 0" in cards(app)["print"]


def test_every_number_on_the_puzzle_follows_the_sample_count() -> None:
    app = opened(n=10)
    before, shown = cards(app), diagrams(app)
    app.number_input(key="n").set_value(1).run()
    after = cards(app)
    assert headline(app) == HEADLINES[1]
    assert "the one image" in after["map"] and "10 images" in before["map"]
    assert all(one != other for one, other in zip(shown, diagrams(app), strict=True))


@pytest.mark.parametrize("first", [0, 26, 778])
def test_moved_rows_are_those_of_the_slider(first: int) -> None:
    app = opened(n=10)
    app.slider(key="first").set_value(first).run()
    assert any(f"print(w1.g[{first}:{first + 6}])" in svg for svg in diagrams(app))
    assert any(f"w1.g[{first + 5}, " in svg for svg in diagrams(app))


def test_chart_is_described_in_words_for_those_who_cannot_see_it() -> None:
    (chart,) = opened(n=10).get("vega_lite_chart")
    assert "Variance of each column of w1.g" in str(chart.proto)


def test_every_card_offers_its_files() -> None:
    labels = [button.label for button in opened(n=10).get("download_button")]
    assert labels.count("PNG") == labels.count("SVG") == labels.count("PDF") == labels.count("CSV") == 5
    assert labels.count("Vega-Lite") == labels.count("HTML") == 1


def test_pages_lead_to_each_other() -> None:
    pages = ("", "steps", "what-if", "shapes", "gradient", "samples", "cost", "training")
    assert [opened(page, n=10).get("page_link")[-1].proto.page for page in pages] == [*pages[1:], pages[0]]


def test_garbage_is_collected_again_once_a_page_has_opened() -> None:
    assert opened().title and gc.isenabled()
