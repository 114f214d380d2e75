// What Streamlit and Vega leave out for those who hear a page, or go through it by keys: names, and a stop at whatever scrolls.
import { reachable } from "./reachable.js";

const CHART = '[class*="st-key-chart-"]';

export default function ({ parentElement, data: words }) {
  parentElement.watching?.disconnect();
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const mend = () => {
    each('[class*="st-key-head-"] [data-testid="stPopoverButton"]:not([aria-label])', (button) => button.setAttribute("aria-label", words.export));
    each('[data-testid="stCode"]:not([role])', (code) => {
      code.setAttribute("role", "group");
      code.setAttribute("aria-label", words.code);
    });
    each('[data-testid="stToast"]:not([aria-label])', (toast) => toast.setAttribute("aria-label", words.notice)); // the heading that it refers to is not there
    each(`${CHART} .role-mark[role="graphics-symbol"]:not([aria-label])`, (marks) => { // lines that stand for nothing, or none at all
      marks.removeAttribute("role");
      marks.removeAttribute("aria-roledescription");
    });
    each('[data-testid="stSidebarNavItems"]:not([role]), [data-testid="stSidebarNavItems"] li:not([role])', (list) => list.setAttribute("role", "none"));
    each(CHART, (place) => reachable(place, place.querySelector('[role="graphics-document"]')?.getAttribute("aria-label") ?? words.chart));
    each('[data-testid="stMarkdownContainer"]:has(> table)', (place) => reachable(place, words.table));
  };
  let waits = false;
  const soon = () => {
    if (waits) return;
    waits = true;
    setTimeout(() => { // not with the next frame: a page behind another has none, and is read aloud all the same
      waits = false;
      mend();
    });
  };
  parentElement.watching = new MutationObserver(soon);
  parentElement.watching.observe(document.body, { subtree: true, childList: true, attributeFilter: ["role"] });
  addEventListener("resize", soon);
  soon();
  return () => {
    removeEventListener("resize", soon);
    parentElement.watching.disconnect();
  };
}
