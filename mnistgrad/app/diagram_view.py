"""Shows an SVG in the page itself, with a tooltip for each element that has a title."""

import streamlit as st

from mnistgrad.diagrams.svg import Diagram

HTML = '<div class="scroll"></div><div class="tip" role="status" hidden></div>'

CSS = """
:host { display: block; }
.scroll { overflow-x: auto; line-height: 0; }
.scroll svg { display: block; width: 100%; height: auto; min-width: var(--least); max-width: var(--most); }
@media (max-width: 640px) { .scroll svg { min-width: var(--comfortable); } }
.tip { position: fixed; z-index: 9; max-width: 24rem; padding: .3rem .55rem; border-radius: 5px; pointer-events: none;
       font: 13px/1.4 var(--st-font); color: var(--st-background-color); background: var(--st-text-color); }
[data-tip]:hover { stroke-opacity: 1; filter: brightness(.94); }
"""

JS = """
export default function ({ parentElement, data }) {
  const scroll = parentElement.querySelector(".scroll");
  const tip = parentElement.querySelector(".tip");
  if (scroll.shown !== data.svg) {
    scroll.shown = data.svg;
    scroll.innerHTML = data.svg;
    const svg = scroll.querySelector("svg");
    for (const [name, px] of Object.entries(data.widths)) svg.style.setProperty("--" + name, px + "px");
    for (const title of svg.querySelectorAll("title")) {
      title.parentElement.dataset.tip = title.textContent;
      title.remove();
    }
  }
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
  scroll.onpointermove = show;
  scroll.onpointerdown = show;
  scroll.onpointerleave = hide;
}
"""

_view = st.components.v2.component("mnistgrad_diagram", html=HTML, css=CSS, js=JS)
WIDEST = 1.15  # of the drawn width; beyond it text would be larger than the page's
COMFORTABLE = 0.9  # of the drawn width; on a phone a picture scrolls rather than shrink below it


def show_diagram(diagram: Diagram, key: str) -> None:
    """The diagram as wide as its place, within limits; where the place is narrower it scrolls."""
    widths = {"least": diagram.least, "comfortable": diagram.width * COMFORTABLE, "most": diagram.width * WIDEST}
    _view(key=key, data={"svg": diagram.svg, "widths": widths})
