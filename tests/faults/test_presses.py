"""What goes away under a press, or fails while a page is drawn: told, with the rest of the page there."""

from pathlib import Path

import pytest
from app.opening import headline, opened, spoken
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner.script_cache import ScriptCache

from mnistgrad.app.kept import pictures, results
from mnistgrad.captions.faults import FAILED
from mnistgrad.common.data_files import unusable


def test_images_that_are_gone_while_run_is_pressed_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("training", steps=1, trained=10)

    def gone(_: object) -> None:
        raise unusable(Path("/a/place/train-images.gz"), "is missing")

    with monkeypatch.context() as patched:
        patched.setattr(results, "batch_of", gone)
        app.button(key="run").click().run()
    told = spoken(app.toast)
    assert headline(app) and "train-images.gz is missing" in told and "/home" not in told
    assert not app.button(key="run").disabled


def test_what_fails_in_a_page_is_told_once_and_the_fields_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("/a/place/secret")

    with monkeypatch.context() as patched:
        patched.setattr(pictures, "variance_picture", fail)
        app = opened("", n=7)
    assert [error.value for error in app.error] == [FAILED] and not app.exception and len(app.title) == 1
    assert app.number_input(key="n").set_value(5).run() and headline(app) and app.get("page_link")


def test_a_press_is_done_though_a_newer_wish_comes_before_its_run(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("steps", n=10, image1=3, unit=7)
    newer = app.segmented_control(key="form").set_value("einsum").root.get_widget_states()
    app.button(key="choose-for-me").click()
    wishes, inner = [newer], ScriptCache.get_bytecode

    def after_a_newer_wish(cache: ScriptCache, path: str) -> object:
        """What Streamlit asks for between the message of a press and what the press does."""
        context = get_script_run_ctx()
        assert context and context.script_requests
        if wishes:
            page = RerunData(context.query_string, wishes.pop(), context.page_script_hash)
            assert context.script_requests.request_rerun(page)
        return inner(cache, path)

    monkeypatch.setattr(ScriptCache, "get_bytecode", after_a_newer_wish)
    app.run()
    assert headline(app) and not wishes and app.session_state["form"] == "einsum"
    assert [app.session_state[each] for each in ("image1", "unit")] == [None, None]
