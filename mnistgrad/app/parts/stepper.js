// Steps at once to where a press leads, however far the server is behind: it is told the place, not the press, so that of
// several presses on their way the last is enough. Streamlit alone makes one of two presses, and begins from a place it shows no
// more. What is told is a state, no trigger: where two runs of a page overlap, Streamlit may keep the older one's trigger for good.
const PATIENCE = 5_000; // ms for a press to arrive; then what the server says is so, whatever became of it

export default function ({ parentElement, data, setStateValue }) {
  parentElement.listening?.abort(); // called again with each new data, while what it returns is called at the end alone
  const listening = new AbortController();
  parentElement.listening = listening;
  const { low, high, buttons, enabled } = data;
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
    if (!leads(move)) return;
    const to = target(move);
    now.at = to;
    now.presses += 1;
    now.since = performance.now();
    offerWhatLeads();
    setStateValue("step", { to, presses: now.presses });
  };
  const clicked = (event) => {
    const button = event.target.closest?.("[class*=st-key-] button");
    const move = button && Object.keys(buttons).find((name) => button.closest(`.st-key-${buttons[name]}`));
    if (!move || !enabled) return;
    event.stopImmediatePropagation();
    step(move);
  };
  offerWhatLeads(); // the buttons were drawn for a place that may be past, or offered for one that never came
  window.addEventListener("click", clicked, { capture: true, signal: listening.signal });
  return () => listening.abort();
}
