// One press of Back undoes one action. Streamlit writes a field that a reader set over the newest entry of the browser's history,
// and adds an entry for each that the server set; here the first write after the reader did something adds one, and all others go
// over it. What a player keeps in the link by itself (common.js) stays there, whoever else writes.
const ACTS = "a, button, input, textarea, select, summary, label, canvas, svg, [role], [tabindex], [data-row], [data-cell]";
const IDLE_KEYS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "Escape", "CapsLock"]);

const valuesOf = (address) => {
  const sorted = new URLSearchParams(address.search);
  sorted.sort();
  return sorted.toString();
};
const isSame = (one, other) => one.pathname === other.pathname && one.hash === other.hash && valuesOf(one) === valuesOf(other);

/** Puts itself between the page and its history, once. Returns what was found out since. */
const watchHistory = () => {
  const write = { add: history.pushState.bind(history), over: history.replaceState.bind(history) };
  const watched = { acted: false, ownPage: "", own: {} };
  const put = (state, _, address) => {
    const to = new URL(address ?? location.href, location.href);
    if (to.pathname === location.pathname && watched.ownPage === location.pathname)
      for (const [name, value] of Object.entries(watched.own))
        if (value === null) to.searchParams.delete(name);
        else to.searchParams.set(name, value);
    if (isSame(to, new URL(location.href))) return;
    const how = watched.acted ? write.add : write.over;
    watched.acted = false;
    how(state, "", to);
  };
  history.pushState = put;
  history.replaceState = put;

  const act = (event) => {
    const on = event.composedPath()[0];
    const acts = event.isTrusted && !event.repeat && !IDLE_KEYS.has(event.key) && (event.key || on.closest?.(ACTS));
    if (acts) Object.assign(watched, { acted: true, turned: false });
  };
  for (const kind of ["pointerdown", "click", "keydown"]) addEventListener(kind, act, true);
  // What the page put into the link before the reader did anything is the entry that was opened: who goes back over it, leaves.
  const [opened, begun] = [globalThis.navigation?.activation?.entry?.index, globalThis.navigation?.currentEntry?.index];
  const acted = ["pointerdown", "keydown"].some((kind) => performance.eventCounts?.get(kind));
  watched.passed = !acted && opened >= 0 && opened < begun ? { from: opened, to: begun } : null;
  const turned = () => {
    Object.assign(watched, { acted: false, turned: true, own: {}, lesson: undefined }); // the players read the link anew
    const [at, passed] = [globalThis.navigation?.currentEntry?.index, watched.passed];
    if (!passed || at < passed.from || at >= passed.to) return;
    watched.passed = null;
    history.go(passed.from - at - 1);
  };
  addEventListener("popstate", turned);
  return watched;
};

export default function ({ parentElement, setStateValue }) {
  parentElement.listening?.abort(); // called again with each new data, while what it returns is called at the end alone
  const listening = new AbortController();
  parentElement.listening = listening;
  globalThis.mnistgradLink ??= watchHistory();
  const watched = globalThis.mnistgradLink;
  // What players keep is told with the press that lets the server make files of it, not with each of their steps.
  const tell = (event) => {
    const own = JSON.stringify([watched.ownPage, watched.own]);
    if (!event.target.closest?.("[class*=st-key-export], [class*=st-key-bundle]") || own === (parentElement.told ?? '["",{}]')) return;
    parentElement.told = own;
    setStateValue("own", { page: watched.ownPage, values: watched.own });
  };
  for (const kind of ["click", "keydown"]) addEventListener(kind, tell, { capture: true, signal: listening.signal });
  return () => listening.abort();
}
