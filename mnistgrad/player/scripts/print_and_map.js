// The print of w1.g beside the map of its pixels: six other rows are asked about, then printed, wherever the map is clicked.
import { cellAt, colourOf, fill, inkOn, inLink, keepInLink, largestOf, made, placed, press, whenTurned, whenUnpacked, wordInLink } from "./common.js";
import { reachable } from "./reachable.js";
import { printedRows } from "./torch_print.js";

const SHOWN = 6; // rows
const CELL = 16; // px of the canvas for a pixel
const NAMES = { first: "first", answer: "answer" }; // in the link
const ANSWERS = { equal: true, differ: false };

const begin = (root, sent) => {
  const find = (selector) => root.querySelector(selector);
  const { side, words } = sent;
  const pixels = side ** 2;
  const most = pixels - SHOWN;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const columns = sent.columns.length;
  const read = () => {
    const [first, answer] = [inLink(NAMES.first, 0, most), ANSWERS[wordInLink(NAMES.answer, /^(equal|differ)$/)] ?? null];
    return { first: first ?? sent.first, answer, seen: first !== undefined || answer !== null };
  };
  if (root.now && !root.linked) Object.assign(root.now, { answer: null }); // what was answered was of other images
  else root.now = read();
  const { now } = root;
  now.seen ||= !sent.asks;
  const [printed, moved, map] = [find(".printed"), find(".moved"), find(".map")];
  const rowsFrom = (first) => Array.from({ length: SHOWN }, (_, place) => first + place);
  const named = (row) => ({ row, down: Math.floor(row / side), right: row % side });

  const show = (pre, command, rows) => {
    const values = rows.map((row) => Array.from(sent.rows.subarray(row * columns, (row + 1) * columns)));
    const lines = printedRows(values, sent.shortened).map((pieces, line) => {
      const text = made("span", "text");
      for (const piece of pieces) text.append(piece.text === undefined ? piece : tinted(piece, rows[line], values[line]));
      const row = made("div", "row");
      row.append(text, made("span", "name", fill(words.row, named(rows[line]))));
      return row;
    });
    pre.replaceChildren(made("div", "command", `>>> ${command}`), ...lines);
  };
  const tinted = ({ place, text }, row, values) => {
    const cell = made("span", "", text);
    const colour = colourOf(sent.value_colours, values[place] / (sent.limit || 1));
    cell.style.background = `rgb(${colour.join()})`;
    cell.style.color = inkOn(colour);
    cell.title = `w1.g[${row}, ${sent.columns[place]}] = ${values[place].toPrecision(5)}`;
    return cell;
  };

  const drawMap = () => {
    const canvas = map.querySelector("canvas");
    canvas.width = canvas.height = side * CELL;
    const context = canvas.getContext("2d");
    const brightest = largestOf(sent.mean) || 1;
    context.strokeStyle = sent.hatch;
    for (let row = 0; row < pixels; row++) {
      const [x, y] = [(row % side) * CELL, Math.floor(row / side) * CELL];
      context.fillStyle = `rgb(${colourOf(sent.ink_colours, sent.mean[row] / brightest / 1.1, 0).join()})`;
      context.fillRect(x, y, CELL, CELL);
      if (!sent.black[row]) continue;
      context.beginPath();
      context.moveTo(x, y + CELL);
      context.lineTo(x + CELL, y);
      context.stroke();
    }
  };
  const mark = (rows, kind) => map.append(...rows.map((row) => placed(made("span", `mark ${kind}`), row, side)));
  const label = (className, text, row, above) => {
    const element = made("span", `label ${className}`, text);
    const { down, right } = named(row);
    const beyond = right > side / 2;
    Object.assign(element.style, beyond ? { right: `${(100 * (side - right - 1)) / side}%` } : { left: `${(100 * right) / side}%` });
    Object.assign(element.style, above ? { bottom: `${(100 * (side - down)) / side}%` } : { top: `${(100 * (down + 1)) / side}%` });
    map.append(element);
  };

  const draw = () => {
    const rows = rowsFrom(now.first);
    const last = rows.at(-1);
    for (const old of map.querySelectorAll(".mark, .label")) old.remove();
    mark(sent.printed, "");
    mark(rows, "moved");
    label("corner", words.printed, sent.printed[0], false);
    label("corner", words.printed, sent.printed.at(-1), true);
    label("", fill(words.rows, { first: now.first, last }), now.first, named(now.first).down > 3);
    map.setAttribute("aria-valuenow", now.first);
    map.setAttribute("aria-valuetext", fill(words.rows, { first: now.first, last }));
    const asks = sent.asks && (!now.seen || now.answer !== null);
    find(".answers").hidden = !asks;
    find(".ask b").textContent = fill(asks ? words.question : words.moved, { first: now.first, last });
    for (const hidden of [find(".told"), moved]) hidden.hidden = !now.seen;
    if (!now.seen) return;
    show(moved, `print(w1.g[${now.first}:${last + 1}])${words.shortened}`, rows);
    find(".told").textContent = told(rows);
  };
  const told = (rows) => {
    const different = new Set(rows.map((row) => sent.kinds[row])).size;
    const black = rows.filter((row) => sent.black[row]).length;
    const right = now.answer === null ? "" : words.right[now.answer === (different === 1)];
    const says = `${right} ${words.different[different]} ${words.black[black]} ${words.where}`.trim();
    return says[0].toUpperCase() + says.slice(1);
  };

  const move = (first) => {
    choose({ first: Math.max(0, Math.min(most, first)), answer: null });
  };
  const choose = (change) => {
    root.linked = false;
    Object.assign(now, change, { seen: true });
    keep();
    press(root, now.answer);
    draw();
  };
  const keep = () => {
    const answer = now.answer === null ? null : now.answer ? "equal" : "differ";
    keepInLink({ [NAMES.first]: now.first, [NAMES.answer]: answer }, { [NAMES.first]: sent.first, [NAMES.answer]: null });
  };
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -side, ArrowDown: side, Home: -pixels, End: pixels };
  map.onkeydown = (event) => {
    if (!(event.key in steps)) return;
    event.preventDefault();
    move(now.first + steps[event.key]);
  };
  map.onclick = (event) => {
    move(cellAt(event, map, side, side));
    if (map.offsetWidth > root.offsetWidth / 2) moved.scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" }); // it stands below
  };
  map.onpointermove = (event) => {
    const tip = find(".tip");
    const row = cellAt(event, map, side, side);
    const kind = sent.black[row] ? words.hatched : fill(words.lit, { mean: (sent.mean[row] / 256).toFixed(2) });
    tip.textContent = fill(words.tip, { ...named(row), kind });
    tip.hidden = false;
    const { left, top, width } = find(".right").getBoundingClientRect();
    Object.assign(tip.style, { left: `${Math.min(event.clientX - left + 12, width - tip.offsetWidth)}px`, top: `${event.clientY - top + 18}px` });
  };
  map.onpointerleave = () => {
    find(".tip").hidden = true;
  };
  map.setAttribute("aria-valuemax", most);
  map.setAttribute("aria-label", words.map_label);
  find(".equal").textContent = words.equal;
  find(".differ").textContent = words.differ;
  find(".equal").onclick = () => choose({ answer: true });
  find(".differ").onclick = () => choose({ answer: false });
  show(printed, "print(w1.g)", sent.printed);
  drawMap();
  press(root, now.answer);
  draw();
  root.sized?.disconnect();
  root.sized = new ResizeObserver(() => {
    for (const pre of [printed, moved]) reachable(pre, pre.querySelector(".command")?.textContent ?? "");
  });
  for (const pre of [printed, moved]) root.sized.observe(pre);
  if (!root.linked) keep();
  whenTurned(root, () => {
    root.linked = true;
    begin(root, sent);
  });
};

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".sight");
  whenUnpacked(root, data, (sent) => begin(root, sent));
}
