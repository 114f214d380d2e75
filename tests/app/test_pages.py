"""Pages in many states, by Streamlit's own simulation: no browser, but the real script."""

import gc

import pytest
from app.opening import headline, opened, players

PRESETS = ("lesson-2019", "lesson-2022")


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
    assert len(players(app)["lesson"][0]["frames"]) == 4


def test_all_training_images_fit() -> None:
    app = opened("steps", n=50_000)
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


def test_chart_is_described_in_words_for_those_who_cannot_see_it() -> None:
    variance, curves = opened(n=10).get("vega_lite_chart")
    assert "Variance of each column of w1.g" in str(variance.proto) and "accuracy" in str(curves.proto).lower()


def test_pages_lead_to_each_other() -> None:
    pages = ("", "steps", "line", "gradient", "cost", "training")
    ways = [[link.proto.page for link in opened(page, n=10).get("page_link")] for page in pages]
    assert [links[-1] for links in ways[1:]] == [*pages[2:], ""]
    assert set(pages[1:]) <= set(ways[0])


def test_garbage_is_collected_again_once_a_page_has_opened() -> None:
    assert opened().title and gc.isenabled()
