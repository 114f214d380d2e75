// The lines of code beside the lesson, with what runs now marked.
import { made } from "./common.js";
import { spoken } from "./spoken.js";

const SLIM = 4; // lines that need no column of their own

/** Text with `code` in it; whatever else it holds is text. */
export const written = (text) => text.split("`").map((piece, place) => (place % 2 ? made("code", "", piece) : piece));

const drawLine = ({ number, text, element }, from, to) => {
  const code = made("span", "text");
  if (from === undefined) code.textContent = text;
  else code.append(text.slice(0, from), made("mark", "", text.slice(from, to)), text.slice(to));
  element.replaceChildren(made("span", "number", number || ""), code);
  element.classList.toggle("current", from !== undefined);
};

const bringIntoView = (panel, element) => {
  const above = element.offsetTop - panel.offsetTop;
  const seen = above >= panel.scrollTop && above + element.offsetHeight <= panel.scrollTop + panel.clientHeight;
  if (!seen) panel.scrollTop = above - panel.clientHeight / 3;
  const mark = element.querySelector("mark");
  if (mark) panel.scrollLeft = Math.max(0, mark.offsetLeft + mark.offsetWidth - panel.clientWidth + 16);
};

/** Draws the lines. Returns what marks those of a frame. */
export const codeOf = (root, sources) => {
  const [panel, call] = [root.querySelector(".lines"), root.querySelector(".call")];
  const lines = sources.flatMap((source, of) =>
    source.map(([number, text], at) => ({ of, number, text, element: made("div", at ? "line" : "line begins") })),
  );
  root.classList.toggle("slim", lines.length <= SLIM);
  panel.replaceChildren(...lines.map(({ element }) => element));
  for (const line of lines) drawLine(line);
  let marked = [];
  return (frame) => {
    for (const line of marked) drawLine(line);
    for (const { of, number, element } of lines)
      element.classList.toggle("calling", of === frame.source && number > 0 && number === frame.calling);
    marked = frame.marked.flatMap(([number, from, to]) => {
      const line = lines.find((each) => each.of === frame.source && each.number === number);
      if (line) drawLine(line, from, to);
      return line ?? [];
    });
    call.replaceChildren(...(frame.worded ? spoken : written)(frame.call));
    if (marked.length) bringIntoView(panel, marked[0].element);
  };
};
