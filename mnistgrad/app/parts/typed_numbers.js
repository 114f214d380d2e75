// Number fields as people fill them in. Streamlit cuts a number off at its first odd character, and the browser drops such
// characters as they are typed; so what is typed is read here, and the server is told where it is more than digits.
const DIGITS = /^\d*$/;
const COMMITS = new Set(["Enter", "ArrowUp", "ArrowDown"]);
const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;

export default function ({ parentElement, setStateValue }) {
  parentElement.reading?.abort(); // called again with each new theme, while what it returns is called at the end alone
  const reading = new AbortController();
  parentElement.reading = reading;
  let field = null; // that is being edited, the text typed into it, and what it held before
  let typed = "";
  let held = "";

  const edited = (event) => {
    const input = event.target;
    if (!input.matches?.("[data-testid=stNumberInputField]") || event.inputType === "insertLineBreak") return;
    if (field !== input) [field, typed, held] = [input, input.value, input.value];
    const added = event.data ?? event.dataTransfer?.getData("text/plain") ?? "";
    const selected = getSelection().toString();
    if (event.inputType.startsWith("insert")) typed = (selected && selected === input.value ? "" : typed) + added;
    else
      queueMicrotask(() => {
        typed = input.value; // what is left after a deletion is what it shows
      });
  };
  const commit = () => {
    const input = field;
    field = null;
    if (DIGITS.test(input.value) && DIGITS.test(typed) && !input.validity.badInput) return;
    const key = input.closest("[class*=st-key-]").className.match(/st-key-(\w+)/)[1];
    setValue.call(input, held);
    input.dispatchEvent(new Event("input", { bubbles: true })); // so that Streamlit takes nothing
    setStateValue("typed", { key, text: typed, at: Date.now() }); // the same text again is told again
  };
  const left = (event) => event.target === field && commit();
  const pressed = (event) => COMMITS.has(event.key) && left(event);
  const first = { capture: true, signal: reading.signal };
  window.addEventListener("beforeinput", edited, first);
  window.addEventListener("focusout", left, first);
  window.addEventListener("keydown", pressed, first);
  return () => reading.abort();
}
