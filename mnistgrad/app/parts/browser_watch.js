export default function ({ setTriggerValue }) {
  const app = document.querySelector("[data-testid=stApp]");
  const paper = () => getComputedStyle(app).backgroundColor;
  let shown = paper();
  const watch = new MutationObserver(() => {
    if (paper() === shown) return;
    shown = paper();
    setTriggerValue("changed", shown);
  });
  const letGo = (event) => {
    if (event.target.closest(".st-key-program button, .st-key-cell button")) setTimeout(() => document.activeElement.blur());
  };
  document.addEventListener("pointerup", letGo);
  watch.observe(app, { attributes: true, attributeFilter: ["class", "style"] });
  return () => { watch.disconnect(); document.removeEventListener("pointerup", letGo); };
}
