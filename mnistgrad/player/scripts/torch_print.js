// A few rows of numbers as torch prints them: torch/_tensor_str.py, with its four digits.
const DIGITS = 4;
const EDGE = 3; // numbers at each end of a row that is shortened

const exponential = (value) => value.toExponential(DIGITS).replace(/e([+-])(\d)$/, "e$10$2");

/** How torch writes each of these numbers, from all of them together. */
export const formatOf = (values) => {
  const sizes = values.filter(Boolean).map(Math.abs);
  const [most, least] = [Math.max(...sizes), Math.min(...sizes)];
  const whole = sizes.every(Number.isInteger);
  const far = sizes.length > 0 && (most / least > 1000 || most > 1e8 || (!whole && least < 1e-4));
  const write = far ? exponential : (value) => value.toFixed(whole ? 0 : DIGITS).replace(/^-(?=0\.?0*$)/, Object.is(value, -0) || value < 0 ? "-" : "");
  const width = Math.max(1, ...values.filter(Boolean).map((value) => write(value).length));
  return (value) => (write(value) + (whole && !far ? "." : "")).padStart(width);
};

/** Pieces of each line: text as it stands, and numbers by their place in a row. */
export const printedRows = (rows, shortened) => {
  const format = formatOf(rows.flat());
  return rows.map((row, line) => {
    const pieces = [line ? "        [" : "tensor([["];
    row.forEach((value, place) => {
      if (place) pieces.push(shortened && place === EDGE ? ",  ..., " : ", ");
      pieces.push({ place, text: format(value) });
    });
    pieces.push(line < rows.length - 1 ? "]," : "]])");
    return pieces;
  });
};
