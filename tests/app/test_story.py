"""The story in many states, by Streamlit's own simulation. What its players do with what they are sent is tested apart."""

import numpy as np
import pytest
from app.opening import cards, headline, opened, players, settled

CLAIMS = {
    (1, True): "One image: every row is one vector, times its pixel",
    (1, False): "One image: every row is one vector, times its pixel",
    (1_000, True): "A weight gradient is not one row copied 784 times",
    (1_000, False): "A weight gradient is not 784 rows of zeros",
}


@pytest.mark.parametrize(("n", "normalise"), CLAIMS)
@pytest.mark.parametrize("preset", ["lesson-2019", "lesson-2022"])
def test_story_opens_with_the_claim_that_is_true_there(n: int, normalise: bool, preset: str) -> None:
    app = opened(n=n, preset=preset, normalise=str(normalise).lower())
    assert headline(app) == CLAIMS[n, normalise]
    shown = cards(app)
    assert ("Without normalisation black is 0" in shown["print"]) is not normalise
    assert "no column varies (exactly 0)" in shown["variance"]
    (print_header, _), (moving, arrays), (steps, _) = players(app).values()
    assert moving["n"] == n and moving["sent"] == min(n, 100) and ("whole" in arrays) is (n > 100)
    black = "0: black is 0, all three" if not normalise else "× [b1.g](#term-b1.g) so far, all three"
    assert moving["words"]["corner"][2].endswith(black)
    assert print_header["printed"] == [0, 1, 2, 781, 782, 783] and len(steps["frames"]) == 4
    said = (moving["words"]["say"]["one"], moving_words(moving))
    assert ("[rank](#term-rank) 1" in said[0]) and not any("copied" in sentence for sentence in said)


def moving_words(header: dict) -> str:
    return " ".join(header["words"]["say"].values())


def test_state_without_a_gradient_says_so() -> None:
    app = opened(n=1, nh=2, seed=7)
    assert headline(app) == "Every hidden unit is off, so there is no gradient to see"
    assert "No unit is on, so every number is 0." in cards(app)["print"]
    assert "No unit is on" in moving_words(players(app)["moving_picture"][0])


def test_steps_are_the_four_operations_of_the_line_and_mark_their_part_of_it() -> None:
    lesson = players(opened(n=7, nh=4))["lesson"][0]
    frames = lesson["frames"]
    line = "w.g = (inp.unsqueeze(-1) * out.g.unsqueeze(1)).sum(0)"
    assert lesson["sources"] == [[[0, line]]]
    marked = [line[start:end] for ((_, start, end),) in (frame["marked"] for frame in frames)]
    assert marked == [frame["code"] for frame in frames] and marked[2] == "inp.unsqueeze(-1) * out.g.unsqueeze(1)"
    assert "7 images × 784 pixels" in frames[0]["says"] and "where the 4 units will go" in frames[0]["says"]
    assert "7 images × 4 gradients" in frames[1]["says"] and "where the 784 pixels will go" in frames[1]["says"]
    assert "7 tables" in frames[2]["says"] and "784 × 4" in frames[3]["says"]
    assert all(frame["picture"]["svg"].startswith("<svg") for frame in frames)


def test_everything_follows_the_sample_count_and_only_that_is_sent_anew() -> None:
    app = opened(n=10)
    before = players(app)
    again = players(app.run())
    assert all(np.array_equal(before[name][1].get("rows", 0), again[name][1].get("rows", 0)) for name in before)
    app.number_input(key="n").set_value(1).run()
    after = players(app)
    assert headline(app) == CLAIMS[1, True]
    assert not np.array_equal(before["print_and_map"][1]["rows"], after["print_and_map"][1]["rows"])
    assert not np.array_equal(before["moving_picture"][1]["out_g"][:50], after["moving_picture"][1]["out_g"])


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (dict(n=50, added=51), "added = 51; 1 to 50 is possible. added is 1 instead."),
        (dict(n=50, added="x"), "The link asked for added = x"),
        (dict(nh=8, column=8), "column = 8; 0 to 7 is possible. column is left empty instead."),
        (dict(first=779), "first = 779; 0 to 778 is possible. first is 405 instead."),
    ],
    ids=str,
)
def test_where_a_player_is_asked_to_be_is_put_right_and_told(query: dict[str, object], told: str) -> None:
    app = opened(**query)
    assert headline(app) and [toast.value for toast in app.toast if told in toast.value]
    assert not {"added", "column", "first"} & set(app.query_params)


def test_each_card_offers_its_files_once_its_menu_is_open() -> None:
    app = opened(n=10, first=26, added=3, column=4)
    below = ["Script", "Notebook"]
    assert [button.label for button in app.get("download_button")] == below
    files = {}
    for card in cards(app):
        app.session_state[f"export-{card}"] = True
        app.run()
        files[card] = [button.label for button in app.get("download_button") if button.label not in below]
        app.session_state[f"export-{card}"] = False
    assert not app.exception
    kinds = ["PNG", "SVG", "PDF", "CSV", "HTML"]
    of_chart = [*kinds[:-1], "Vega-Lite", "HTML"]
    assert files == {
        "print": kinds * 3,
        "moving": kinds,
        "steps": kinds * 4,
        "variance": of_chart,
        "two-products": kinds,
        "five-curves": of_chart,
    }


def test_check_of_every_gradient_is_told() -> None:
    app = settled(opened(n=10, nh=4))
    assert [part.value for part in app.caption if part.value.startswith("Checked: every gradient is ")]
