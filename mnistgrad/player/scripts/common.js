// What the players share: they unpack what they were sent, keep their place in the link, and paint maps of the pixels.
import { toExponential, toFixed } from "./rounding.js";

const KINDS = { u1: Uint8Array, u2: Uint16Array, f4: Float32Array };

/** A header with its arrays among it, as packing.py packs them. */
export const unpack = async (packed) => {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = await new Response(stream).arrayBuffer();
  let at = 4 + new DataView(bytes).getUint32(0, true);
  const { parts, ...header } = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, at - 4)));
  const take = ([name, kind, length]) => {
    const size = length * KINDS[kind].BYTES_PER_ELEMENT;
    at += size;
    return [name, new KINDS[kind](bytes.slice(at - size, at))];
  };
  return { ...header, ...Object.fromEntries(parts.map(take)) };
};

/** Numbers of as many planes of bytes as there are, lowest bytes first, times their step. */
export const fromPlanes = (bytes, numbers, step) => {
  const planes = bytes.length / numbers;
  const shift = 32 - 8 * planes;
  return Float32Array.from({ length: numbers }, (_, at) => {
    let whole = 0;
    for (let plane = 0; plane < planes; plane++) whole |= bytes[plane * numbers + at] << (8 * plane);
    return ((whole << shift) >> shift) * step;
  });
};

/** Calls `show` with what was sent, unless something newer has come meanwhile. */
export const whenUnpacked = (root, packed, show) => {
  root.newest = packed;
  const refuse = () => {
    root.textContent = "This browser is too old to draw the picture.";
  };
  unpack(packed).then((sent) => root.newest === packed && show(sent), refuse);
};

/** A whole number of the link, or nothing where it holds none between the two. */
export const inLink = (name, low, high) => {
  const text = new URLSearchParams(location.search).get(name);
  return /^\d{1,9}$/.test(text ?? "") && text >= low && text <= high ? Number(text) : undefined;
};

/** What the link holds by a name, or nothing where it does not read as it should. */
export const wordInLink = (name, form) => new URLSearchParams(location.search).get(name)?.match(form)?.[0];

/** Keeps values in the link without asking the server, and none that are as they start. Whoever else writes there keeps them. */
export const keepInLink = (values, starts) => {
  const link = new URL(location);
  const watched = globalThis.mnistgradLink ?? {}; // by history.js
  if (watched.ownPage !== location.pathname) Object.assign(watched, { ownPage: location.pathname, own: {}, lesson: undefined });
  for (const [name, value] of Object.entries(values)) {
    watched.own[name] = value === starts[name] ? null : value;
    if (watched.own[name] === null) link.searchParams.delete(name);
    else link.searchParams.set(name, value);
  }
  if (link.href !== location.href) history.replaceState(history.state, "", link);
};

/** Takes them out of the link once the player that kept them is gone, unless the page is another by then. */
export const letGoOfLink = (names) => {
  const watched = globalThis.mnistgradLink;
  if (watched?.ownPage !== location.pathname) return;
  const nothing = Object.fromEntries(names.map((name) => [name, null]));
  keepInLink(nothing, nothing);
};

/** Calls `read` when the reader goes back or forward to another link of the same page, as long as the player stands there. */
export const whenTurned = (root, read) => {
  root.turned?.abort();
  root.turned = new AbortController();
  addEventListener("popstate", () => root.isConnected && read(), { signal: root.turned.signal });
};

/** "{m} images" with what is named in braces. */
export const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export const counted = (number) => number.toLocaleString("en-US");

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Three significant digits with a sign, as the pages write them. */
export const significant = (value) => {
  if (!value) return "0";
  const sign = value < 0 ? "−" : "+";
  const size = Math.abs(value);
  const [mantissa, exponent] = toExponential(size, 2).split("e").map(Number);
  if (exponent >= -3 && exponent <= 4) return sign + (exponent < 2 ? toFixed(size, 2 - exponent) : counted(Number(toFixed(size, 0))));
  const power = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[digit]).join("");
  return `${sign}${mantissa.toFixed(2)}\u00a0×\u00a010${exponent < 0 ? "⁻" : ""}${power}`;
};

/** The colour of value / limit, -1 to 1, in a table of colours; of 0 to 1 where the table begins at 0. */
export const colourOf = (table, share, from = -1) => {
  const last = table.length / 3 - 1;
  const at = 3 * Math.round(((Math.max(from, Math.min(1, share)) - from) / (1 - from)) * last);
  return table.subarray(at, at + 3);
};

/** Paints one pixel of the canvas for each number from 0. */
export const paint = (canvas, columns, rows, colour) => {
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  for (let at = 0; at < columns * rows; at++) {
    image.data.set(colour(at), 4 * at);
    image.data[4 * at + 3] = 255;
  }
  context.putImageData(image, 0, 0);
};

export const largestOf = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Whichever of black and white reads better on the colour. */
export const inkOn = ([red, green, blue]) => {
  const [r, g, b] = [red, green, blue].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
};

/** Which cell of a canvas of so many columns and rows the pointer is on. */
export const cellAt = (event, canvas, columns, rows) => {
  const box = canvas.getBoundingClientRect();
  const cell = (at, from, size, count) => Math.max(0, Math.min(count - 1, Math.floor(((at - from) / size) * count)));
  return cell(event.clientY, box.top, box.height, rows) * columns + cell(event.clientX, box.left, box.width, columns);
};

export const made = (tag, className = "", textContent = "", data = {}) => {
  const element = Object.assign(document.createElement(tag), { className, textContent });
  Object.assign(element.dataset, data);
  return element;
};

/** The element where a pixel lies on a map of so many to a side. */
export const placed = (element, row, side) => {
  Object.assign(element.style, { left: `${(100 * (row % side)) / side}%`, top: `${(100 * Math.floor(row / side)) / side}%` });
  return element;
};

const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY };

export const modified = (event) => event.ctrlKey || event.altKey || event.metaKey;

/** How far a key leads, or nothing where it leads nowhere. */
export const stepOf = (event) => (modified(event) ? undefined : STEPS[event.key]);

/** Shows which of the two answers was given: that the rows are equal, that they differ, or null. */
export const press = (root, answer) => {
  root.querySelector(".equal").setAttribute("aria-pressed", answer === true);
  root.querySelector(".differ").setAttribute("aria-pressed", answer === false);
};

/** Text with "[word](#term-word)" as a link, which the page explains; nothing is touched where it says so already. */
export const write = (element, text) => {
  if (element.written === text) return;
  element.written = text;
  const pieces = text.split(/\[([^\]]+)\]\((#[^)]+)\)/);
  const link = (place) => Object.assign(document.createElement("a"), { textContent: pieces[place], href: pieces[place + 1] });
  element.replaceChildren(...pieces.flatMap((piece, place) => (place % 3 === 0 ? [piece] : place % 3 === 1 ? [link(place)] : [])));
};
