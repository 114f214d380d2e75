// Where the lesson stands, in the page's link: its step, the number that is followed, and how pages are turned.
import { inLink, keepInLink, wordInLink } from "./common.js";

const TURNED = /^[a-z]\d{1,5}(\.[a-z]\d{1,5})*$/; // axes and indices

/** Where the page's link keeps the step by this name; "" where it does not. */
export const linkOf = (name, title) => ({
  another: () => (globalThis.mnistgradLink?.lesson ?? title) !== title, // what the link holds is of a lesson that stood here before
  begin: (count, another) => {
    const kept = JSON.parse((!globalThis.mnistgradLink?.turned && sessionStorage.getItem(`lesson-${name}`)) || "{}"); // comes here again
    const step = name && ((another ? undefined : inLink(name, 1, count)) ?? (kept.title === title ? kept.step : undefined));
    return step >= 1 && step <= count ? step - 1 : undefined;
  },
  note: (step, byReader) => {
    if (!name) return;
    keepInLink({ [name]: step }, { [name]: 1 });
    if (byReader) sessionStorage.setItem(`lesson-${name}`, JSON.stringify({ title, step }));
  },
  found: () => {
    const [frame, tensor, cell] = wordInLink("cell", /^\d{1,4}\.\d{1,4}\.\d{1,6}$/)?.split(".").map(Number) ?? [];
    const turned = (wordInLink("turned", TURNED) ?? "").split(".").filter(Boolean);
    return {
      follow: frame === undefined ? null : { frame, tensor, cell },
      turned: Object.fromEntries(turned.map((page) => [page[0], Number(page.slice(1))])),
    };
  },
  keep: ({ follow, turned }) => {
    if (!name) return;
    if (globalThis.mnistgradLink) globalThis.mnistgradLink.lesson = title;
    const cell = follow && [follow.frame, follow.tensor, follow.cell].join(".");
    const pages = Object.entries(turned).map(([letter, index]) => letter + index);
    keepInLink({ cell, turned: pages.join(".") }, { cell: null, turned: "" });
  },
});
