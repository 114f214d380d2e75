// The lesson's player alone in a file, or in a notebook's frame: the page is all its own.
import { unpack } from "./common.js";
import { begin } from "./lesson.js";

const packed = Uint8Array.from(atob(document.querySelector("#packed").textContent), (letter) => letter.charCodeAt(0));
const framed = location.protocol === "about:"; // a frame without an address
const HASH = {
  begin: (count) => {
    const step = Number(location.hash.slice(1));
    return Number.isInteger(step) && step >= 1 && step <= count ? step - 1 : undefined;
  },
  note: (step) => framed || history.replaceState(null, "", `#${step}`),
};

const root = document.querySelector(".lesson");
try {
  const sent = await unpack(packed);
  const go = begin(root, sent, HASH, document);
  window.onhashchange = () => go(HASH.begin(sent.frames.length) ?? 0);
} catch (error) {
  root.textContent = `The lesson cannot be shown here: ${error.message}`;
}
