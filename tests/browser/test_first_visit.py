"""A first visit in windows of any width: drawn once, for the room that there is, whatever the browser calls itself."""

from browser.test_wire import received
from playwright.sync_api import Page
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from waiting import open_page

LIMIT = 362_000  # bytes over the websocket, for the story; a page may send 400,000
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
WINDOWS = {(1280, None): False, (390, None): True, (844, PHONE): False}  # px across and a name: is it narrow
DRAWN_WIDTH = ".st-key-diagram-two-products svg >> nth=0"


def test_a_page_is_drawn_once_and_for_its_window(page: Page) -> None:
    widths = {}
    for (across, name), narrow in WINDOWS.items():
        visitor = page.context.new_page()
        visitor.set_viewport_size({"width": across, "height": 844})
        if name:
            page.context.new_cdp_session(visitor).send("Emulation.setUserAgentOverride", {"userAgent": name})
        frames = received(visitor)
        open_page(visitor, "/?n=50000")
        mounts = [ForwardMsg.FromString(frame).delta.new_element.bidi_component.component_name for frame in frames]
        assert mounts.count("mnistgrad_moving_picture") == 1, (across, name)
        assert sum(map(len, frames)) <= LIMIT, (across, name)
        widths.setdefault(narrow, set()).add(visitor.locator(DRAWN_WIDTH).get_attribute("width"))
        visitor.close()
    ((wide,), (narrow,)) = widths[False], widths[True]
    assert float(narrow) < float(wide)
