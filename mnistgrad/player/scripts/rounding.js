// Digits as Python writes them: what lies in the middle is rounded to the even digit. JavaScript rounds it away from zero.
const MORE = 60; // digits, more than what lies in the middle has

const even = (up, exact) => {
  const [digits, power] = up.split("e"), last = digits.length - 1;
  const isMiddle = /^\.?50*$/.test(exact.split("e")[0].slice(digits.length));
  if (!isMiddle || digits[last] % 2 === 0) return up;
  return digits.slice(0, last) + (digits[last] - 1) + (power ? `e${power}` : "");
};

export const toFixed = (value, digits) => even(value.toFixed(digits), value.toFixed(digits + MORE));
export const toExponential = (value, digits) => even(value.toExponential(digits), value.toExponential(digits + MORE));
