/** Makes a place a stop of the Tab key, by this name, while there is more in it than shows: then arrows scroll it. */
export const reachable = (place, name) => {
  const holds = place.querySelector('[tabindex="0"]'); // which scrolls it
  const scrolls = !holds && (place.scrollWidth > place.clientWidth + 1 || place.scrollHeight > place.clientHeight + 1);
  if (scrolls === place.hasAttribute("tabindex")) return;
  for (const [attribute, value] of Object.entries({ tabindex: 0, role: "group", "aria-label": name })) {
    if (scrolls) place.setAttribute(attribute, value);
    else place.removeAttribute(attribute);
  }
};
