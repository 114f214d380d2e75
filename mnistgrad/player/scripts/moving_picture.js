// Plays how a column of w1.g is added up: an image times its number is its part. All is computed here, from what was sent once.
import { cellAt, colourOf, counted, fill, inkOn, inLink, keepInLink, largestOf, paint, significant, whenUnpacked } from "./common.js";
import { paceAt, sumsOf } from "./sums.js";

const KEYS = { ArrowLeft: -1, ArrowRight: 1, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY };
const SPEEDS = [1, 2, 4, 0.5];
const SLOW = 3; // images a second; beyond it the parts do not fly
const NAMES = { place: "added", unit: "column" }; // in the link

const ease = (from, to, at) => {
  const t = Math.max(0, Math.min(1, (at - from) / (to - from)));
  return t * t * (3 - 2 * t);
};

const begin = (root, sent) => {
  root.stop?.();
  const find = (selector) => root.querySelector(selector);
  const sums = sumsOf(sent);
  const starts = { added: 1, column: sent.unit };
  const placeOf = (count) => (count === undefined ? 1 : count > sent.sent ? sums.last : count);
  const countAt = (place) => (place > sent.sent ? sent.n : place);
  const now = root.now ?? {
    place: placeOf(inLink(NAMES.place, 1, sent.n)),
    unit: inLink(NAMES.unit, 0, sent.units - 1) ?? sent.unit,
    lit: [...sent.lit],
    oldest: 0,
    speed: 0,
    answer: null,
  };
  root.now = now;
  root.sums = sums;
  Object.assign(now, { place: Math.min(now.place, sums.last), unit: Math.min(now.unit, sent.units - 1), playing: false });
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const words = sent.words;
  const maps = Object.fromEntries(["image", "part", "sum"].map((name) => [name, find(`.${name} canvas`)]));
  const flying = find(".flying");
  let frame = 0;

  const rowsShown = () => [...sent.corners, ...now.lit];
  const blackSoFar = (row) => {
    for (let image = 0; image < Math.min(now.place, sent.sent); image++) if (sent.pixels[image * sums.size + row]) return false;
    return now.place <= sent.sent || sent.black[row] === 1;
  };

  const text = (selector, html) => {
    const element = find(selector);
    if (element.textContent !== html) element.textContent = html;
  };
  const parts = (selector, pieces) => {
    find(selector).replaceChildren(
      ...pieces.map(([content, kind]) => (kind === "br" ? document.createElement("br") : Object.assign(document.createElement(kind.tag ?? "span"), { textContent: content, className: kind.axis ?? "" }))),
    );
  };

  /** at: between two places while it plays; a part is on its way then. */
  const draw = (at = now.place, flies = false) => {
    const place = Math.ceil(at);
    const share = at - (place - 1);
    const [appeared, made, flown] = flies ? [ease(0, 0.25, share), ease(0.25, 0.5, share), ease(0.55, 1, share)] : [1, 1, share];
    const { unit } = now;
    const whole = place > sent.sent;
    const added = (row, column) => sums.at(place - 1, row, column) + flown * sums.part(place, row, column);
    const values = (of) => Float32Array.from({ length: sums.size }, (_, row) => of(row, unit));
    const part = values((row) => sums.part(place, row, unit));
    const sum = values(added);
    const tint = (numbers) => {
      const limit = largestOf(numbers) || 1;
      return (row) => colourOf(sent.value_colours, numbers[row] / limit);
    };
    const offset = (place - 1) * sums.size;
    paint(maps.image, sent.side, sent.side, whole ? (row) => colourOf(sent.ink_colours, sent.rest[row] / 255, 0) : (row) => colourOf(sent.ink_colours, sent.pixels[offset + row] / 255, 0));
    paint(maps.part, sent.side, sent.side, tint(part));
    paint(maps.sum, sent.side, sent.side, tint(sum));
    maps.image.style.opacity = appeared;
    maps.part.style.opacity = made;
    const away = flies && flown > 0 && flown < 1;
    flying.style.visibility = away ? "visible" : "hidden";
    if (away) {
      paint(flying, sent.side, sent.side, tint(part));
      const [from, to] = [maps.part, maps.sum].map((map) => map.getBoundingClientRect());
      flying.style.transform = `translate(${(to.left - from.left) * flown}px, ${(to.top - from.top) * flown}px)`;
      flying.style.opacity = 1 - flown / 2;
    }
    drawNumber(place, whole, appeared);
    drawWords(at >= place ? place : place - 1, place, whole);
    drawRows(added);
  };

  const drawNumber = (place, whole, appeared) => {
    const box = find(".box");
    const number = whole ? 0 : sums.number(place, now.unit);
    const most = whole ? 1 : largestOf(Array.from({ length: sent.units }, (_, unit) => sums.number(place, unit))) || 1;
    const colour = colourOf(sent.value_colours, number / most);
    box.style.background = `rgb(${colour.join()})`;
    box.style.color = inkOn(colour);
    box.style.opacity = appeared;
    box.textContent = whole ? "…" : significant(number);
    if (!whole && !number) box.append(Object.assign(document.createElement("small"), { textContent: words.off }));
  };

  const drawWords = (done, place, whole) => {
    const image = place - 1;
    const added = countAt(done);
    const known = { image, unit: now.unit, digit: sent.labels[image], m: counted(added), n: counted(sent.n), rest: counted(sent.n - sent.sent), distinct: sums.distinct[done], sent: sent.sent, units: sent.units };
    text(".count", fill(words.count, known));
    parts(".image figcaption", [[fill(whole ? words.others : words.image, known), { axis: "n" }]]);
    parts(".number figcaption", whole ? [] : [[fill(words.number, known), { tag: "code" }], ["", "br"], [fill(words.unit, known), { axis: "j" }]]);
    parts(".part figcaption", [[fill(whole ? words.parts : words.part, known), {}]]);
    parts(".sum figcaption", [[fill(words.sum, known), { tag: "b" }], ["", "br"], [fill(words.distinct, known), {}]]);
    text(".say", fill(words.say[done === 1 ? "one" : done > sent.sent ? "end" : "more"], known));
    find(".place").value = done;
    find(".place").setAttribute("aria-valuetext", fill(words.count, known));
    find(".back").disabled = done <= 1;
    find(".forth").disabled = done >= sums.last;
    text(".play", now.playing ? words.pause : words.play);
  };

  const drawRows = (added) => {
    const rows = rowsShown();
    const strips = rows.map((row) => Float32Array.from({ length: sent.units }, (_, unit) => added(row, unit)));
    const limit = Math.max(...strips.map(largestOf)) || 1;
    rows.forEach((row, place) => {
      const strip = find(`[data-strip="${place}"]`);
      paint(strip.querySelector("canvas"), sent.units, 1, (unit) => colourOf(sent.value_colours, strips[place][unit] / limit));
      Object.assign(strip.querySelector(".column").style, { left: `${(100 * now.unit) / sent.units}%`, width: `${100 / sent.units}%` });
      find(`[data-value="${place}"]`).textContent = significant(strips[place][now.unit]);
      const kind = place < sent.corners.length ? words.corner[place] : now.place === 1 && sent.n === 1 ? words.multiple : blackSoFar(row) ? words.black : now.place === 1 ? words.multiple : words.own;
      find(`[data-kind="${place}"]`).textContent = kind;
    });
  };

  const layRows = () => {
    const made = (className, dataset = {}, content = "") => {
      const element = Object.assign(document.createElement("span"), { className, textContent: content });
      Object.assign(element.dataset, dataset);
      return element;
    };
    const cells = rowsShown().flatMap((row, place) => {
      const name = made("name", {}, fill(words.row, { row }));
      name.append(made("i pixel", {}, ` ${fill(words.pixel, { row: Math.floor(row / sent.side), column: row % sent.side })}`));
      const strip = made("strip", { strip: place });
      const canvas = document.createElement("canvas");
      canvas.onclick = (event) => choose({ unit: cellAt(event, canvas, sent.units, 1) });
      strip.append(canvas, made("column"));
      const line = [name, strip, made("value", { value: place }), made("kind", { kind: place })];
      return place === sent.corners.length ? [made("gap"), ...line] : line;
    });
    find(".rows").replaceChildren(...cells);
    for (const map of Object.values(maps)) {
      for (const mark of map.parentElement.querySelectorAll(".mark")) mark.remove();
      rowsShown().forEach((row, place) => {
        const mark = made(place < sent.corners.length ? "mark" : "mark watched");
        Object.assign(mark.style, { left: `${(100 * (row % sent.side)) / sent.side}%`, top: `${(100 * Math.floor(row / sent.side)) / sent.side}%` });
        map.parentElement.append(mark);
      });
      map.onclick = (event) => watch(cellAt(event, map, sent.side, sent.side));
    }
  };

  const watch = (row) => {
    if (rowsShown().includes(row)) return;
    now.lit[now.oldest] = row;
    now.oldest = (now.oldest + 1) % now.lit.length;
    layRows();
    if (!now.playing) draw();
  };
  const choose = (change) => {
    Object.assign(now, change);
    keepInLink({ [NAMES.place]: countAt(now.place), [NAMES.unit]: now.unit }, starts);
    if (!now.playing) draw();
  };
  const pause = () => {
    cancelAnimationFrame(frame);
    now.playing = false;
    choose({});
    tellAnswer();
  };
  const go = (place) => {
    if (now.playing) pause();
    choose({ place: Math.max(1, Math.min(sums.last, place)) });
    tellAnswer();
  };
  const play = () => {
    if (now.playing) return pause();
    if (now.place >= sums.last) now.place = sums.last > 1 ? 1 : 0;
    now.playing = true;
    let at = now.place;
    let then = performance.now();
    const onward = (time) => {
      const pace = paceAt(now.place) * SPEEDS[now.speed];
      at = Math.min(at + (Math.min(time - then, 100) / 1000) * pace, sums.last);
      then = time;
      now.place = Math.floor(at);
      if (at >= sums.last) return pause();
      draw(still.matches ? Math.max(now.place, 1) : at, pace < SLOW && !still.matches);
      frame = requestAnimationFrame(onward);
    };
    frame = requestAnimationFrame(onward);
  };
  const answer = (same) => {
    now.answer = same;
    if (now.place < sums.last || sums.last === 1) {
      now.playing = false;
      if (sums.last > 1) play();
    }
    tellAnswer();
  };
  const tellAnswer = () => {
    find(".equal").setAttribute("aria-pressed", now.answer === true);
    find(".differ").setAttribute("aria-pressed", now.answer === false);
    const ended = now.answer !== null && now.place >= sums.last;
    const rows = sent.lit.map((row) => Array.from({ length: sent.units }, (_, unit) => sums.at(sums.last, row, unit)).join());
    const truth = new Set(rows).size === 1;
    text(".told", ended ? fill(words.told[truth ? "equal" : "differ"], { right: words.right[truth === now.answer], rows: sums.distinct[sums.last] }) : "");
  };

  find(".play").onclick = play;
  find(".back").onclick = () => go(now.place - 1);
  find(".forth").onclick = () => go(now.place + 1);
  find(".place").max = sums.last;
  find(".place").oninput = (event) => go(Number(event.target.value));
  find(".speed").onclick = () => {
    now.speed = (now.speed + 1) % SPEEDS.length;
    text(".speed", `${SPEEDS[now.speed]}×`);
  };
  find(".equal").onclick = () => answer(true);
  find(".differ").onclick = () => answer(false);
  root.onkeydown = (event) => {
    const inField = event.composedPath()[0].matches?.("input");
    if (inField || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in KEYS) go(now.place + KEYS[event.key]);
    else if (event.key === " " && !event.composedPath()[0].matches?.("button")) play();
    else return;
    event.preventDefault();
  };
  text(".speed", `${SPEEDS[now.speed]}×`);
  for (const [name, label] of Object.entries(words.labels)) find(`.${name}`).setAttribute("aria-label", label);
  for (const name of ["equal", "differ"]) text(`.${name}`, words[name]);
  text(".ask b", words.question);
  root.stop = () => cancelAnimationFrame(frame);
  layRows();
  draw();
  tellAnswer();
};

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".moving");
  whenUnpacked(root, data, (sent) => begin(root, sent));
  return () => root.newest === data && root.stop?.();
}
