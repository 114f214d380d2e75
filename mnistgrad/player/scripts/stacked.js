// The parts of an equation follow each other as words do: where the page is too narrow for all of them, they go on below.
// Each part is a window onto the whole picture, between two of the places where it may be cut, and holds what is seen there.
const APART = 12; // px between two lines of parts
const SHRINKS = 0.8; // of a part that is wider than the page, before it scrolls
const GRAZED = 4; // px by which the box of a text may reach beyond a cut

// Where each element stands from left to right, in the picture's own px; whole: as it is shown.
const extents = (whole, width) => {
  const box = whole.getBoundingClientRect();
  return [...whole.querySelectorAll("*")].map((each) => {
    const { left, right, height } = each.getBoundingClientRect();
    const drawn = !each.querySelector(":scope > :not(title)") && (right > left || height > 0);
    return drawn ? [left, right].map((x) => ((x - box.left) * width) / box.width) : [0, width];
  });
};

const seenBetween = (whole, where, left, right) => {
  const copy = whole.cloneNode(true);
  const outside = ([from, to]) => to < left + GRAZED || from > right - GRAZED;
  const all = [...copy.querySelectorAll("*")];
  for (const [place, each] of all.entries()) if (outside(where[place])) each.remove();
  return copy.children;
};

export const stacked = (whole, cuts, room) => {
  const [, , width, height] = whole.getAttribute("viewBox").split(" ").map(Number);
  const where = extents(whole, width);
  const stack = whole.cloneNode(false);
  let [x, y, wide] = [0, 0, room];
  for (const [place, left] of [0, ...cuts].entries()) {
    const part = document.createElementNS(whole.namespaceURI, "svg");
    const long = (cuts[place] ?? width) - left;
    if (x > 0 && x + long > room) [x, y] = [0, y + height + APART];
    const at = { x, y, width: long, height, viewBox: `${left} 0 ${long} ${height}` };
    for (const [name, value] of Object.entries(at)) part.setAttribute(name, value);
    part.append(...seenBetween(whole, where, left, left + long));
    stack.append(part);
    x += long;
    wide = Math.max(wide, x);
  }
  const tall = y + height;
  for (const [name, value] of Object.entries({ width: wide, height: tall, viewBox: `0 0 ${wide} ${tall}` })) stack.setAttribute(name, value);
  const least = wide > room ? SHRINKS * wide : 0;
  for (const [name, px] of Object.entries({ least, comfortable: least, drawn: wide, most: wide })) stack.style.setProperty(`--${name}`, `${px}px`);
  return stack;
};
