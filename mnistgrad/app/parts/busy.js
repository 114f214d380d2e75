// One quiet line at the page's end while a run takes long, or the server says nothing at all: nothing moves, and it goes with
// the answer. Of a run that was asked for Streamlit knows once the server says that it begins.
const SOON = 1500; // ms in which an answer is no news
const RERUN = 0x5a; // how a message begins that asks for a run

const send = WebSocket.prototype.send; // as it was before

export default function ({ parentElement, data }) {
  parentElement.watching?.disconnect();
  document.getElementById("busy")?.remove();
  const line = Object.assign(document.createElement("div"), { id: "busy" });
  line.setAttribute("role", "status"); // empty until there is something to tell, so that it is read aloud then
  document.body.append(line);
  const app = document.querySelector("[data-testid=stApp]");
  let telling;
  let silent = false; // since something was asked
  const look = () => {
    if (!silent && app.dataset.testScriptState === "notRunning") {
      clearTimeout(telling);
      telling = undefined;
      line.textContent = "";
    } else telling ??= setTimeout(() => { line.textContent = data; }, SOON);
  };
  const heard = () => {
    silent = false;
    look();
  };
  WebSocket.prototype.send = function (...given) {
    send.apply(this, given);
    if (given[0]?.[0] !== RERUN) return;
    silent = true;
    for (const news of ["message", "close"]) this.addEventListener(news, heard, { once: true });
    look();
  };
  const watching = new MutationObserver(look);
  parentElement.watching = watching;
  watching.observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });
  look();
  return () => {
    watching.disconnect();
    WebSocket.prototype.send = send;
    clearTimeout(telling);
    line.remove();
  };
}
