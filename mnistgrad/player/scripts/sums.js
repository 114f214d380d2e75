// The arithmetic of the moving picture: every sum of the first parts of w1.g, and which of its rows are the same.
import { fromPlanes, largestOf } from "./common.js";

const EARLY = [3, 10]; // images, till which they are added one by one for the eye

/** sent: see moving_picture.py. A place is how many images are added; the last is all n, where more are than were sent. */
export const sumsOf = (sent) => {
  const { pixels, out_g: outG, levels, units, sent: m, n } = sent;
  const size = sent.side ** 2;
  const last = n > m ? m + 1 : m;
  const all = new Float32Array((last + 1) * size * units);
  const sum = new Float64Array(size * units);
  const histories = new Int32Array(size); // rows are the same while their pixels were, in images that add anything
  const distinct = [1];
  for (let image = 0; image < m; image++) {
    const numbers = outG.subarray(image * units, (image + 1) * units);
    for (let row = 0; row < size; row++) {
      const inp = levels[pixels[image * size + row]];
      for (let unit = 0; unit < units; unit++) sum[row * units + unit] += inp * numbers[unit];
    }
    all.set(sum, (image + 1) * size * units);
    distinct.push(numbers.some(Boolean) ? parted(histories, pixels.subarray(image * size, (image + 1) * size)) : distinct.at(-1));
  }
  if (last > m) {
    all.set(fromPlanes(sent.whole, size * units, sent.step), last * size * units);
    distinct.push(sent.distinct);
  }
  const at = (place, row, unit) => all[(place * size + row) * units + unit];
  const part = (place, row, unit) =>
    place > m ? at(place, row, unit) - at(m, row, unit) : levels[pixels[(place - 1) * size + row]] * outG[(place - 1) * units + unit];
  return { last, size, distinct, at, part, number: (place, unit) => outG[(place - 1) * units + unit], most: largestOf(outG) };
};

/** Gives rows of one history and different pixels different histories from here on; how many there are. */
const parted = (histories, pixels) => {
  const known = new Map();
  for (let row = 0; row < histories.length; row++) {
    const key = histories[row] * 256 + pixels[row];
    if (!known.has(key)) known.set(key, known.size);
    histories[row] = known.get(key);
  }
  return known.size;
};

/** Images a second while it plays from a place. */
export const paceAt = (place) => (place < EARLY[0] ? 0.6 : place < EARLY[1] ? 2 : 8);
