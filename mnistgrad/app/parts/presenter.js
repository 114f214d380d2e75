// The cards of the page as slides, in type of which the smallest is 3 % of the window's height.
const SMALLEST = 12; // px, of what stands in a card
const SHARE = 0.0305; // of the window's height, a little above what is asked for; of its width where that is less: it has to fit
const CARDS = "[class*='st-key-card-']";
const KEYS = { PageDown: 1, PageUp: -1, ArrowRight: 1, ArrowLeft: -1 };

const cards = () =>
  [...document.querySelectorAll(`[data-testid=stMain] ${CARDS}`)].filter(
    (card) => !card.parentElement.closest(CARDS) && !card.closest("details:not([open])"),
  );

export default function ({ parentElement, data, setTriggerValue }) {
  parentElement.presenting?.abort();
  const presenting = new AbortController();
  parentElement.presenting = presenting;
  if (parentElement.of !== data.of) Object.assign(parentElement, { of: data.of, turned: undefined });
  const { signal } = presenting;
  const bar = parentElement.querySelector(".presenter");
  const button = (words, onclick) => Object.assign(document.createElement("button"), { textContent: words, onclick });
  const span = (className) => Object.assign(document.createElement("span"), { className });
  const [page, count] = [span("page"), span("count")];
  const keyOf = (card) => card.className.match(/st-key-card-[\w-]+/)[0];
  const place = () => Math.max(0, cards().findIndex((card) => keyOf(card) === parentElement.turned)); // it may be drawn anew
  const beyond = () => document.querySelector("[data-testid=stMain] [data-testid=stPageLink] a");
  const show = (at) => {
    const all = cards();
    const now = all[Math.min(at, all.length - 1)];
    for (const card of all) if (card !== now) delete card.dataset.slide;
    if (now && !("slide" in now.dataset)) {
      now.dataset.slide = "";
      document.querySelector("[data-testid=stMain]").scrollTop = 0;
    }
    const texts = { count: `${all.indexOf(now) + 1} / ${all.length}`, page: document.querySelector("[data-testid=stMain] h1")?.textContent ?? "" };
    if (count.textContent !== texts.count) count.textContent = texts.count;
    if (page.textContent !== texts.page) page.textContent = texts.page;
    back.disabled = at <= 0;
  };
  const turn = (by) => {
    const [all, to] = [cards(), place() + by];
    if (to >= all.length) return beyond()?.click();
    if (all.length) parentElement.turned = keyOf(all[Math.max(0, to)]);
    show(place());
  };
  const enlarge = () => document.documentElement.style.setProperty("--large", Math.max(1, (SHARE * Math.min(innerHeight, innerWidth)) / SMALLEST));
  const leave = () => setTriggerValue("leave", true);
  const back = button(data.back, () => turn(-1));
  bar.setAttribute("aria-label", data.label);
  bar.replaceChildren(page, back, count, button(data.on, () => turn(1)), button(data.leave, leave));

  const pressed = (event) => {
    const [on] = event.composedPath();
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || on.matches?.("input, select, textarea")) return;
    if (event.key === "Escape") leave();
    else if (event.key in KEYS) turn(KEYS[event.key]);
    else return;
    event.preventDefault();
  };
  const drawn = new MutationObserver(() => show(place()));
  enlarge();
  show(place());
  drawn.observe(document.querySelector("[data-testid=stMain]"), { childList: true, subtree: true });
  addEventListener("keydown", pressed, { signal });
  addEventListener("resize", enlarge, { signal });
  signal.addEventListener("abort", () => {
    drawn.disconnect();
    for (const card of cards()) delete card.dataset.slide;
  });
  return () => presenting.abort();
}
