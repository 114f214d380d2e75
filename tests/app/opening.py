"""Opens a page of the dashboard without a browser."""

import json
import re
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from patience import SOON
from player.sent import unpacked
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from mnistgrad.app.jobs.readers import READER
from mnistgrad.app.parts.diagram_view import ANSWERED_BYTES

# Each AppTest would look through all installed packages for components, which costs more than to run the page.
manifest_scanner.scan_component_manifests = lru_cache(manifest_scanner.scan_component_manifests)
DASHBOARD = Path(__file__).parents[2] / "dashboard.py"


def opened(page: str = "", **query: object) -> AppTest:
    """The page at this path with this query, as a link opens it; run once."""
    app = AppTest.from_file(str(DASHBOARD), default_timeout=SOON)
    app._page_hash = calc_hash(page)  # switch_page finds pages that are files only; these are functions
    for name, value in query.items():
        app.query_params[name] = value if isinstance(value, list) else str(value)
    return app.run()


def settled(app: AppTest) -> AppTest:
    """The page once all the background work that it waits for has ended, as a browser shows it in the end."""
    reader = app.session_state[READER]
    while (jobs := [job for job in reader._page.values() if job.active]) or reader.is_behind():
        for job in jobs:
            assert job.wait(SOON), f"{job.key} does not end"
        app.run()
    return app


def headline(app: AppTest) -> str:
    """Of a page that shows no error."""
    assert not app.exception and not app.error, [*app.exception, *app.error]
    (title,) = app.title
    return title.value


CARDS = {
    "": ("print", "moving", "steps", "variance", "two-products", "five-curves"),
    "steps": ("steps",),
}


def spoken(parts: Iterable[Any]) -> str:
    """What they say, elements or texts, without the links of explained words."""
    texts = [part if isinstance(part, str) else part.value for part in parts]
    return re.sub(r"\[([^\[\]]*)\]\(#term-[^()]*\)", r"\1", "\n".join(texts))


def cards(app: AppTest, page: str = "") -> dict[str, str]:
    """The words of each card of the page: its title and its sentence."""
    blocks = {key: app.get_by_key(f"card-{key}") for key in CARDS[page]}
    return {key: spoken((*block.header, *block.markdown)) for key, block in blocks.items()}


def players(app: AppTest) -> dict[str, tuple[dict[str, Any], dict[str, np.ndarray]]]:
    """What each player of the page is sent, by its name."""
    mounts = [mount.proto for mount in app.get("bidi_component")]
    named = {proto.component_name.removeprefix("mnistgrad_"): proto.bytes for proto in mounts}
    return {name: unpacked(named[name]) for name in ("print_and_map", "moving_picture", "lesson") if name in named}


def diagrams(app: AppTest) -> list[str]:
    """The SVG of each diagram on the page."""
    return [shown["svg"] for shown in _diagrams(app)]


def sentences(app: AppTest) -> list[str]:
    """Those that are drawn with their diagrams."""
    return [shown["says"] for shown in _diagrams(app)]


def _diagrams(app: AppTest) -> list[dict[str, Any]]:
    mounts = [mount.proto for mount in app.get("bidi_component")]
    packed = [proto.bytes[ANSWERED_BYTES:] for proto in mounts if proto.component_name == "mnistgrad_diagram"]
    return [json.loads(zlib.decompress(each)) for each in packed]
