import { reachable } from "./reachable.js";
import { spoken } from "./spoken.js";
import { stacked } from "./stacked.js";

const unpack = async (packed) =>
  JSON.parse(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).text());

const PATIENCE = 3_000; // ms for an answer; what is sent again for nothing, the server knows by its number
const SOON = 20; // ms until it is seen again whether the page has come to rest
const STILL = 5; // px that a hand may move between press and release

// Every click counts. Those made while others are on their way are sent once the server has answered these and the page's fields
// hold what they made: what is sent has all fields with it, and an older value would stand for what the click is added to. answered: the number of the last click that the server knows.
const takeClicks = (scroll, answered, setTriggerValue) => {
  const begun = !scroll.clicks || answered < scroll.answered; // it counts anew where the server does
  if (begun) Object.assign(scroll, { clicks: [], made: answered, sent: answered });
  scroll.answered = answered;
  scroll.clicks = scroll.clicks.filter(([number]) => number > answered);
  const isIdle = () => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning";
  const send = () => {
    clearTimeout(scroll.later);
    const waits = scroll.sent > answered && performance.now() - scroll.sentAt < PATIENCE;
    if (!scroll.clicks.length || waits) return;
    if (!isIdle()) {
      scroll.later = setTimeout(() => scroll.send(), SOON);
      return;
    }
    scroll.sent = scroll.made;
    scroll.sentAt = performance.now();
    setTriggerValue("clicks", scroll.clicks);
  };
  const choose = (picked) => {
    if (!picked || !scroll.classList.contains("picks")) return;
    scroll.clicks.push([++scroll.made, Number(picked.dataset.row)]);
    send();
  };
  Object.assign(scroll, { choose, send });
  scroll.onclick = (event) => choose(event.target.closest("[data-row]"));
  scroll.onpointerup = (event) => { // where a new picture came since the press of a mouse, the browser makes no click of it
    const { pressed } = scroll;
    scroll.pressed = null;
    const still = pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < STILL;
    if (still && pressed.row && !pressed.row.isConnected) choose(pressed.row);
  };
  send();
};

// What is clicked is reached by keyboard too: the picture is one stop of the Tab key, arrows go on to the nearest place in their
// direction, Enter or the blank chooses it. Each place says its tip.
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ASIDE = 3; // how much more a px across counts than one along

const middle = (place) => {
  const box = place.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
};

const nextTo = (place, [right, down], places) => {
  const [x, y] = middle(place);
  const far = (other) => {
    const [dx, dy] = middle(other).map((at, axis) => at - [x, y][axis]);
    const along = dx * right + dy * down;
    return along > 1 ? along + ASIDE * Math.abs(dx * down + dy * right) : Infinity;
  };
  const [nearest, distance] = places.reduce((best, other) => (far(other) < best[1] ? [other, far(other)] : best), [null, Infinity]);
  return distance < Infinity ? nearest : null;
};

const takeKeys = (scroll, tell) => {
  const places = () => [...scroll.querySelectorAll("[data-row]")];
  const enter = (place) => {
    scroll.querySelector("[tabindex='0']")?.setAttribute("tabindex", -1);
    place.setAttribute("tabindex", 0);
    place.setAttribute("role", "button");
    place.setAttribute("aria-label", place.closest("[data-tip]")?.dataset.tip ?? "");
    return place;
  };
  scroll.onkeydown = (event) => {
    const place = event.target.closest("[data-row]");
    if (!place) return;
    const next = event.key in ARROWS && nextTo(place, ARROWS[event.key], places());
    if (next) enter(next).focus();
    if (event.key === "Enter" || event.key === " ") scroll.choose(place);
    else if (!(event.key in ARROWS)) return;
    event.preventDefault();
    event.stopPropagation(); // no key that is pressed in a picture steps through the page
  };
  scroll.onfocusin = (event) => event.target.matches(":focus-visible") && tell(event.target);
  scroll.onfocusout = () => tell(null);
  return {
    held: () => places().indexOf(scroll.getRootNode().activeElement), // as a new picture comes
    resume: (held) => {
      const all = scroll.classList.contains("picks") ? places() : [];
      if (all.length) enter(all[Math.max(held, 0)] ?? all[0]);
      if (held >= 0) all[held]?.focus();
    },
  };
};

const flow = (scroll) => {
  const { whole, cuts, least } = scroll;
  const room = scroll.clientWidth;
  if (!cuts?.length || scroll.room === room) return;
  scroll.room = room;
  scroll.replaceChildren(whole);
  if (room < least) scroll.replaceChildren(stacked(whole, cuts, room));
};

export default function ({ parentElement, data, setTriggerValue }) {
  const scroll = parentElement.querySelector(".scroll");
  const tip = parentElement.querySelector(".tip");
  const says = parentElement.querySelector(".says");
  const draw = ({ svg: text, widths, picks, cuts, says: sentence }) => {
    scroll.classList.toggle("picks", picks);
    says.hidden = !sentence;
    says.replaceChildren(...spoken(sentence));
    if (scroll.shown === text) return;
    hide();
    scroll.shown = text;
    const held = keys.held();
    scroll.innerHTML = text;
    const svg = scroll.querySelector("svg");
    if (picks) svg.setAttribute("role", "group"); // what is in an img is not read out
    Object.assign(scroll, { whole: svg, cuts, least: widths.least, room: 0 });
    for (const [name, px] of Object.entries(widths)) svg.style.setProperty(`--${name}`, `${px}px`);
    for (const title of svg.querySelectorAll("title")) {
      title.parentElement.dataset.tip = title.textContent;
      title.remove();
    }
    flow(scroll);
    keys.resume(held);
    fade();
  };
  const tell = (place, x, y) => {
    const under = place?.closest?.("[data-tip]");
    tip.hidden = !under;
    if (!under) return;
    tip.textContent = under.dataset.tip;
    const box = tip.getBoundingClientRect();
    const left = Math.min(x + 14, innerWidth - box.width - 8);
    const above = y + 18 + box.height > innerHeight;
    tip.style.left = `${Math.max(left, 8)}px`;
    tip.style.top = `${above ? y - box.height - 10 : y + 18}px`;
  };
  const show = (event) => tell(event.target, event.clientX, event.clientY);
  const keys = takeKeys(scroll, (place) => tell(place, ...(place ? middle(place) : [])));
  const hide = () => { tip.hidden = true; };
  const fade = () => {
    scroll.classList.toggle("more", scroll.scrollLeft + scroll.clientWidth < scroll.scrollWidth - 4);
    reachable(scroll, scroll.querySelector("svg")?.getAttribute("aria-label"));
  };
  scroll.onscroll = fade;
  scroll.resized ??= new ResizeObserver(() => {
    flow(scroll);
    scroll.onscroll();
  });
  scroll.resized.observe(scroll);
  scroll.onpointermove = show;
  scroll.onpointerdown = (event) => {
    const mouse = event.pointerType === "mouse" && event.button === 0;
    scroll.pressed = mouse && { row: event.target.closest("[data-row]"), x: event.clientX, y: event.clientY };
    show(event);
  };
  scroll.onpointerleave = () => {
    scroll.pressed = null;
    hide();
  };
  takeClicks(scroll, new DataView(data.buffer, data.byteOffset).getUint32(0), setTriggerValue);
  scroll.newest = data;  // what is unpacked after something newer has come is not drawn
  const unlessOld = (then) => (given) => scroll.newest === data && then(given);
  const refuse = () => { scroll.textContent = scroll.shown = "This browser is too old to draw the picture."; };
  unpack(data.subarray(4)).then(unlessOld(draw), unlessOld(refuse));
  return () => scroll.newest === data && scroll.resized.disconnect(); // it may come late, when newer data have been drawn
}
