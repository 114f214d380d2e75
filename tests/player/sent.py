"""What a player is sent, taken apart again; and a player in a browser without the dashboard."""

import base64
import json
import zlib
from typing import Any

import numpy as np
import torch
from playwright.sync_api import Page
from states import State

from mnistgrad.network.data import inp_of_levels, mnist
from mnistgrad.network.presets import PRESETS
from mnistgrad.pictures.palette import PALETTES
from mnistgrad.player.moving_picture import MOST_IMAGES, moving_picture
from mnistgrad.player.print_and_map import print_and_map
from mnistgrad.player.script import page_of, script

MOUNT = """async ([script, html, css, data]) => {
  document.body.innerHTML = `<style>${css}</style>${html}`;
  const { default: play } = await import(script);
  play({ parentElement: document.body, data: Uint8Array.from(atob(data), c => c.charCodeAt(0)) });
}"""


def unpacked(packed: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    content = zlib.decompress(packed)
    at = 4 + int.from_bytes(content[:4], "little")
    header, arrays = json.loads(content[4:at]), {}
    for name, kind, length in header.pop("parts"):
        arrays[name] = np.frombuffer(content, f"<{kind}", length, at)
        at += arrays[name].nbytes
    assert at == len(content)
    return header, arrays


def normalised(state: State) -> bool:
    return PRESETS[state.preset].normalise if state.normalise is None else state.normalise


def mean_image(state: State) -> torch.Tensor:
    return state.batch.images.flatten(1).double().mean(0).float()


def sent_movie(state: State, theme: str = "light") -> bytes:
    first, levels = state.batch.first(min(state.n, MOST_IMAGES)), inp_of_levels(mnist(), normalised(state))
    found = state.weight_gradient("w1")
    return moving_picture(found, first.images, first.labels.tolist(), levels, mean_image(state), PALETTES[theme])


def sent_print(state: State) -> bytes:
    return print_and_map(state.weight_gradient("w1"), state.gradients.w1, mean_image(state), PALETTES["light"])


def module(name: str) -> str:
    """The address of a player's script, to import."""
    return "data:text/javascript;base64," + base64.b64encode(script(name).encode()).decode()


def mount(page: Page, name: str, packed: bytes) -> None:
    """The player alone on the page."""
    page.evaluate(MOUNT, [module(name), *page_of(name), base64.b64encode(packed).decode()])
