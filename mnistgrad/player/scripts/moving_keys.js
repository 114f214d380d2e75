// What is clicked in the moving picture, by keys: a pixel of the sum, whose row is watched, and a column of the strips.
import { fill, made, modified, placed } from "./common.js";

/** A slider: arrows move its place among so many, this far by each key; Enter or the blank takes it, where that is told. */
const slider = (element, { label, most, steps, at, moved, taken }) => {
  Object.assign(element, { tabIndex: 0, role: "slider" });
  element.setAttribute("aria-label", label);
  element.setAttribute("aria-valuemin", 0);
  element.setAttribute("aria-valuemax", most);
  const say = () => {
    element.setAttribute("aria-valuenow", at());
  };
  say();
  element.onfocus = say;
  element.onkeydown = (event) => {
    if (modified(event)) return;
    const takes = taken && (event.key === "Enter" || event.key === " ");
    if (!takes && !(event.key in steps)) return;
    event.preventDefault();
    event.stopPropagation(); // the picture's own keys step through the images
    if (takes) return taken();
    moved(Math.max(0, Math.min(most, at() + steps[event.key])));
    say();
  };
};

/** unit, row: called with what is chosen. now: what is shown. */
export const takeKeys = (root, sent, now, { unit, row }) => {
  const { side, words } = sent;
  const [map, strip] = [root.querySelector(".sum .map"), root.querySelector(".strip")];
  const cursor = made("span", "mark cursor");
  const show = (pixel) => {
    now.pixel = pixel;
    map.append(placed(cursor, pixel, side));
    const where = fill(words.pixel, { row: Math.floor(pixel / side), column: pixel % side });
    map.setAttribute("aria-valuetext", `${fill(words.row, { row: pixel })}, ${where}`);
  };
  now.pixel ??= now.lit[0];
  const further = { ArrowLeft: -1, ArrowRight: 1, Home: -(side ** 2), End: side ** 2 };
  const on = { ...further, ArrowUp: -side, ArrowDown: side };
  slider(map, { label: words.watch, most: side ** 2 - 1, steps: on, at: () => now.pixel, moved: show, taken: () => row(now.pixel) });
  slider(strip, { label: words.column, most: sent.units - 1, steps: further, at: () => now.unit, moved: unit });
  map.addEventListener("focus", () => map.matches(":focus-visible") && show(now.pixel));
  map.onblur = () => cursor.remove();
};
