// What a printed page says of itself, and the colours of paper: what is dark on the screen is made light while it is printed.
const SWAPPED = "invert(1) hue-rotate(180deg) brightness(1.12)"; // about the same, for pixels that cannot be read at once
const NOT_OF_THE_STATE = ["embed", "embed_options", "card", "presenter"];
const COLOURED = ["fill", "stroke", "style"];
const COLOUR = /#[0-9a-f]{6}\b|rgb\((\d+), (\d+), (\d+)\)/gi;
const LEVELS = 255; // as in palette.py

const hex = (channels) => `#${channels.map((each) => Math.round(each).toString(16).padStart(2, "0")).join("")}`;
const channelsOf = (colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

const rampOf = (stops) =>
  Array.from({ length: LEVELS }, (_, level) => {
    const at = (level / (LEVELS - 1)) * (stops.length - 1);
    const [below, above] = [Math.floor(at), Math.ceil(at)].map((place) => channelsOf(stops[place]));
    return hex(below.map((from, channel) => from + (above[channel] - from) * (at - Math.floor(at))));
  });

const everywhere = (root, visit) => {
  for (const each of root.querySelectorAll("*")) {
    visit(each);
    if (each.shadowRoot) everywhere(each.shadowRoot, visit);
  }
};

const lightOf = ({ plain, ramps }) => {
  const found = new Map();
  for (const [dark, light] of ramps.map((pair) => pair.map(rampOf))) for (const [level, colour] of dark.entries()) found.set(colour, light[level]);
  for (const [dark, light] of plain) found.set(dark, light);
  return (text) => text.replace(COLOUR, (colour, ...parts) => {
    const known = colour.startsWith("#") ? colour.toLowerCase() : hex(parts.slice(0, 3).map(Number));
    return found.get(known) ?? colour;
  });
};

const repaint = (canvas, light) => {
  const context = canvas.getContext("2d");
  const painted = context.getImageData(0, 0, canvas.width, canvas.height);
  const now = new ImageData(new Uint8ClampedArray(painted.data), canvas.width);
  for (let at = 0; at < now.data.length; at += 4) now.data.set(channelsOf(light(hex([...now.data.subarray(at, at + 3)]))), at);
  context.putImageData(now, 0, 0);
  return () => context.putImageData(painted, 0, 0);
};

const lighten = (exchanged) => {
  const undo = [];
  const light = lightOf(exchanged);
  everywhere(document.querySelector("[data-testid=stMain]"), (each) => {
    if (each.matches("canvas") && each.width) undo.push(repaint(each, light));
    if (each.matches("image")) {
      const { filter } = each.style;
      each.style.filter = SWAPPED;
      undo.push(() => { each.style.filter = filter; });
      return;
    }
    for (const name of COLOURED) {
      const text = each.getAttribute(name);
      const now = text && light(text);
      if (!text || now === text) continue;
      each.setAttribute(name, now);
      undo.push(() => each.setAttribute(name, text));
    }
  });
  return () => {
    for (const back of undo) back();
  };
};

const linkOfState = () => {
  const link = new URL(location.href);
  for (const name of NOT_OF_THE_STATE) link.searchParams.delete(name);
  return link.href;
};

export default function ({ parentElement, data }) {
  parentElement.printing?.abort();
  const printing = new AbortController();
  parentElement.printing = printing;
  const { signal } = printing;
  const place = parentElement.querySelector("p");
  let back = null;
  const begin = () => {
    place.textContent = `${data.state} · ${linkOfState()}`;
    back ??= data.exchanged ? lighten(data.exchanged) : () => {};
  };
  const end = () => {
    back?.();
    back = null;
  };
  const paper = matchMedia("print");
  const follow = () => (paper.matches ? begin() : end());
  addEventListener("beforeprint", begin, { signal });
  addEventListener("afterprint", end, { signal });
  paper.addEventListener("change", follow, { signal });
  follow();
  signal.addEventListener("abort", end);
  return () => printing.abort();
}
