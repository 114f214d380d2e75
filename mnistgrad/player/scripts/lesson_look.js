// The colours, letters and pictures of the lesson.
import { reachable } from "./reachable.js";
import { stacked } from "./stacked.js";

const MOST = 255 * 3; // bytes of one ramp of colours

/** The colours and letters that were sent; of two themes those of the reader's. */
export const setUp = (root, sent) => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => (sent.themes.length > 1 && dark.matches ? 1 : 0);
  const colours = () => {
    for (const [name, colour] of Object.entries(sent.themes[theme()])) root.style.setProperty(`--${name}`, colour);
  };
  colours();
  for (const [at, name] of sent.fonts.entries()) {
    const [family, weight] = name.split("/");
    document.fonts.add(new FontFace(family, sent[`font${at}`], { weight }));
  }
  return { colours, dark, ramp: () => sent.ramps.subarray(MOST * theme(), MOST * (theme() + 1)) };
};

/** A picture as wide as its place; where that is too narrow its parts stack. One that is not here yet keeps its room. */
export const showPicture = (place, picture) => {
  const room = place.clientWidth;
  if (!picture || (place.shown === picture.svg && place.room === room)) return;
  if (place.shown !== picture.svg) {
    place.innerHTML = picture.svg; // made of shapes, whose words are escaped
    place.whole = place.querySelector("svg");
  }
  const [most, least] = picture.widths;
  Object.assign(place, { shown: picture.svg, room });
  place.style.setProperty("--most", `${most}px`);
  place.whole.style.setProperty("--drawn", `${place.whole.getAttribute("width")}px`);
  place.replaceChildren(place.whole);
  if (room && room < least && picture.cuts.length) place.replaceChildren(stacked(place.whole, picture.cuts, room));
  reachable(place, place.whole.getAttribute("aria-label"));
};
