// One tip for all words, at the page's end, since what describes a word must stand in the same document as the word.
const LINGER = 150; // ms in which a pointer may move from the word to its tip
const EDGE = 8; // px between the tip and the edges of the window

export default function ({ parentElement, data }) {
  parentElement.listening?.abort();
  const listening = new AbortController();
  parentElement.listening = listening;
  document.getElementById("meaning")?.remove();
  const tip = Object.assign(document.createElement("div"), { id: "meaning", hidden: true });
  tip.setAttribute("role", "tooltip");
  document.body.append(tip);

  let shown = null; // the word whose meaning stands there
  let leaving;
  const wordOf = (event) => event.composedPath()[0].closest?.(`a[href^="${data.anchor}"]`);
  const focused = (root = document) => root.activeElement?.shadowRoot ? focused(root.activeElement.shadowRoot) : root.activeElement;
  const hide = () => {
    clearTimeout(leaving);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    tip.hidden = true;
  };
  const show = (word) => {
    const meaning = data.meanings[decodeURIComponent(word.getAttribute("href"))];
    if (!meaning) return;
    hide();
    shown = word;
    word.setAttribute("aria-describedby", tip.id);
    tip.textContent = meaning;
    tip.hidden = false;
    place();
  };
  const place = () => {
    const at = shown.getClientRects()[0]; // its first line, where it is broken over two
    if (!at || at.bottom < 0 || at.top > innerHeight) return hide();
    const box = tip.getBoundingClientRect();
    const below = at.bottom + 6 + box.height <= innerHeight - EDGE;
    tip.style.left = `${Math.max(EDGE, Math.min(at.left, innerWidth - box.width - EDGE))}px`;
    tip.style.top = `${below ? at.bottom + 6 : Math.max(EDGE, at.top - box.height - 6)}px`;
  };
  const leave = () => {
    clearTimeout(leaving);
    leaving = setTimeout(hide, LINGER);
  };

  const on = (name, act) => document.addEventListener(name, act, { capture: true, signal: listening.signal });
  on("pointermove", (event) => { // which alone is told of a pointer that came from inside the same shadow root
    const word = wordOf(event);
    if (event.pointerType === "touch") return; // a tap is a click
    if (word && word !== shown) show(word);
    else if (word || event.target === tip) clearTimeout(leaving);
    else if (shown && shown !== focused()) leave();
  });
  on("focusin", (event) => {
    const word = wordOf(event);
    if (word?.matches(":focus-visible")) show(word);
  });
  on("focusout", (event) => wordOf(event) && hide());
  on("keyup", (event) => { // nor is a focus that came from there
    const word = event.key === "Tab" && wordOf(event);
    if (word && word !== shown) show(word);
  });
  on("pointerdown", (event) => shown && !wordOf(event) && event.target !== tip && hide());
  on("click", (event) => {
    const word = wordOf(event);
    if (!word) return;
    event.preventDefault(); // its address is no place
    event.stopPropagation();
    show(word);
  });
  on("keydown", (event) => event.key === "Escape" && hide());
  on("scroll", () => shown && place());
  listening.signal.addEventListener("abort", () => tip.remove());
  return () => listening.abort();
}
