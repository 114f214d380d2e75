"""The numbers of the moving picture are the engine's: what is sent, and what the browser makes of it."""

import base64
import re

import numpy as np
import pytest
import torch
from loops import over
from player.sent import module, sent_movie, unpacked
from playwright.sync_api import Page
from states import ALL_OFF, LATER, State

from mnistgrad.gradient.statistics import distinct_rows
from mnistgrad.player.moving_picture import FINE, MOST_IMAGES
from mnistgrad.player.script import HERE, sheet

MOST_BYTES = 150_000
STATES = [State(n=1), State(n=2), State(n=7, normalise=False), State(n=150), LATER, State(n=130, nh=100), ALL_OFF]

SUMS = """async ([script, data]) => {
  const { sumsOf, unpack } = await import(script);
  const sent = await unpack(Uint8Array.from(atob(data), c => c.charCodeAt(0)));
  const sums = sumsOf(sent);
  const all = (of) => {
    const numbers = Float64Array.from(
      { length: sums.size * sent.units },
      (_, at) => of(Math.floor(at / sent.units), at % sent.units),
    );
    const bytes = new Uint8Array(numbers.buffer);
    let text = "";
    for (let at = 0; at < bytes.length; at += 30_000) text += String.fromCharCode(...bytes.subarray(at, at + 30_000));
    return btoa(text);
  };
  return [1, 2, Math.ceil(sums.last / 2), sent.sent, sums.last].filter((place) => place <= sums.last).map((place) => ({
    place, last: sums.last, distinct: sums.distinct[place],
    sum: all((row, unit) => sums.at(place, row, unit)), part: all((row, unit) => sums.part(place, row, unit)),
  }));
}"""


def close(found: str, expected: torch.Tensor, of: torch.Tensor, rounding: float = 2**-21) -> None:
    """To float32's rounding of the largest entry of `of`. found: the bytes of float64 in base64."""
    difference = np.abs(np.frombuffer(base64.b64decode(found)) - expected.numpy().reshape(-1)).max()
    assert difference <= rounding * of.abs().max().item(), difference


@pytest.mark.parametrize("state", STATES, ids=str)
def test_browser_adds_up_the_engine_s_gradient(page: Page, state: State) -> None:
    found, batch = state.weight_gradient("w1"), state.batch
    places = page.evaluate(SUMS, [module("sums"), base64.b64encode(sent_movie(state)).decode()])
    sent = min(state.n, MOST_IMAGES)
    assert places[-1]["place"] == places[-1]["last"] == (sent if sent == state.n else sent + 1)
    for shown in places:
        place = shown["place"]
        images = slice(0, place if place <= sent else state.n)
        total = batch.inp[images].double().t() @ found.out_g[images].double()
        rounding = 2**-21 if place <= sent or state.nh <= FINE else 2**-15
        close(shown["sum"], total, found.g, rounding)
        part = torch.outer(batch.inp[place - 1].double(), found.out_g[place - 1].double())
        if place <= sent:
            close(shown["part"], part, found.g)
        assert shown["distinct"] == distinct_rows(total), place
    close(places[-1]["sum"], found.g, found.g, rounding)


def test_rows_that_are_copies_stay_equal_to_the_bit_however_they_are_sent() -> None:
    state = State(n=130, nh=100)
    header, arrays = unpacked(sent_movie(state))
    whole = arrays["whole"].reshape(-1, 784, header["units"])
    black = np.flatnonzero(arrays["black"])
    assert len(black) > 100 and (whole[:, black] == whole[:, black[:1]]).all()


@over("state", [State(n=50_000), State(n=50_000, nh=100), State(n=50_000, preset="lesson-2022")])
def test_what_is_sent_fits(state: State) -> None:
    assert 20_000 < len(sent_movie(state)) <= MOST_BYTES


def test_no_selector_of_a_player_means_another_without_its_blanks() -> None:
    """In a container query the minifier takes the blank before a colon, and "rows within" become "rows that are"."""
    within = re.compile(r"[\w\])] (?=:[a-z])")
    for path in sorted(HERE.glob("*.css")):
        assert len(within.findall(sheet(path.stem))) == len(within.findall(path.read_text("utf-8"))), path.name
