"""What the page needs of the browser and Streamlit does not do.

It runs again when the reader's theme changes, since the pictures are drawn for a theme. And the pickers of the step-by-step page
let go of the keyboard after a click, so that the arrow keys go on through the steps.
"""

import streamlit as st

JS = """
export default function ({ parentElement, setTriggerValue }) {
  const app = document.querySelector("[data-testid=stApp]");
  const paper = () => getComputedStyle(app).backgroundColor;
  let shown = paper();
  const watch = new MutationObserver(() => {
    if (paper() === shown) return;
    shown = paper();
    setTriggerValue("changed", shown);
  });
  const letGo = (event) => {
    if (event.target.closest(".st-key-program button, .st-key-cell button")) setTimeout(() => document.activeElement.blur());
  };
  document.addEventListener("pointerup", letGo);
  watch.observe(app, { attributes: true, attributeFilter: ["class", "style"] });
  return () => { watch.disconnect(); document.removeEventListener("pointerup", letGo); };
}
"""

_watch = st.components.v2.component("mnistgrad_browser_watch", html="<span></span>", js=JS)


def watch_browser() -> None:
    """Mount the watcher; it shows nothing."""
    with st.container(key="browser-watch"):
        _watch(key="browser-watcher", on_changed_change=lambda: None)
