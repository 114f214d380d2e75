"""What goes away under a press, or fails while a page is drawn: told, with the rest of the page there. No press is lost."""

import sys
from pathlib import Path

import pytest
from app.opening import headline, opened, spoken
from faults.frames import forger
from server import running_server
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner.script_cache import ScriptCache

from mnistgrad.app.kept import pictures, results
from mnistgrad.captions.faults import FAILED
from mnistgrad.common.data_files import unusable

# A machine so busy that the thread of a run comes late.
BUSY = """
import time
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.web.cli import main

ready = ScriptRequests.on_scriptrunner_ready
ScriptRequests.on_scriptrunner_ready = lambda requests: time.sleep(0.3) or ready(requests)
main()
"""


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


def test_wishes_are_done_in_their_order_where_the_thread_of_the_first_has_not_begun(tmp_path: Path) -> None:
    start = (sys.executable, "-c", BUSY, "run", "dashboard.py")
    with running_server(tmp_path / "log.txt", start) as server, forger(server.url) as first, forger(server.url) as reader:
        first.open()  # it puts the guard up
        reader.open("steps", n=10, image1=3, unit=7)
        (choose,) = [button.id for button in reader.of("button") if button.id.endswith("-choose-for-me")]
        numbers = {field.id.rpartition("-")[2]: field.id for field in reader.of("number_input")}
        held = reader.state.widget_states.widgets
        held.extend(WidgetState(id=numbers[key], double_value=value) for key, value in (("image1", 3), ("unit", 7)))
        pressed = WidgetState(id=choose, trigger_value=True)
        held.append(pressed)
        reader.say(BackMsg(rerun_script=reader.state))
        held.remove(pressed)
        reader.run(WidgetState(id=numbers["pixel"], double_value=5))
        shown = {field.id.rpartition("-")[2]: field for field in reader.of("number_input")}
        told = {key: shown[key].value if shown[key].HasField("value") else None for key in shown if shown[key].set_value}
        assert (told["image1"], told["unit"], told.get("pixel", 5)) == (None, None, 5)
