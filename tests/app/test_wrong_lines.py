"""The page of wrong lines, in Streamlit's own simulation: every line, the link, and the states where the fault hides."""

import pytest
from app.opening import diagrams, headline, opened, spoken
from streamlit.testing.v1 import AppTest

from mnistgrad.lines.wrong_lines import WRONG_LINES

NAMES = list(WRONG_LINES)


def guessed(name: str, **query: object) -> AppTest:
    """The page of a wrong line, once somebody guessed what it does."""
    return opened("line", line=name, guess="torch raises", **query)


def words(app: AppTest) -> str:
    return spoken((*app.header, *app.markdown))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("n", [1, 50, 1_000])
def test_link_opens_its_line(name: str, n: int) -> None:
    app = guessed(name, n=n)
    assert headline(app).lower().startswith(f"{name.lower()}: ")
    assert len(diagrams(app)) >= 2


@pytest.mark.parametrize("line", ["none of these", "", "__import__('os')"])
def test_line_that_there_is_not_falls_back(line: str) -> None:
    app = opened("line", n=3, line=line)
    assert headline(app).startswith(f"{NAMES[0].capitalize()}: ")


def test_line_is_kept_where_n_changes() -> None:
    app = guessed("unsqueeze(0) for unsqueeze(1)", n=3)
    assert "torch stops the pass" in headline(app)
    app.number_input(key="n").set_value(1).run()
    assert headline(app) == "unsqueeze(0) for unsqueeze(1): here it makes no difference"


def test_message_of_torch_stands_there_word_for_word() -> None:
    text = words(guessed("without unsqueeze(-1)", n=1_000))
    assert "RuntimeError: The size of tensor a (784) must match the size of tensor b (50) at non-singleton dimension 2" in text


def test_784_images_show_the_accident() -> None:
    app = guessed("without unsqueeze(1)", n=784, nh=3)
    assert headline(app) and "It runs by accident only: :blue[784 pixels] meet :orange[784 images]" in words(app)


def test_error_that_comes_later_has_its_own_card() -> None:
    stops = [app for n in (1, 3) if "card-stop" in (app := cards_of(n, "mse_grad without squeeze"))]
    assert len(stops) == 1 and "What follows, in lin_grad(l2, out, w2, b2)" in stops[0]["card-stop"]
    assert "card-stop" not in cards_of(3, "without unsqueeze(-1)")


def cards_of(n: int, line: str) -> dict[str, str]:
    app = guessed(line, n=n)
    assert headline(app)
    found = {}
    for key in ("card-line", "card-call-0", "card-call-1", "card-stop", "card-pairs", "card-pass"):
        try:
            block = app.get_by_key(key)
        except KeyError:
            continue
        found[key] = spoken((*block.header, *block.markdown))
    return found


def test_pairs_are_drawn_for_the_loss_and_its_gradient_alone() -> None:
    with_pairs = {name for name in NAMES if "card-pairs" in cards_of(3, name)}
    assert with_pairs == {"mse without squeeze", "mse_grad without squeeze", "mse_grad without squeeze and unsqueeze"}


@pytest.mark.parametrize("query", [dict(n=1, nh=2, seed=7), dict(n=2, nh=2, preset="lesson-2022"), dict(n=50_000)], ids=str)
def test_extreme_states_open(query: dict[str, object]) -> None:
    for name in ("sum(1) for sum(0)", "mse without squeeze"):
        assert headline(guessed(name, **query))
