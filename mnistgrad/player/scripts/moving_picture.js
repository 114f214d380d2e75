// Plays how a column of w1.g is added up: an image times its number is its part. All is computed here, from what was sent once.
import { fill, inLink, keepInLink, modified, press, significant, stepOf, whenTurned, whenUnpacked, wordInLink } from "./common.js";
import { drawingOf } from "./moving_drawing.js";
import { takeKeys } from "./moving_keys.js";
import { paceAt, sumsOf } from "./sums.js";

const SPEEDS = [1, 2, 4, 0.5];
const SLOW = 3; // images a second; beyond it the parts do not fly
const ANSWERS = { equal: true, differ: false };
const HIDDEN = 100; // ms of a frame that count: while nobody looked, nothing was played

/** Where the link or the reader has it, as far as what was sent now reaches. */
const begun = (before, sent, sums) => {
  const count = inLink("added", 1, sent.n) ?? 1;
  const unit = inLink("column", 0, sent.units - 1);
  const now = before ?? {
    place: count > sent.sent ? sums.last : count,
    unit,
    chosen: unit !== undefined, // by the link or the reader; else it is whichever is best to look at
    lit: litInLink(sent),
    oldest: 0,
    speed: Math.max(0, SPEEDS.indexOf(Number(wordInLink("speed", /^[\d.]{1,3}$/)))),
  };
  const shown = now.chosen ? Math.min(now.unit, sent.units - 1) : sent.unit;
  // answer: whether the reader said that the rows are equal, of these images
  const answer = before ? null : (ANSWERS[wordInLink("reply", /^(equal|differ)$/)] ?? null);
  return Object.assign(now, { place: Math.min(now.place, sums.last), unit: shown, playing: false, answer });
};

const litInLink = ({ lit, side }) => {
  const rows = wordInLink("watch", /^\d{1,3}(\.\d{1,3})*$/)?.split(".").map(Number) ?? [];
  return rows.length === lit.length && rows.every((row) => row < side ** 2) ? rows : [...lit];
};

const begin = (root, sent) => {
  root.stop?.();
  const sums = sumsOf(sent);
  root.now = begun(root.linked ? undefined : root.now, sent, sums);
  const { now } = root;
  const { words } = sent;
  const { draw, layRows, show, countAt, rowsShown, rowsIn } = drawingOf(root, sent, sums, now);
  const find = (selector) => root.querySelector(selector);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let frame = 0;

  const choose = (change) => {
    root.linked = false;
    Object.assign(now, change);
    keep();
    if (!now.playing) draw();
    tellAnswer();
  };
  const keep = () => {
    const starts = { added: 1, column: sent.unit, watch: sent.lit.join("."), speed: SPEEDS[0], reply: null };
    const reply = now.answer === null ? null : now.answer ? "equal" : "differ";
    const kept = { added: countAt(now.place), column: now.unit, watch: now.lit.join("."), speed: SPEEDS[now.speed], reply };
    keepInLink(kept, starts);
  };
  const watch = (row) => {
    if (rowsShown().includes(row)) return;
    now.lit[now.oldest] = row;
    now.oldest = (now.oldest + 1) % now.lit.length;
    lay();
    choose({});
  };
  const chooseUnit = (unit) => choose({ unit, chosen: true });
  const lay = () => {
    layRows(chooseUnit, watch);
    takeKeys(root, sent, now, { unit: chooseUnit, row: watch });
  };

  const pause = () => {
    cancelAnimationFrame(frame);
    choose({ playing: false });
  };
  const go = (place) => {
    now.place = Math.max(1, Math.min(sums.last, place));
    pause();
  };
  const play = () => {
    if (now.playing) return pause();
    if (now.place >= sums.last) now.place = 1;
    now.playing = sums.last > 1;
    let at = now.place;
    let then = performance.now();
    const onward = (time) => {
      const pace = paceAt(now.place) * SPEEDS[now.speed];
      at = Math.min(at + (Math.min(time - then, HIDDEN) / 1000) * pace, sums.last);
      then = time;
      now.place = Math.floor(at);
      if (at >= sums.last) return pause();
      draw(still.matches ? now.place : at, pace < SLOW && !still.matches);
      frame = requestAnimationFrame(onward);
    };
    frame = requestAnimationFrame(onward);
  };
  const answer = (same) => {
    choose({ answer: same });
    if (now.place < sums.last && !now.playing) play();
  };
  const tellAnswer = () => {
    const listed = `${now.lit.slice(0, -1).join(", ")} ${words.joined} ${now.lit.at(-1)}`;
    show(".ask b", fill(words.question, { rows: listed }));
    find(".answers").hidden = !sent.asks;
    press(root, now.answer);
    const rows = now.lit.map((row) => Array.from({ length: sent.units }, (_, unit) => sums.at(sums.last, row, unit)).join());
    const different = new Set(rows).size;
    const right = sent.asks ? words.right[(different === 1) === now.answer] : "";
    const here = new Set(now.lit.map((row) => significant(sums.at(sums.last, row, now.unit)))).size;
    const though = here < different ? fill(words.though, { unit: now.unit }) : "";
    const told = `${right} ${words.told[different]}${though}; ${fill(words.whole, { rows: rowsIn(sums.last) })}.`.trim();
    show(".told", !sent.asks || (now.answer !== null && now.place >= sums.last) ? told : "");
  };
  const showSpeed = () => show(".speed", `${SPEEDS[now.speed]}×`);

  find(".play").onclick = play;
  find(".back").onclick = () => go(now.place - 1);
  find(".forth").onclick = () => go(now.place + 1);
  find(".place").max = sums.last;
  find(".place").oninput = (event) => go(Number(event.target.value));
  find(".speed").onclick = () => {
    choose({ speed: (now.speed + 1) % SPEEDS.length });
    showSpeed();
  };
  find(".equal").onclick = () => answer(true);
  find(".differ").onclick = () => answer(false);
  root.onkeydown = (event) => {
    const [on] = event.composedPath();
    const step = stepOf(event);
    if (on.matches?.("input") || modified(event)) return;
    if (step) go(now.place + step);
    else if (event.key === " " && !on.matches?.("button")) play();
    else return;
    event.preventDefault();
  };
  root.stop = () => cancelAnimationFrame(frame);
  root.setAttribute("aria-label", words.label);
  for (const [name, label] of Object.entries(words.labels)) find(`.${name}`).setAttribute("aria-label", label);
  for (const name of ["equal", "differ"]) show(`.${name}`, words[name]);
  showSpeed();
  lay();
  if (!root.linked) keep();
  draw();
  tellAnswer();
  whenTurned(root, () => {
    root.linked = true;
    begin(root, sent);
  });
};

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".moving");
  whenUnpacked(root, data, (sent) => begin(root, sent));
  return () => root.newest === data && root.stop?.();
}
