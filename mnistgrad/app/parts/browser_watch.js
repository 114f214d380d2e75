const REMEMBERED = 500; // ms after which Streamlit has kept that the menu is closed, in wide windows too
const forgetMenu = () => {
  for (const key of Object.keys(localStorage)) if (key.startsWith("stSidebarCollapsed-")) localStorage.removeItem(key);
};

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  parentElement.watching?.abort(); // called again with each new theme, while what it returns is called at the end alone
  const watching = new AbortController();
  parentElement.watching = watching;
  const app = document.querySelector("[data-testid=stApp]");
  const paper = () => getComputedStyle(app).backgroundColor;
  parentElement.shown ??= paper();
  const tell = () => {
    if (paper() === parentElement.shown) return;
    parentElement.shown = paper();
    setStateValue("changed", parentElement.shown);
  };
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const phone = matchMedia("(max-width: 640px)");
  const asked = globalThis.mnistgradAsked === data.session; // Streamlit calls what is going away once more
  globalThis.mnistgradAsked = data.session;
  parentElement.narrow = data.narrow ?? (asked ? phone.matches : null); // as the page was drawn, or will be
  const tellRoom = () => {
    if (phone.matches === parentElement.narrow) return;
    parentElement.narrow = phone.matches;
    setStateValue("narrow", phone.matches);
  };
  const watch = new MutationObserver(tell);
  // The server that answers again may be another one, which knows nothing of this page; it draws it before the reader goes on.
  const comeBack = new MutationObserver(() => {
    const connected = app.dataset.testConnectionState === "CONNECTED";
    if (connected && parentElement.lost) setTriggerValue("back", true);
    parentElement.lost = !connected;
  });
  const letGo = (event) => {
    if (event.target.closest(".st-key-program button, .st-key-cell button")) setTimeout(() => document.activeElement.blur());
  };
  const followed = (event) => { // on a phone, what a tile chooses is drawn above all of them
    const tile = phone.matches && event.composedPath().some((each) => each.dataset?.row !== undefined);
    if (tile && event.target.closest(".st-key-card-units")) document.querySelector(".st-key-card-unit")?.scrollIntoView({ behavior: still.matches ? "auto" : "smooth" });
  };
  const menu = () => document.querySelector("[data-testid=stSidebar]:is([data-collapsed=false], [aria-expanded=true])");
  const closeMenu = (event) => {
    if (!event.target.closest("[data-testid=stSidebarNavLink]")) return;
    setTimeout(() => menu()?.querySelector("[data-testid=stSidebarCollapseButton] button")?.click()); // unless it closed by itself
    setTimeout(forgetMenu, REMEMBERED);
  };
  tell();
  tellRoom();
  phone.addEventListener("change", tellRoom, { signal: watching.signal });
  watch.observe(app, { attributes: true, attributeFilter: ["class", "style"] });
  comeBack.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
  watching.signal.addEventListener("abort", () => {
    for (const each of [watch, comeBack]) each.disconnect();
  });
  document.addEventListener("pointerup", letGo, { signal: watching.signal });
  document.addEventListener("click", closeMenu, { signal: watching.signal });
  document.addEventListener("click", followed, { signal: watching.signal });
  return () => watching.abort();
}
