// A few rows of numbers as torch prints them: torch/_tensor_str.py, with its four digits and lines of 80 characters.
import { toExponential, toFixed } from "./rounding.js";

const DIGITS = 4;
const EDGE = 3; // numbers at each end of a row that is shortened
const WIDE = 80;
const BEFORE = "        "; // a row but the first

const signed = (value, text) => (Object.is(value, -0) ? `-${text}` : text);
const exponential = (value) => signed(value, toExponential(value, DIGITS).replace(/e([+-])(\d)$/, "e$10$2"));
const fixed = (digits) => (value) => signed(value, toFixed(value, digits));

/** How torch writes each of these numbers, from all of them together, and how wide. */
const formatOf = (values) => {
  const sizes = values.filter(Boolean).map(Math.abs);
  const [most, least] = [Math.max(...sizes), Math.min(...sizes)];
  const whole = sizes.every(Number.isInteger);
  const far = sizes.length > 0 && (most / least > 1000 || most > 1e8 || (!whole && least < 1e-4));
  const write = far ? exponential : fixed(whole ? 0 : DIGITS);
  const width = Math.max(1, ...values.filter(Boolean).map((value) => write(value).length));
  return { width, format: (value) => (write(value) + (whole && !far ? "." : "")).padStart(width) };
};

/** Pieces of each row: text as it stands, and numbers by their place in it. */
export const printedRows = (rows, shortened) => {
  const { width, format } = formatOf(rows.flat());
  const inLine = Math.max(1, Math.floor((WIDE - BEFORE.length) / (width + 2)));
  return rows.map((row, line) => {
    const numbers = row.map((value, place) => ({ place, text: format(value) }));
    const items = shortened ? [...numbers.slice(0, EDGE), " ...", ...numbers.slice(EDGE)] : numbers;
    const between = (place) => (!place ? [] : [place % inLine ? ", " : `,\n${BEFORE} `]);
    const inside = items.flatMap((item, place) => [...between(place), item]);
    return [line ? `${BEFORE}[` : "tensor([[", ...inside, line < rows.length - 1 ? "]," : "]])"];
  });
};
