"""What a page sends to the browser."""

from playwright.sync_api import Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from waiting import open_page, settled

LIMIT = 400_000  # bytes over the websocket
HEAVIEST = (
    "/?n=50000",
    "/gradient?n=50000&nh=100&view=Units+on+the+image&seed=3",
    "/gradient?n=50000&nh=100&view=One+outer+product&added=50000&seed=3",
    "/gradient?view=How+many+images&nh=100&compare=10",
    "/steps?n=50000&nh=100&scope=whole+pass&step=20",
)


def received(page: Page) -> list[bytes]:
    """What comes over the websocket from now on."""
    frames: list[bytes] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(bytes(frame))))
    return frames


def test_nothing_depends_on_what_the_browser_may_have_dropped(page: Page) -> None:
    frames = received(page)
    open_page(page, "/steps?n=0")  # a link that is put right, so that a run begins again
    for form, count in (("matmul", 2), ("einsum", 1), ("broadcast", 4)) * 2:
        page.get_by_role("radio", name=form).click()
        expect(page.locator(".st-key-player-steps .count")).to_have_text(f"Step 1 of {count}")
        settled(page)
    messages = [ForwardMsg.FromString(frame) for frame in frames]
    assert len(messages) > 200
    assert not [message for message in messages if message.ref_hash], "each is whole"
    kinds = [message.WhichOneof("type") for message in messages]
    drawn, known = kinds.index("delta"), kinds.index("navigation")
    assert known < drawn, "nothing is drawn before it is known which page is"


def test_first_visit_stays_within_the_limit(page: Page) -> None:
    frames = received(page)
    for path in HEAVIEST:
        open_page(page, path)  # anew: what a page that stood before still finds out would count
        assert 10_000 < sum(map(len, frames)) <= LIMIT, (path, [len(frame) for frame in frames if len(frame) > 9_000])
        frames.clear()
