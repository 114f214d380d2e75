"""The cards of a page as data, against the page that draws them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from app.opening import diagrams, opened, sentences, settled, spoken

from mnistgrad.app.cards.card import about
from mnistgrad.app.cards.cost import measured
from mnistgrad.app.cards.pages import cards_of
from mnistgrad.app.controls import State
from mnistgrad.captions.glossary import explained
from mnistgrad.cost.measurement import MeasurementPlan, stored_measurement
from mnistgrad.lines.examples import WRITTEN_WRONGLY
from mnistgrad.lines.rules import BrokenRule
from mnistgrad.pictures.diagrams.svg import Diagram
from mnistgrad.pictures.export import export

Query = Mapping[str, Sequence[str]]
WRONG = next(iter(WRITTEN_WRONGLY.values()))
LINKS: Sequence[tuple[str, Query]] = [  # with values that are out of range, and ones that are written otherwise
    ("story", {"n": ["3"], "preset": ["lesson-2022"], "seed": ["900000000000"]}),
    ("steps", {"n": ["7"], "form": ["einsum"], "scope": ["w2.g"], "step": ["99"], "image1": ["7"]}),
    ("line", {"lines": ["y = a.sum(0)"], "shapes": ["a: 3, 4"]}),
    ("line", {"lines": [WRONG.lines], "shapes": [WRONG.shapes], "n": ["5"], "guess": ["wrong shape"]}),
    ("gradient", {"n": ["12"], "layer": ["w2.g"], "row": ["50"], "order": ["unit"]}),
    ("gradient", {"n": ["12"], "variance": ["rows"], "row": ["3"]}),
    ("gradient", {"n": ["12"], "variance": ["over images"], "layer": ["w2.g"], "row": ["3"]}),
    ("gradient", {"n": ["1"], "view": ["units"], "nh": ["7"], "column": ["7"], "scale": ["Shared scale"]}),
    ("gradient", {"n": ["9"], "view": ["One outer product"], "labels": ["4", "4", "1"], "off": ["2, x"], "added": ["2"]}),
    ("gradient", {"n": ["9"], "view": ["One outer product"], "labels": [""]}),
    ("gradient", {"n": ["9"], "view": ["One weight"], "layer": ["w2.g"], "row": ["49"], "seed": ["3"]}),
    ("gradient", {"n": ["40"], "view": ["How many images"], "compare": ["1"], "nh": ["2"]}),
    ("cost", {"n": ["10"], "nh": ["3"]}),
    ("training", {"network": ["mse"], "rate": ["0.02"], "tiles": ["the weights themselves"]}),
]
BEHIND_MORE = {"singular-values", "leading-vectors", "running-sum", "signal-to-noise"}  # drawn once it is opened


def test_the_cards_of_a_link_are_those_that_its_page_draws() -> None:
    for page, query in LINKS:
        app = settled(opened("" if page == "story" else page, **query))
        assert not app.exception and not app.error, (page, query)
        drawn, said = diagrams(app), spoken([*app.markdown, *sentences(app)])
        shown = [card for card in cards_of(page, query, "light") if card.key not in BEHIND_MORE]
        assert {card.title for card in shown} == {head.value for head in app.header}, (page, query)
        for card in shown:
            assert app.get_by_key(f"card-{card.key}"), (page, query, card.key)
            assert spoken([explained(card.sentence)]) in said, (page, query, card.key)
            for name, picture in card.pictures().items():
                if isinstance(picture, Diagram) and not name and card.key != "lesson":
                    assert picture.svg in drawn, (page, query, card.key)


def pictures_of(page: str, query: Query, key: str, theme: str = "light") -> list[str]:
    (card,) = [card for card in cards_of(page, query, theme) if card.key == key]
    return [picture.name for picture in card.pictures().values()]


def test_what_players_keep_in_the_link_is_read_from_it() -> None:
    there, nowhere = {"n": ["3"], "column": ["7"], "added": ["2"], "first": ["5"]}, {"n": ["3"], "added": ["4"], "first": ["779"]}
    assert pictures_of("story", there, "moving") == ["build-up-w1-unit-7-2-images"]
    assert pictures_of("story", there, "print")[1] == "print-rows-5-10"
    assert pictures_of("story", nowhere, "moving")[0].endswith("1-image")
    assert pictures_of("story", nowhere, "print")[1] == "print-rows-405-410"


def test_the_theme_is_that_of_the_pictures() -> None:
    light, dark = ({card.key: card for card in cards_of("cost", {}, theme)}["counts"] for theme in ("light", "dark"))
    assert (light.title, light.sentence) == (dark.title, dark.sentence)
    assert light.pictures()[""].svg != dark.pictures()[""].svg


def test_what_there_is_not_is_refused_with_what_there_is() -> None:
    with pytest.raises(ValueError, match="page is 'puzzles'; allowed are story, steps, line, gradient, cost, training"):
        cards_of("puzzles", {}, "light")
    with pytest.raises(ValueError, match="theme is 'grey'; allowed are light, dark"):
        cards_of("story", {}, "grey")
    with pytest.raises(BrokenRule, match="open"):
        cards_of("line", {"lines": ["open(a)"], "shapes": ["a: 3"]}, "light")


def test_a_card_says_of_itself_what_it_is_and_where_it_is_opened() -> None:
    query = {"n": ["12"], "labels": ["1", "2"]}
    card = cards_of("gradient", query, "light")[0]
    told = about(card, "gradient", query, "http://127.0.0.1/grad/")
    assert (told.title, told.sentence, told.page, told.key) == (card.title, card.sentence, "gradient", "column-variance")
    assert told.link == "http://127.0.0.1/grad/gradient?n=12&labels=1&labels=2" and "n = 12" in told.state
    assert about(card, "gradient", {}, "http://127.0.0.1").link == "http://127.0.0.1/gradient"
    assert about(card, "gradient", query, "").link == ""


def test_a_dark_card_is_printed_as_its_light_one_also_where_only_the_session_has_what_it_is_of() -> None:
    query, of_session = {"n": ["12"], "view": ["Units on the image"]}, replace(stored_measurement(), plan=MeasurementPlan(1_000))
    for card in [*cards_of("gradient", query, "dark"), *measured(of_session, State(), "dark")]:
        of = about(card, "gradient", query, "")
        (light,), (dark,) = card.drawn_for("print", of).values(), card.pictures().values()
        assert light.name == dark.name and light.frame.equals(dark.frame)
        assert export(light, "PDF", of, "print").startswith(b"%PDF")
