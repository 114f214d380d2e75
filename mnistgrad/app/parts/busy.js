// One quiet line at the page's end while a run takes long: nothing moves, and it goes with the answer.
const SOON = 1500; // ms in which an answer is no news

export default function ({ parentElement, data }) {
  parentElement.watching?.disconnect();
  document.getElementById("busy")?.remove();
  const line = Object.assign(document.createElement("div"), { id: "busy" });
  line.setAttribute("role", "status"); // empty until there is something to tell, so that it is read aloud then
  document.body.append(line);
  const app = document.querySelector("[data-testid=stApp]");
  let telling;
  const look = () => {
    if (app.dataset.testScriptState === "notRunning") {
      clearTimeout(telling);
      telling = undefined;
      line.textContent = "";
    } else telling ??= setTimeout(() => { line.textContent = data; }, SOON);
  };
  const watching = new MutationObserver(look);
  parentElement.watching = watching;
  watching.observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });
  look();
  return () => {
    watching.disconnect();
    clearTimeout(telling);
    line.remove();
  };
}
