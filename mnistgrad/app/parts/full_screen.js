// A card becomes the whole screen or, where its frame does not allow that, the whole window. Its chart is drawn larger until it
// fills the height, and reflows; its diagram is as large as fits. What is in a player fills the width.
const TIPS = ["vg-tooltip-element", "meaning"]; // they stand at the page's end, which a card alone on the screen would hide

export default function ({ parentElement, data }) {
  parentElement.listening?.abort();
  const listening = new AbortController();
  parentElement.listening = listening;
  let shown = null;

  const fit = () => {
    if (!shown) return;
    shown.style.setProperty("--zoom", 1);
    shown.style.removeProperty("--full-width");
    const room = shown.getBoundingClientRect().bottom - parseFloat(getComputedStyle(shown).paddingBottom);
    const chart = shown.querySelector("[data-testid=stVegaLiteChart]");
    const svg = [...shown.querySelectorAll("*")].map((each) => each.shadowRoot?.querySelector(".scroll > svg")).find(Boolean);
    if (chart) {
      const { top, height } = chart.getBoundingClientRect();
      const least = parseFloat(getComputedStyle(chart).minWidth) || 0;
      shown.style.setProperty("--zoom", Math.max(1, Math.min((room - top) / height, shown.clientWidth / (least * 1.1))));
    } else if (svg) {
      const { top } = svg.getBoundingClientRect();
      const { width, height } = svg.viewBox.baseVal;
      shown.style.setProperty("--full-width", `${Math.max(((room - top) * width) / height, width)}px`);
    }
  };
  const leave = () => {
    if (!shown) return;
    delete shown.dataset.full;
    shown.style.removeProperty("--zoom");
    shown.style.removeProperty("--full-width");
    for (const tip of TIPS) document.body.append(document.getElementById(tip) ?? "");
    shown.querySelector(`a[href="${data.anchor}"]`)?.focus();
    shown = null;
    if (document.fullscreenElement) document.exitFullscreen();
  };
  const enter = async (card) => {
    leave();
    shown = card;
    card.dataset.full = "";
    for (const tip of TIPS) card.append(document.getElementById(tip) ?? "");
    await card.requestFullscreen?.().catch(() => {});
    fit();
  };

  const on = (target, name, act) => target.addEventListener(name, act, { capture: true, signal: listening.signal });
  on(document, "click", (event) => {
    const link = event.composedPath()[0].closest?.(`a[href="${data.anchor}"]`);
    if (!link) return;
    event.preventDefault(); // its address is no place
    event.stopPropagation();
    if (shown) leave();
    else enter(link.closest('[class*="st-key-card-"]'));
  });
  on(document, "keydown", (event) => event.key === "Escape" && leave());
  on(document, "fullscreenchange", () => (document.fullscreenElement ? fit() : leave()));
  on(window, "resize", fit);
  return () => {
    listening.abort();
    leave();
  };
}
