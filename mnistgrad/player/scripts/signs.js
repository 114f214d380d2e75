// The sign of a value without its colour: a fine minus on every cell that is seen to be negative, over the canvas of the colours.
import { colourOf, inkOn } from "./common.js";

const CELL = 10; // px of the canvas across a cell, of which a minus takes 4 by 1
const FAINT = 0.1; // of the scale's end: what is nearer to 0 is seen as 0

/** numbers: of the cells, row by row; table: of their colours, to `limit`. */
export const drawSigns = (canvas, columns, rows, numbers, limit, table) => {
  const down = (CELL * canvas.clientHeight * columns) / (canvas.clientWidth * rows) || CELL; // no cell is stretched
  Object.assign(canvas, { width: columns * CELL, height: rows * down }); // which clears it
  const context = canvas.getContext("2d");
  context.globalAlpha = 0.6;
  numbers.forEach((number, at) => {
    if (number >= -FAINT * limit) return;
    context.fillStyle = inkOn(colourOf(table, number / limit));
    context.fillRect((at % columns) * CELL + 0.3 * CELL, (Math.floor(at / columns) + 0.5) * down - 0.05 * CELL, 0.4 * CELL, 0.1 * CELL);
  });
};
