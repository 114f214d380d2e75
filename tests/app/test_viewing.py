"""What a link says of how its page is shown: one card alone, slides, questions or their answers."""

from app.opening import headline, opened, players, spoken

from mnistgrad.app.controls import PRESENTER, QUESTIONS


def warned(app) -> list[str]:
    return [each.value for each in app.warning]


def test_a_card_that_the_page_does_not_have_is_answered_with_those_it_has() -> None:
    (told,) = warned(opened("cost", card="variance"))
    assert "card = variance" in told and "counts, cost-line-time," in told
    (told,) = warned(opened("", card="<b>x</b> *y*"))
    assert "`<b>x</b> *y*`" in told and "print, moving, steps, variance, two-products and five-curves" in told
    assert not warned(opened("", card="moving"))


def test_no_other_picture_is_drawn_where_a_card_stands_alone() -> None:
    whole, alone = opened("cost"), opened("cost", card="cost-line-time")
    assert len(whole.get("vega_lite_chart")) == 5 and len(alone.get("vega_lite_chart")) == 1


def test_questions_are_asked_or_answered_as_the_link_and_the_switch_say() -> None:
    for asks in (True, False):
        app = opened("", n=10, questions=str(asks).lower())
        assert headline(app)
        assert [players(app)[name][0]["asks"] for name in ("print_and_map", "moving_picture")] == [asks, asks]
    app.toggle(key=QUESTIONS.key).set_value(True).run()
    assert players(app)["moving_picture"][0]["asks"]


def test_a_wrong_line_is_told_at_once_where_nobody_asks() -> None:
    asked, told = (opened("line", line="sum(1) for sum(0)", questions=asks) for asks in ("true", "false"))
    assert headline(asked) == "Sum(1) for sum(0): what will happen?" and not asked.header
    assert headline(told) != headline(asked) and told.header
    assert not [words for words in spoken(told.markdown).splitlines() if words.startswith(("**Right", "**Not quite"))]


def test_what_people_write_for_a_switch_is_read_and_anything_else_is_as_it_starts() -> None:
    app = opened("", n=10, presenter="True", questions="maybe")
    assert app.toggle(key=PRESENTER.key).value and app.toggle(key=QUESTIONS.key).value
    app.toggle(key=PRESENTER.key).set_value(False).run()
    assert headline(app)
