// Plays a lesson: one frame for each operation that ran, all sent at once, so that no step waits for anybody.
import { counted, fill, letGoOfLink, made, modified, stepOf, whenTurned, whenUnpacked } from "./common.js";
import { codeOf, written } from "./lesson_code.js";
import { linkOf } from "./lesson_link.js";
import { setUp, showPicture } from "./lesson_look.js";
import { entryName, pageOf, shapeOf, tableOf } from "./lesson_tables.js";
import { isResult, trailOf } from "./lesson_trail.js";
import { spoken } from "./spoken.js";

const PACE = 1_600; // ms a frame while it plays
const FEW = 4; // operations that need no list

/**
 * place: how the step is kept: begin tells the one to begin with, note keeps it. Where the page has a link, found tells which number
 * is followed there and how pages are turned, and keep keeps that. heard: where keys are pressed. Returns what goes to a step.
 */
export const begin = (root, sent, place, heard) => {
  root.stop?.();
  const { frames, words, tones } = sent;
  const find = (selector) => root.querySelector(selector);
  const look = setUp(root, sent);
  const another = !root.linked && (place.another?.() ?? (root.titled !== undefined && root.titled !== sent.title));
  const now = (!another && !root.linked && root.now) || { at: 0, follow: null, turned: {}, ...(another ? {} : place.found?.()) };
  Object.assign(root, { now, titled: sent.title });
  now.at = Math.min(now.begun ? now.at : (place.begin(frames.length, another) ?? 0), frames.length - 1);
  now.begun = true;
  const keep = (byReader) => {
    if (byReader) root.linked = false;
    place.note(now.at + 1, byReader);
    place.keep?.(now);
  };
  if (now.follow && !frames[now.follow.frame]?.tensors[now.follow.tensor]?.cells?.[now.follow.cell]) now.follow = null;
  if (!root.linked) keep();
  let way = now.follow && trailOf(frames, now.follow);
  let timer = null;

  find(".all").hidden = frames.length <= FEW;
  const drawCode = codeOf(root, sent.sources);
  const flow = () => {
    const { picture, extra } = frames[now.at];
    showPicture(find(".picture"), picture);
    showPicture(find(".extra-picture"), extra);
  };

  const drawNumbers = () => {
    const { tensors, sign } = frames[now.at];
    const held = root.getRootNode().activeElement?.closest?.("[data-cell]");
    const kept = held && root.contains(held) ? [held.closest("figure").dataset.tensor, held.dataset.cell] : null;
    const lit = way?.get(now.at);
    const parts = tensors.flatMap((tensor, at) => {
      const result = isResult(frames[now.at], at);
      const mine = now.follow?.frame === now.at && now.follow.tensor === at;
      const on = lit && (result ? lit.result : lit.operands[at]);
      const chosen = mine ? now.follow.cell : result ? lit?.main : undefined;
      const page = tensor.cells && pageOf(tensor, chosen ?? [...(on ?? [])][0] ?? 0, now.turned);
      const choose = (cell) => follow({ frame: now.at, tensor: at, cell });
      const turn = (to) => {
        Object.assign(now.turned, to);
        keep(true);
        drawNumbers();
        find(`[data-tensor="${at}"] select`)?.focus();
      };
      const figure = tableOf(tensor, { tones, ramp: look.ramp(), words, lit: on, chosen, page, choose, turn });
      figure.dataset.tensor = at;
      const joint = !at ? [] : [made("span", "joint", result ? (sign ? "=" : "→") : sign || ",")];
      return [...joint, figure];
    });
    for (const part of [".hint", ".numbers"]) find(part).hidden = !tensors.some(({ cells }) => cells);
    find(".numbers").replaceChildren(...parts);
    root.classList.toggle("following", Boolean(way));
    if (kept) find(`[data-tensor="${kept[0]}"] [data-cell="${kept[1]}"]`)?.focus();
  };

  const drawTrail = () => {
    const trail = find(".trail");
    trail.hidden = !way;
    if (!way) return;
    const { frame, tensor, cell } = now.follow;
    const from = frames[frame].tensors[tensor];
    const head = made("h3", "", fill(words.from, { name: entryName(from, cell), value: from.cells[cell] }));
    const end = Object.assign(made("button", "end", words.end), { onclick: () => follow(null) });
    trail.replaceChildren(head, end, ...termsHere(), wayBack());
  };
  const termsHere = () => {
    const here = way.get(now.at);
    const { tensors, fed, unfed } = frames[now.at];
    const hidden = here?.hidden ? [made("p", "hidden", fill(words.hidden, { count: counted(here.hidden) }))] : [];
    if (!here?.result.size) return hidden;
    const result = tensors.at(-1);
    const known = fed[here.main];
    const says = made("p", "made");
    says.append(made("code", "", `${entryName(result, here.main)} = ${result.cells[here.main]}`), ": ");
    if (!known) {
      says.append(unfed);
      return [says, ...hidden];
    }
    says.append(known.heading || (known.terms.length || known.lit.some((cells) => cells.length) ? "" : words.nothing));
    const list = made("ul", "terms");
    for (const [at, text] of known.terms) {
      const item = made("li");
      if (at) item.append(made("span", "at", at), " ");
      item.append(text);
      list.append(item);
    }
    return [says, list, ...hidden];
  };
  const wayBack = () => {
    const nav = made("nav", "way");
    nav.setAttribute("aria-label", words.way);
    const on = [...way.keys()].sort((one, other) => other - one);
    for (const number of on) {
      const button = made("button", "", "");
      button.append(made("small", "", number + 1), " ", made("code", "", frames[number].name));
      button.onclick = () => go(number);
      if (number === now.at) button.setAttribute("aria-current", "step");
      nav.append(button, " ");
    }
    const outside = new Set(on.flatMap((number) => outsideOf(number)));
    if (outside.size) nav.append(made("span", "outside", `← ${[...outside].join(", ")}`));
    return nav;
  };
  const outsideOf = (number) =>
    frames[number].tensors.filter((tensor, at) => !tensor.made && !isResult(frames[number], at) && way.get(number).operands[at].size).map(({ text }) => text);

  const rows = frames.map((frame, number) => {
    const item = made("li");
    const button = Object.assign(made("button"), { onclick: () => go(number) });
    button.append(made("small", "", number + 1), made("code", "", frame.statement));
    const { refused, tensors } = frame;
    button.append(refused ? made("span", "refused", frame.says) : shapeOf(tensors.at(-1), tones), made("span", "size", frame.size));
    if (frame.repeats > 1) button.append(made("span", "loop", fill(words.loop, { times: counted(frame.repeats) })));
    item.append(button, made("span", "on-way"));
    return { item, button };
  });
  find(".all ol").replaceChildren(...rows.map(({ item }) => item));
  find(".all summary").textContent = fill(words.all, { count: counted(frames.length) });
  const drawList = () => {
    for (const [number, { item, button }] of rows.entries()) {
      if (number === now.at) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
      const count = way?.get(number)?.result.size ?? 0;
      item.classList.toggle("lit", count > 0);
      item.querySelector(".on-way").textContent = count ? fill(words.on_way, { count: counted(count) }) : "";
    }
  };

  const draw = () => {
    const frame = frames[now.at];
    const last = frames.length - 1;
    drawCode(frame);
    find(".title").replaceChildren(frame.heading || made("code", "", frame.code));
    const worded = frame.worded ? spoken : written;
    find(".says").replaceChildren(...worded(frame.says));
    find(".extra").hidden = !frame.extra;
    find(".extra-says").replaceChildren(...spoken(frame.extra?.says ?? ""));
    find(".picture").style.visibility = frame.picture ? "" : "hidden";
    find(".says").classList.toggle("refused", frame.refused);
    find(".memory").textContent = [frame.memory, frame.repeats > 1 ? fill(words.loop, { times: counted(frame.repeats) }) : ""].filter(Boolean).join(" ");
    find(".count").textContent = fill(words.count, { at: now.at + 1, count: frames.length });
    find(".place").value = now.at + 1;
    find(".place").setAttribute("aria-valuetext", `${find(".count").textContent}: ${frame.code}`);
    for (const name of ["first", "back"]) find(`.${name}`).disabled = now.at === 0;
    for (const name of ["forth", "last"]) find(`.${name}`).disabled = now.at === last;
    flow();
    drawNumbers();
    drawTrail();
    drawList();
  };
  const follow = (chosen) => {
    now.follow = chosen;
    way = chosen && trailOf(frames, chosen);
    now.turned = {};
    keep(true);
    drawNumbers();
    drawTrail();
    drawList();
    if (!chosen) root.focus({ preventScroll: true });
  };
  const show = (at) => {
    now.at = Math.max(0, Math.min(frames.length - 1, at));
    if (way) now.turned = {};
    keep(true);
    draw();
  };
  const pause = () => {
    clearInterval(timer);
    timer = null;
    find(".play").textContent = `${words.play} ▶`;
  };
  const go = (at) => {
    pause();
    show(at);
  };
  const play = () => {
    if (timer) return pause();
    if (now.at === frames.length - 1) show(0);
    timer = setInterval(() => (now.at < frames.length - 1 ? show(now.at + 1) : pause()), PACE);
    find(".play").textContent = `${words.pause} ❚❚`;
  };

  const steps = { first: -frames.length, back: -1, forth: 1, last: frames.length };
  for (const [name, step] of Object.entries(steps)) {
    find(`.${name}`).onclick = () => go(now.at + step);
    find(`.${name}`).setAttribute("aria-label", words[name]);
    find(`.${name}`).title = words[name];
  }
  find(".play").onclick = play;
  find(".place").max = frames.length;
  find(".place").setAttribute("aria-label", words.place);
  find(".place").oninput = (event) => go(Number(event.target.value) - 1);
  find(".full").title = words.full;
  find(".full").setAttribute("aria-label", words.full);
  find(".full").hidden = !document.fullscreenEnabled;
  find(".full").onclick = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
  root.setAttribute("aria-label", fill(words.label, { title: sent.title, count: counted(frames.length) }));
  find(".lines").setAttribute("aria-label", words.code);
  find(".hint").textContent = words.hint;
  const keys = (event) => {
    if (!root.isConnected) return root.stop(); // another has taken its place
    const [on] = event.composedPath();
    if (modified(event) || on.matches?.("input, select, textarea, [contenteditable]")) return;
    const step = stepOf(event);
    if (step) go(now.at + step);
    else if (event.key === " " && !on.matches?.("button, summary")) play();
    else if (event.key === "Escape" && way) follow(null);
    else return;
    event.preventDefault();
  };
  const redraw = () => {
    look.colours();
    draw();
  };
  const sized = new ResizeObserver(flow);
  heard.addEventListener("keydown", keys);
  look.dark.addEventListener("change", redraw);
  sized.observe(find(".picture"));
  root.stop = () => {
    pause();
    heard.removeEventListener("keydown", keys);
    look.dark.removeEventListener("change", redraw);
    sized.disconnect();
  };
  pause();
  draw();
  return go;
};

/** The whole lesson, as far as it has come: the rest of its pictures are put into what came first. What is missing is asked for. */
const complete = (root, sent, ask) => {
  if (sent.part !== "rest") root.sent = sent;
  else if (root.sent?.id === sent.id) for (const [at, frame] of sent.frames.entries()) Object.assign(root.sent.frames[at], frame);
  else return ask("part", "first");
  if (root.sent.frames.some(({ picture }) => !picture)) ask("part", "rest");
  return root.sent;
};

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".lesson");
  whenUnpacked(root, data, (sent) => {
    const lesson = complete(root, sent, setTriggerValue);
    if (!lesson) return;
    const play = () => begin(root, lesson, linkOf(lesson.link, lesson.title), lesson.whole_page ? document : root);
    play();
    whenTurned(root, () => {
      root.linked = true;
      play();
    });
  });
  return () => {
    if (root.newest !== data) return;
    root.stop?.();
    if (root.sent?.link) letGoOfLink([root.sent.link, "cell", "turned"]);
  };
}
