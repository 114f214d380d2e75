"""Runs the page again when the reader's theme changes, which Streamlit does not do: the pictures are drawn for a theme."""

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
  watch.observe(app, { attributes: true, attributeFilter: ["class", "style"] });
  return () => watch.disconnect();
}
"""

_watch = st.components.v2.component("mnistgrad_theme_watch", html="<span></span>", js=JS)


def watch_theme() -> None:
    """Mount the watcher; it shows nothing."""
    with st.container(key="theme-watch"):
        _watch(key="theme-watcher", on_changed_change=lambda: None)
