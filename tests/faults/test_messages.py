"""Whatever a browser says, its session goes on or ends alone, and no other reader notices."""

import random
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import Request, urlopen

import pytest
from faults.frames import Forger, fields, forger
from server import Server
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from waiting import healthy
from websockets.exceptions import ConnectionClosed

from mnistgrad.app.guard.messages import is_acted_on
from mnistgrad.app.guard.values import Reads
from mnistgrad.captions.faults import FAILED

DEEP = "[" * 100_000
TOLD = """{"own": {"page": [1], "values": {"n": {}, "seed": "x", "<b>": 1}},
 "clicks": [[1], "a", [1e400, 2], [2, -1], [1e99, 5]],
 "step": {"presses": 1, "to": NaN}, "typed": {"at": 1, "key": "n", "text": "\\ud800<b>"}, "address": "http://[\\ud800",
 "part": [1],
 "narrow": "x", "changed": {}, "leave": 1, "selection": {"pick": [{"pick": "x"}, 3]}}"""
WRONG = [
    dict(string_value="<b>½"),
    dict(double_value=float("nan")),
    dict(double_value=1e300),
    dict(int_value=2**62),
    dict(trigger_value=True),
    dict(bytes_value=b"\xff"),
    dict(json_value="[1"),
    dict(json_value=DEEP),
    dict(json_value=TOLD),
    dict(json_value=TOLD.replace("[[1]", "[[3, 1]").replace('"to": NaN', '"to": 1e15')),
]


@pytest.fixture
def reader(server: Server) -> Iterator[Forger]:
    with forger(server.url) as one:
        yield one


def is_whole(reader: Forger) -> bool:
    """Whether the page stands to its end, and nothing on it failed."""
    return FAILED not in reader.texts and not reader.of("exception") and bool(reader.of("page_link"))


@pytest.mark.parametrize(
    ("page", "query"), [("", {}), ("gradient", dict(view="One outer product", n=9)), ("training", {}), ("steps", dict(n=9))]
)
def test_no_value_of_a_field_stops_its_page(reader: Forger, page: str, query: dict[str, object]) -> None:
    """Streamlit would fail on a wrong one in every run that follows."""
    reader.open(page, **query)
    names = fields(reader)
    assert len(names) > 15 and is_whole(reader)
    for wrong in [*WRONG, dict(string_value="7"), {}]:
        reader.run(*(WidgetState(id=name, **wrong) for name in [*names, "unknown", "$$ID-0-unknown"]))
        assert is_whole(reader), (str(wrong)[:60], reader.texts[:500])


@pytest.mark.parametrize("kind", ["double_value", "int_value"])
def test_a_whole_number_is_taken_in_whichever_kind_it_comes(kind: str) -> None:
    """A field that a link set is told to hold another kind than it sends."""
    reads = Reads(lambda value: 1_000 if value is None else int(value), kind, None)
    assert [reads(value) for value in (10, 10.0, True, "10", None)] == [10, 10, 1_000, 1_000, 1_000]


def test_what_is_for_developers_is_not_done(reader: Forger) -> None:
    """Each of these would be answered, or would reach other readers or this machine."""
    reader.open("line")
    refused = [
        BackMsg(clear_cache=True),
        BackMsg(set_run_on_save=True),
        BackMsg(load_git_info=True),
        BackMsg(debug_disconnect_websocket=True),
        BackMsg(debug_shutdown_runtime=True),
    ]
    for operation in ("install_skills", "dismiss_skills_nudge", "dataframe_chunk"):
        message = BackMsg()
        getattr(message.backend_operation_request, operation).SetInParent()
        message.backend_operation_request.session_id = reader.session
        refused.append(message)
    many = BackMsg()
    many.file_urls_request.file_names.extend(["a.png"] * 2_000)
    assert not any(map(is_acted_on, refused))
    for message in [*refused, many, BackMsg(app_heartbeat=True)]:
        reader.say(message)
    answers: list[ForwardMsg] = []
    reader.heard(lambda message: answers.append(message) or message.heartbeat_ack)
    kinds = {answer.WhichOneof("type") for answer in answers}
    assert kinds <= {"heartbeat_ack", "session_status_changed"}
    assert not any(answer.session_status_changed.run_on_save for answer in answers)


def test_frames_of_garbage_end_their_own_connection(server: Server, reader: Forger) -> None:
    """And a message that could be read, but is larger than any of a page."""
    reader.open("line")
    whole = BackMsg(rerun_script=reader.state).SerializeToString()
    large = BackMsg(rerun_script=ClientState(query_string="n=" + "1" * 6_000_000)).SerializeToString()
    dice = random.Random(0)
    for frame in (dice.randbytes(4_000), whole[: len(whole) // 2], b"\xff" * 9, b"\0" * 4_000_000, large, "text"):
        with forger(server.url) as one:
            one.socket.send(frame)
            with pytest.raises(ConnectionClosed):
                one.heard(lambda message: "Traceback" in str(message))
    for frame in (b"", BackMsg().SerializeToString()):
        reader.socket.send(frame)
    reader.run()
    assert is_whole(reader) and healthy(server.url)


def put(server: Server, session: str, name: str, content: int | bytes) -> int:
    """Hand over a file, this one or one of so many bytes; what the server answers."""
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + bytes(content) + b"\r\n--x--\r\n"
    with urlopen(urljoin(server.url, "/_stcore/health")) as page:
        cookie = page.headers.get("Set-Cookie", "").partition(";")[0]
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Cookie": cookie, "X-Xsrftoken": cookie.partition("=")[2]}
    address = urljoin(server.url, f"/_stcore/upload_file/{session}/{name}")
    try:
        with urlopen(Request(address, body, headers, method="PUT")) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_one_reader_fills_no_memory_with_files(server: Server, reader: Forger) -> None:
    reader.open("line")
    assert put(server, "not-a-session", "a", 10) == 400
    assert put(server, reader.session, "a", 20_500_000) == 413
    found = [put(server, reader.session, str(number), 15_000_000) for number in range(4)]
    assert found == [204, 204, 413, 413]
    assert put(server, reader.session, "0", 19_000_000) == 204, "in the place of another"
    assert [put(server, reader.session, f"small-{number}", 1) for number in range(3)] == [204, 204, 204]
