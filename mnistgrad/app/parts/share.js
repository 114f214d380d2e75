// Copies the link of what the page shows, or shows it selected where the browser lets nobody copy; and shows its QR code.
const SHOWN = 2_000; // ms that it says that it was copied
const APART = 50; // ms; with what a field sends in the same moment Streamlit would run this part alone

export default function ({ parentElement, data, setStateValue }) {
  const find = (selector) => parentElement.querySelector(selector);
  const [dialog, text, label] = [find("dialog"), find("textarea"), find(".copy span")];
  const { says } = data;
  const address = () => location.href.split("#")[0];
  const tell = (place, words) => {
    place.textContent = words;
    place.hidden = !words;
  };
  const open = (why) => {
    tell(find(".why"), why);
    text.value = address();
    for (const part of [find(".code"), find(".alone")]) part.hidden = true;
    if (!dialog.open) dialog.showModal();
    text.select();
  };
  const draw = () => {
    if (!dialog.open || !dialog.asked || data.address !== text.value) return;
    find(".code").hidden = !data.code;
    find(".code").innerHTML = data.code; // squares, without any text
    tell(find(".why"), data.code ? "" : says.long);
    tell(find(".alone"), data.alone);
  };

  label.textContent ||= says.copy;
  find(".show span").textContent = find(".show").title = says.show;
  find(".code").setAttribute("role", "img");
  find(".code").setAttribute("aria-label", says.show);
  find(".close").textContent = says.close;
  text.setAttribute("aria-label", says.link);
  dialog.setAttribute("aria-label", says.show);
  find(".copy").onclick = async () => {
    try {
      await navigator.clipboard.writeText(address());
    } catch {
      dialog.asked = false;
      open(says.select);
      return;
    }
    label.textContent = says.copied;
    setTimeout(() => {
      label.textContent = says.copy;
    }, SHOWN);
  };
  find(".show").onclick = () => {
    dialog.asked = true;
    open("");
    setTimeout(() => setStateValue("address", text.value), APART);
    draw();
  };
  find(".close").onclick = () => dialog.close();
  dialog.onclick = (event) => event.composedPath()[0] === dialog && dialog.close(); // beside it
  dialog.onkeydown = (event) => event.stopPropagation(); // no key that is pressed there steps through the page
  draw();
}
