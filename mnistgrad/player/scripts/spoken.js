// What our captions use of Markdown: colour, weight, code, and words that the page explains.
const MARKED = /:(\w+)\[((?:\[[^\]]*\]\([^)]*\)|`[^`]*`|[^\]])*)\]|\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\((#[^)]+)\)/;

export const spoken = (text) => {
  const found = MARKED.exec(text);
  if (!found) return [text];
  const [all, colour, coloured, bold, code, word, href] = found;
  const element = document.createElement(href ? "a" : code ? "code" : bold ? "b" : "span");
  if (href) element.href = href;
  if (colour) element.className = colour;
  element.append(...(code ? [code] : spoken(coloured ?? bold ?? word)));
  return [text.slice(0, found.index), element, ...spoken(text.slice(found.index + all.length))];
};
