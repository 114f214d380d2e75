// Steps at once to where a press leads, however far the server is behind: it is told the place, not the press, so that of
// several presses on their way the last is enough. Streamlit alone makes one of two presses, and begins from a place it shows no
// more. What is told is a state, no trigger: where two runs of a page overlap, Streamlit may keep the older one's trigger for good.
const KEYS = { Home: "First", ArrowLeft: "Previous", ArrowRight: "Next", End: "Last" };
const PATIENCE = 5_000; // ms for a press to arrive; then what the server says is so, whatever became of it
const TYPED_IN = "input, textarea, select, [contenteditable=true], [data-row]"; // or walked in

export default function ({ parentElement, data, setStateValue }) {
  parentElement.listening?.abort(); // called again with each new data, while what it returns is called at the end alone
  const listening = new AbortController();
  parentElement.listening = listening;
  const { low, high, buttons, keys, enabled } = data;
  parentElement.now ??= { at: data.at, presses: data.presses };
  const { now } = parentElement;
  if (data.presses >= now.presses || performance.now() - now.since > PATIENCE) Object.assign(now, { at: data.at, presses: data.presses });

  const target = (move) => ({ First: low, Previous: now.at - 1, Next: now.at + 1, Last: high })[move];
  const leads = (move) => target(move) !== now.at && target(move) >= low && target(move) <= high;
  const offerWhatLeads = () => {
    for (const [move, key] of Object.entries(buttons)) {
      const button = document.querySelector(`.st-key-${key} button`);
      if (button && enabled) button.disabled = !leads(move);
    }
  };
  const step = (move) => {
    if (!leads(move)) return false;
    const to = target(move);
    now.at = to;
    now.presses += 1;
    now.since = performance.now();
    offerWhatLeads();
    setStateValue("step", { to, presses: now.presses });
    return true;
  };
  const clicked = (event) => {
    const button = event.target.closest?.("[class*=st-key-] button");
    const move = button && Object.keys(buttons).find((name) => button.closest(`.st-key-${buttons[name]}`));
    if (!move || !enabled) return;
    event.stopImmediatePropagation();
    step(move);
  };
  const pressed = (event) => {
    const move = KEYS[event.key];
    const modified = event.ctrlKey || event.altKey || event.metaKey || event.shiftKey;
    if (!move || !keys || !enabled || modified || event.composedPath()[0].closest?.(TYPED_IN)) return;
    event.stopImmediatePropagation();
    if (step(move)) event.preventDefault();
  };
  offerWhatLeads(); // the buttons were drawn for a place that may be past, or offered for one that never came
  const first = { capture: true, signal: listening.signal };
  window.addEventListener("click", clicked, first);
  window.addEventListener("keydown", pressed, first);
  return () => listening.abort();
}
