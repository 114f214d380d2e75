"""The link beside the headline: to copy, and as a QR code to be scanned from a projector."""

from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import segno
import streamlit as st

from mnistgrad.app.keeping import PICTURES
from mnistgrad.app.parts.heard import heard, text
from mnistgrad.captions import link as says
from mnistgrad.player.script import markup, module, sheet

KEY = "share-link"
LONGEST_ADDRESS = 20_000  # characters
LONGEST = 1_200  # characters; a longer link makes squares too small for the back of a room
HTML = markup("share", Path(__file__).parent)
CSS = sheet("share", Path(__file__).parent)
JS = module("share", Path(__file__).parent)
_view = st.components.v2.component("mnistgrad_share", html=HTML, css=CSS, js=JS)


@st.fragment  # a code is drawn without the rest of the page
def share_link() -> None:
    """The address is the one that the reader's browser shows, players' places included; it is asked for once the code is."""
    address = text(heard(KEY, "address"), LONGEST_ADDRESS)
    data = {
        "address": address,
        "code": qr_code(address) if len(address) <= LONGEST else "",
        "says": says.SHARE,
        "alone": says.SHARE["alone"] * is_local(address),
    }
    _view(key=KEY, data=data, width="content", on_address_change=lambda: None)


@PICTURES.keep
def qr_code(address: str) -> str:
    """As SVG, which holds squares and no text; "" where it is no web address."""
    if _parts(address).scheme not in ("http", "https"):
        return ""
    return segno.make_qr(address).svg_inline(omitsize=True, light="#fff")


def is_local(address: str) -> bool:
    """Whether the address leads each computer to itself."""
    host = _parts(address).hostname or ""
    try:
        found = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return found.is_loopback or found.is_unspecified


def _parts(address: str) -> SplitResult:
    """Of no address where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
