// The numbers of a frame's window as tables, whose cells are reached by keyboard and chosen.
import { colourOf, counted, fill, inkOn, made } from "./common.js";

const DOWN = ["n", "i"]; // axes that run down where a tensor has no other
const SHADES = 127;
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** A number by its place in the tensor: "w.g[3, 4]". */
export const entryName = ({ text, shown }, place) => {
  const name = text.includes(" ") ? `(${text})` : text;
  return shown.length ? `${name}[${indexOf(shown, place).join(", ")}]` : name;
};

const indexOf = (shown, place) => {
  const index = [];
  for (const along of [...shown].reverse()) {
    index.unshift(along[place % along.length]);
    place = Math.floor(place / along.length);
  }
  return index;
};

/** A shape with each size in its axis' colour. */
export const shapeOf = ({ shape, axes }, tones) => {
  const element = made("span", "shape", "(");
  for (const [at, size] of shape.entries()) {
    const part = made("span", "", axes[at] ? `${axes[at]} = ${counted(size)}` : counted(size));
    part.style.color = tones[axes[at]] ?? "";
    element.append(at ? ", " : "", part);
  }
  element.append(")");
  return element;
};

/** How a tensor is laid out: its pages, and on each the axes that run down and right, where there are any. */
const layoutOf = ({ axes, shown }) => {
  const rank = axes.length;
  const [down, right] = rank > 1 ? [rank - 2, rank - 1] : rank && DOWN.includes(axes[0]) ? [0, -1] : [-1, rank - 1];
  const length = (axis) => (axis < 0 ? 1 : shown[axis].length);
  const pages = shown.slice(0, Math.max(rank - 2, 0)).reduce((count, along) => count * along.length, 1);
  return { down, right, rows: length(down), columns: length(right), pages };
};

/** The page that a number stands on, or the one at indices by letter, as far as they say. */
export const pageOf = (tensor, place, turned) => {
  const { rows, columns } = layoutOf(tensor);
  const before = tensor.shown.slice(0, -2);
  const own = indexOf(before, Math.floor(place / (rows * columns)));
  const places = before.map((along, axis) => Math.max(0, along.indexOf(turned?.[tensor.axes[axis]] ?? own[axis])));
  return places.reduce((page, at, axis) => page * before[axis].length + at, 0);
};

const heading = (tensor, axis, at, tones, scope) => {
  const letter = tensor.axes[axis];
  const head = made("th", "", `${letter} ${counted(tensor.shown[axis][at])}`);
  head.scope = scope;
  head.style.color = tones[letter];
  return head;
};

/**
 * One tensor: what it is called, its pages to choose from, its numbers. lit: those on the way, or nothing; chosen: the one that
 * is followed. choose, turn: called with a cell, and with the indices of a page by letter.
 */
export const tableOf = (tensor, { tones, ramp, words, lit, chosen, page, choose, turn }) => {
  const figure = made("figure", "table");
  const caption = made("figcaption");
  caption.append(made("code", "", tensor.text), " ", shapeOf(tensor, tones));
  figure.append(caption);
  if (!tensor.cells) {
    figure.append(made("p", "unseen", words.unseen));
    return figure;
  }
  const { down, right, rows, columns, pages } = layoutOf(tensor);
  if (pages > 1) figure.append(pagesOf(tensor, pages, page, words, turn));
  const table = made("table");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", `${tensor.text}, ${words.numbers}`);
  const first = page * rows * columns;
  if (right >= 0) {
    const row = table.createTHead().insertRow();
    if (down >= 0) row.append(made("td"));
    for (let at = 0; at < columns; at++) row.append(heading(tensor, right, at, tones, "col"));
    if (tensor.shown[right].length < tensor.shape[right]) row.append(made("td", "more", "…"));
  }
  const body = table.createTBody();
  for (let at = 0; at < rows; at++) {
    const row = body.insertRow();
    if (down >= 0) row.append(heading(tensor, down, at, tones, "row"));
    for (let across = 0; across < columns; across++) row.append(cellOf(tensor, first + at * columns + across, ramp, lit, chosen));
  }
  if (down >= 0 && rows < tensor.shape[down]) body.insertRow().append(made("td", "more", "⋮"));
  const cells = [...body.querySelectorAll("[data-cell]")];
  const stop = cells.find((cell) => Number(cell.dataset.cell) === chosen) ?? cells[0];
  if (stop) stop.tabIndex = 0;
  table.onclick = (event) => {
    const cell = event.target.closest("[data-cell]");
    if (cell) choose(Number(cell.dataset.cell));
  };
  table.onkeydown = (event) => move(event, cells, columns, choose);
  figure.append(table);
  return figure;
};

const cellOf = (tensor, place, ramp, lit, chosen) => {
  const text = tensor.cells[place];
  const cell = made("td", "", text, { cell: place });
  const shade = tensor.shades[place];
  cell.setAttribute("role", "gridcell");
  cell.tabIndex = -1;
  cell.setAttribute("aria-label", `${entryName(tensor, place)} = ${text}`);
  cell.setAttribute("aria-selected", place === chosen);
  if (shade === null) cell.classList.add("none");
  else {
    const colour = colourOf(ramp, shade / SHADES);
    Object.assign(cell.style, { background: `rgb(${colour.join()})`, color: inkOn(colour) });
  }
  if (lit?.has(place)) cell.classList.add("lit");
  if (place === chosen) cell.classList.add("chosen");
  return cell;
};

/** Arrows go from number to number, and no further; Enter and the blank choose one. */
const move = (event, cells, columns, choose) => {
  const at = cells.indexOf(event.target.closest("[data-cell]"));
  if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter" || event.key === " ") choose(Number(cells[at].dataset.cell));
  else if (event.key in MOVES) {
    const [down, right] = MOVES[event.key];
    const inside = right === 0 || Math.floor(at / columns) === Math.floor((at + right) / columns);
    const next = cells[at + down * columns + right];
    if (inside && next) {
      cells[at].tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  } else return;
  event.preventDefault();
  event.stopPropagation();
};

const pagesOf = (tensor, pages, page, words, turn) => {
  const { shown, axes } = tensor;
  const select = made("select");
  select.setAttribute("aria-label", fill(words.page, { text: tensor.text }));
  const before = shown.slice(0, -2);
  for (let at = 0; at < pages; at++) {
    const name = indexOf(before, at).map((index, axis) => `${axes[axis]} = ${index}`);
    const option = made("option", "", name.join(", "));
    option.value = at;
    select.append(option);
  }
  select.value = page;
  select.onchange = () => turn(Object.fromEntries(indexOf(before, Number(select.value)).map((index, axis) => [axes[axis], index])));
  return select;
};
