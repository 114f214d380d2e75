"""The checks beside the pages: none holds up a page, large ones hold up no small ones, and a failure is told."""

from collections.abc import Iterator
from threading import Event

import pytest
from app.opening import cards, headline, opened, settled
from patience import SOON

from mnistgrad.app.kept import results

MANY = dict(n=6_000, nh=2)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Where the checks of many images wait for it to open."""
    opened_up, real = Event(), results.verify

    def late(name, batch, *given):  # type: ignore[no-untyped-def]
        assert len(batch) <= results.SMALL or opened_up.wait(SOON)
        return real(name, batch, *given)

    monkeypatch.setattr(results, "verify", late)
    yield opened_up
    opened_up.set()


def test_steps_are_drawn_before_their_check_is_made(gate: Event) -> None:
    app = opened("steps", step=4, seed=1, **MANY)
    assert headline(app) and cards(app, "steps")["steps"]
    assert any("Checking `w1.g` against autograd" in caption.value for caption in app.caption)
    gate.set()
    assert any("**Check.**" in text.value for text in settled(app).markdown)


def test_a_few_images_do_not_wait_for_many_and_what_was_left_does_not_run(gate: Event) -> None:
    visits = [opened("", seed=seed, **MANY) for seed in (2, 3, 4)]
    for app in visits:
        app.number_input(key="n").set_value(7).run()
    assert not any("…" in block.proto.body for app in visits for block in settled(app).get("html"))
    assert not results.LARGE_CHECKS.line, "checks wait that nobody wants"


def test_check_that_failed_is_told_on_every_page_that_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(results, "verify", refuse)
        apps = [settled(opened(page, n=3, nh=3, step=4, seed=5)) for page in ("", "steps", "gradient")]
    for app in apps:
        assert headline(app)
        assert [warning.value for warning in app.warning] == ["The check against autograd failed: there was not enough memory."]
        app.button(key="again-check").click().run()
        assert not settled(app).warning
