// Steps through frames that were all sent at once.
import { made, stepOf, whenUnpacked } from "./common.js";

const begin = (root, { frames, width, words }) => {
  const find = (selector) => root.querySelector(selector);
  root.place = Math.min(root.place ?? 0, frames.length - 1);
  const draw = () => {
    const { line, title, says, svg } = frames[root.place];
    const [before, marked, after] = line;
    find("code").replaceChildren(before, made("mark", "", marked), after);
    find(".title").textContent = title;
    find(".says").textContent = says;
    find(".picture").innerHTML = svg; // made by the server from shapes and values alone
    find(".back").disabled = root.place === 0;
    find(".forth").disabled = root.place === frames.length - 1;
    for (const [place, dot] of [...find(".dots").children].entries()) {
      if (place === root.place) dot.setAttribute("aria-current", "step");
      else dot.removeAttribute("aria-current");
    }
  };
  const go = (place) => {
    root.place = Math.max(0, Math.min(frames.length - 1, place));
    draw();
  };
  const dots = frames.map((_, place) => Object.assign(made("button", "", place + 1), { onclick: () => go(place) }));
  find(".dots").replaceChildren(...dots);
  find(".picture").style.setProperty("--most", `${width}px`);
  for (const name of ["back", "forth"]) find(`.${name}`).textContent = words[name];
  root.setAttribute("aria-label", words.label);
  find(".back").onclick = () => go(root.place - 1);
  find(".forth").onclick = () => go(root.place + 1);
  root.onkeydown = (event) => {
    const step = stepOf(event);
    if (!step) return;
    event.preventDefault();
    go(root.place + step);
  };
  draw();
};

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".frames");
  whenUnpacked(root, data, (sent) => begin(root, sent));
}
