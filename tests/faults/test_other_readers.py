"""What one reader types, uploads and begins no other sees, ends or keeps alive, whatever they say to the server."""

from collections.abc import Iterator

import psutil
import pytest
from faults.frames import Forger, forger
from faults.test_messages import put
from own_sets import contents
from server import Server
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from waiting import until

from mnistgrad.network.sets.files import OwnFile, read_files

SOON = 60  # seconds
CLOSED = 1001  # RFC 6455: the page was closed
LINE = "ours_alone = h.t() @ dlogits"
PRINTS = "tensor([[0.5, 0.25]])", "tensor([[0.125, 8.5]])"
FILE = "ours-alone.npz"
TRAINING, MEASUREMENT = "mnistgrad.common.beside", "mnistgrad.cost.measuring"  # modules
LONG = dict(steps=1_000, trained=20_000, seeds=5)


@pytest.fixture
def two(server: Server) -> Iterator[tuple[Forger, Forger]]:
    with forger(server.url) as one, forger(server.url) as other:
        yield one, other


def named(reader: Forger, kind: str, key: str = "") -> str:
    """The field's name in messages."""
    (found,) = [each.id for each in reader.of(kind) if each.id.endswith(key)]
    return str(found)


def press(reader: Forger, button: str) -> None:
    reader.run(WidgetState(id=button, trigger_value=True))
    reader.run(WidgetState(id=button, trigger_value=False))


def at_work(server: Server) -> set[str]:
    """What the server's processes do."""
    found = set()
    for process in psutil.Process(server.process).children(recursive=True):
        try:
            found |= {what for what in (TRAINING, MEASUREMENT) if any(what in each for each in process.cmdline())}
        except psutil.Error:  # it has ended
            continue
    return found


def test_what_is_typed_pasted_and_uploaded_stays_in_its_session(server: Server, two: tuple[Forger, Forger]) -> None:
    one, other = two
    for page, field, text, query in (("line", "-lines", LINE, {}), ("", "-print-field", PRINTS[1], dict(n=5, print=PRINTS[0]))):
        for reader in two:
            reader.open(page, **query)
        before = other.texts
        one.run(WidgetState(id=named(one, "text_area", field), string_value=text))
        other.run()
        assert one.texts != before == other.texts and text not in str(other.elements)

    content = contents()["lit corners"]
    key = read_files([OwnFile(FILE, content)]).key
    one.open(n=5)
    assert put(server, one.session, "a", content) == 204
    chosen = UploadedFileInfo(file_id="a", name=FILE, size=len(content))
    files = FileUploaderState(uploaded_file_info=[chosen])
    one.run(WidgetState(id=named(one, "file_uploader"), file_uploader_state_value=files))
    (images,) = [each for each in one.of("selectbox") if each.id.endswith("-images")]
    own = images.options[-1]

    other.open(n=5)
    mnist = other.texts
    for forged in (
        WidgetState(id=named(other, "file_uploader"), file_uploader_state_value=files),
        WidgetState(id=images.id, string_value=own),
        WidgetState(id=images.id, string_value=key),
    ):
        other.run(forged)
        assert other.texts == mnist and own not in str(other.elements) and not other.of("toast"), forged
    other.open(n=5, images=key)
    assert other.texts == mnist and own not in str(other.elements)
    one.run()
    assert one.texts != mnist


def test_jobs_are_seen_and_ended_by_their_own_reader_alone(server: Server, two: tuple[Forger, Forger]) -> None:
    one, other = two
    for page, begin, end in (("cost", "measure", "stop"), ("training", "run", "cancel")):
        query = LONG if page == "training" else {}
        for reader in two:
            reader.open(page, **query)
        press(one, named(one, "button", f"-{begin}"))
        assert one.of("progress")
        stop = named(one, "button", f"-{end}")
        press(other, stop)
        assert not other.of("progress") and named(other, "button", f"-{begin}")
    for said in (
        BackMsg(clear_cache=True),
        BackMsg(stop_script=True),
        BackMsg(set_run_on_save=True),
        BackMsg(load_git_info=True),
    ):
        other.say(said)
    other.run()  # which is answered after them
    until(lambda: at_work(server) == {TRAINING, MEASUREMENT}, SOON, lambda: f"at work: {at_work(server)}")
    (told,) = one.of("progress")
    other.socket.close(CLOSED)

    def goes_on(message: ForwardMsg) -> bool:
        text = message.delta.new_element.progress.text
        return text.startswith("Step") and text != told.text

    one.heard(goes_on)
    assert at_work(server) == {TRAINING, MEASUREMENT}
    one.socket.close(CLOSED)
    until(lambda: not at_work(server), SOON, lambda: f"still at work: {at_work(server)}")
