"""Shows an SVG in the page itself: a tooltip for each element that has a title, a click for each that has a row."""

import json
import zlib
from collections.abc import Callable

import streamlit as st

from mnistgrad.app.keeping import kept
from mnistgrad.pictures.diagrams.svg import Diagram

HTML = '<div class="scroll"></div><div class="tip" role="status" hidden></div>'

CSS = """
:host { display: block; }
.scroll { overflow-x: auto; line-height: 0; }
.scroll svg { display: block; margin-inline: auto; width: 100%; height: auto; min-width: var(--least); max-width: var(--most); }
@media (max-width: 640px) { .scroll svg { min-width: var(--comfortable); } }
.scroll.more { mask-image: linear-gradient(to right, #000 calc(100% - 2.5rem), transparent); }
.tip { position: fixed; z-index: 9; max-width: 24rem; padding: .3rem .55rem; border-radius: 5px; pointer-events: none;
       font: 13px/1.4 var(--st-font); color: var(--st-background-color); background: var(--st-text-color); }
[data-tip]:hover { filter: brightness(.94); }
.scroll text { pointer-events: none; }
.picks [data-row] { cursor: pointer; }
"""

JS = """
const unpack = async (packed) =>
  JSON.parse(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).text());

export default function ({ parentElement, data, setTriggerValue }) {
  const scroll = parentElement.querySelector(".scroll");
  const tip = parentElement.querySelector(".tip");
  const draw = ({ svg: text, widths, picks }) => {
    scroll.classList.toggle("picks", picks);
    scroll.drawn = data;
    if (scroll.shown === text) return;
    hide();
    scroll.shown = text;
    scroll.innerHTML = text;
    const svg = scroll.querySelector("svg");
    for (const [name, px] of Object.entries(widths)) svg.style.setProperty("--" + name, px + "px");
    for (const title of svg.querySelectorAll("title")) {
      title.parentElement.dataset.tip = title.textContent;
      title.remove();
    }
    fade();
  };
  const show = (event) => {
    const under = event.target.closest && event.target.closest("[data-tip]");
    tip.hidden = !under;
    if (!under) return;
    tip.textContent = under.dataset.tip;
    const box = tip.getBoundingClientRect();
    const left = Math.min(event.clientX + 14, innerWidth - box.width - 8);
    const above = event.clientY + 18 + box.height > innerHeight;
    tip.style.left = Math.max(left, 8) + "px";
    tip.style.top = (above ? event.clientY - box.height - 10 : event.clientY + 18) + "px";
  };
  const hide = () => { tip.hidden = true; };
  const fade = () => scroll.classList.toggle("more", scroll.scrollLeft + scroll.clientWidth < scroll.scrollWidth - 4);
  scroll.onscroll = fade;
  const resized = new ResizeObserver(fade);
  resized.observe(scroll);
  scroll.onpointermove = show;
  scroll.onpointerdown = show;
  scroll.onpointerleave = hide;
  scroll.onclick = (event) => {
    const current = scroll.drawn === scroll.newest && scroll.classList.contains("picks");
    const picked = current && event.target.closest("[data-row]");
    if (picked) setTriggerValue("row", Number(picked.dataset.row));
  };
  scroll.newest = data;  // what is unpacked after something newer has come is not drawn
  const unlessOld = (then) => (given) => scroll.newest === data && then(given);
  const refuse = () => { scroll.textContent = scroll.shown = "This browser is too old to draw the picture."; };
  unpack(data).then(unlessOld(draw), unlessOld(refuse));
  return () => resized.disconnect();
}
"""

_view = st.components.v2.component("mnistgrad_diagram", html=HTML, css=CSS, js=JS)
WIDEST = 1.15  # of the drawn width; beyond it text would be larger than the page's
PACKED_KEPT = 256  # pictures, with their SVG up to 0.1 MB each
COMFORTABLE = 0.9  # of the drawn width; on a phone a picture scrolls rather than shrink below it


def show_diagram(diagram: Diagram, key: str, pick: Callable[[int], None] | None = None) -> None:
    """The diagram as wide as its place, within limits; where the place is narrower it scrolls.

    pick: told the row whose element was clicked.
    """

    def picked() -> None:
        if pick and (row := st.session_state[key].get("row")) is not None:
            pick(int(row))

    _view(key=key, data=_packed(diagram.svg, diagram.width, diagram.least, pick is not None), on_row_change=picked)


@kept(PACKED_KEPT)
def _packed(svg: str, width: float, least: float, picks: bool) -> bytes:
    """What the browser draws, in a fifth of the bytes where it is lines and words, in three quarters where it is an image."""
    widths = {"least": least, "comfortable": width * COMFORTABLE, "most": width * WIDEST}
    return zlib.compress(json.dumps({"svg": svg, "widths": widths, "picks": picks}).encode())
