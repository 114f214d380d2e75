// Draws the moving picture at a place, or between two where a part is on its way.
import { cellAt, colourOf, counted, fill, inkOn, largestOf, made, paint, placed, significant, write } from "./common.js";
import { drawSigns } from "./signs.js";

const LONG = 9; // characters of a number

const ease = (from, to, at) => {
  const t = Math.max(0, Math.min(1, (at - from) / (to - from)));
  return t * t * (3 - 2 * t);
};

/** now: the place, the unit and the lit rows that are shown. Returns what draws, and what lays out the rows anew. */
export const drawingOf = (root, sent, sums, now) => {
  const find = (selector) => root.querySelector(selector);
  const { words, side, units } = sent;
  const maps = Object.fromEntries(["image", "part", "sum"].map((name) => [name, find(`.${name} canvas`)]));
  const flying = find(".flying");
  const rowsShown = () => [...sent.corners, ...now.lit];
  const isAll = (place) => place > sent.sent;
  const countAt = (place) => (isAll(place) ? sent.n : place);
  const paintValues = (canvas, numbers, limit, rows = 1) => {
    const columns = numbers.length / rows;
    paint(canvas, columns, rows, (at) => colourOf(sent.value_colours, numbers[at] / limit));
    const signs = canvas.parentElement.querySelector(".signs");
    signs.style.opacity = canvas.style.opacity;
    drawSigns(signs, columns, rows, numbers, limit, sent.value_colours);
  };
  const show = (selector, text) => write(find(selector), text);

  const drawMaps = (place, added, [appeared, shaped, flown]) => {
    const column = (of) => Float32Array.from({ length: sums.size }, (_, row) => of(row, now.unit));
    const [part, sum] = [column((row) => sums.part(place, row, now.unit)), column(added)];
    const ink = isAll(place) ? sent.rest : sent.pixels.subarray((place - 1) * sums.size, place * sums.size);
    paint(maps.image, side, side, (row) => colourOf(sent.ink_colours, ink[row] / 255, 0));
    maps.image.style.opacity = find(".box").style.opacity = appeared;
    maps.part.style.opacity = shaped;
    paintValues(maps.part, part, largestOf(part) || 1, side);
    paintValues(maps.sum, sum, largestOf(sum) || 1, side);
    const onItsWay = flown > 0 && flown < 1 && shaped === 1;
    flying.style.visibility = onItsWay ? "visible" : "hidden";
    if (!onItsWay) return;
    flying.width = flying.height = side;
    flying.getContext("2d").drawImage(maps.part, 0, 0);
    const [from, to] = [maps.part, maps.sum].map((map) => map.getBoundingClientRect());
    flying.style.transform = `translate(${(to.left - from.left) * flown}px, ${(to.top - from.top) * flown}px)`;
    flying.style.opacity = 1 - flown / 2;
  };

  const drawNumber = (place) => {
    const box = find(".box");
    const number = isAll(place) ? 0 : sums.number(place, now.unit);
    const colour = colourOf(sent.value_colours, number / (sums.most || 1));
    Object.assign(box.style, { background: `rgb(${colour.join()})`, color: inkOn(colour) });
    box.textContent = isAll(place) ? "…" : significant(number);
    box.classList.toggle("long", box.textContent.length > LONG);
    if (!number) box.append(made("small", "", isAll(place) ? words.each : words.off));
  };

  // A button that goes on by so many images.
  const offer = (name, step, sign) => {
    const button = find(`.${name}`);
    button.disabled = step === 0;
    button.textContent = sign + counted(step || 1);
    button.setAttribute("aria-label", fill(words[name], { step: counted(step || 1), s: step > 1 ? "s" : "" }));
  };
  const rowsIn = (place) => (sums.distinct[place] === 1 ? words.alike : fill(words.distinct, { distinct: sums.distinct[place] }));
  const drawWords = (place, done) => {
    const image = place - 1;
    const known = { image, unit: now.unit, shows: sent.shows[image], m: counted(countAt(done)), n: counted(sent.n), rest: counted(sent.n - sent.sent), rows: rowsIn(done) };
    const caption = (name, ...lines) => find(`.${name} figcaption`).replaceChildren(...lines.map(([tag, axis, text]) => made(tag, axis, fill(text, known))));
    caption("image", ["div", "n", isAll(place) ? words.others : words.image]);
    caption("number", ...(isAll(place) ? [] : [["code", "", words.number], ["div", "j", words.unit]]));
    caption("part", ["div", "", isAll(place) ? words.parts : words.part]);
    caption("sum", ["b", "", words.sum], ["div", "", words.whole]);
    show(".count", fill(words.count, known));
    show(".say", fill(done === 1 ? words.say.one : done === sums.last ? words.say.end : words.say.more, known));
    find(".place").value = done;
    find(".place").setAttribute("aria-valuetext", fill(words.count, known));
    offer("back", done > 1 ? countAt(done) - countAt(done - 1) : 0, "−");
    offer("forth", done < sums.last ? countAt(done + 1) - countAt(done) : 0, "+");
    find(".play").disabled = sums.last === 1;
    show(".play", now.playing ? words.pause : words.play);
  };

  const kindOf = (row, place) => {
    const shown = Math.min(now.place, sent.sent);
    const lit = isAll(now.place) ? !sent.black[row] : Array.from({ length: shown }, (_, image) => sent.pixels[image * sums.size + row]).some(Boolean);
    if (place < sent.corners.length) return words.corner[place];
    if (now.place === 1) return words.multiple;
    return lit ? words.own : words.black;
  };
  /** added: for the colours, which move; settled: for the numbers, which are those of a sum. */
  const drawRows = (added, settled) => {
    const rows = rowsShown();
    const strips = rows.map((row) => Float32Array.from({ length: units }, (_, unit) => added(row, unit)));
    const limit = Math.max(...strips.map(largestOf)) || 1;
    const values = rows.map((row) => significant(settled(row, now.unit)));
    rows.forEach((row, place) => {
      const strip = find(`[data-strip="${place}"]`);
      paintValues(strip.querySelector("canvas"), strips[place], limit);
      Object.assign(strip.querySelector(".column").style, { left: `${(100 * now.unit) / units}%`, width: `${100 / units}%` });
      find(`[data-value="${place}"]`).textContent = values[place];
      const kind = kindOf(row, place);
      const twin = values.some((value, other) => other !== place && other >= sent.corners.length && value === values[place]);
      write(find(`[data-kind="${place}"]`), kind === words.own && twin ? words.alike_here : kind);
    });
  };

  /** at: a place, or between two. flies: whether the part appears, is made and flies over; else it is only added. */
  const draw = (at = now.place, flies = false) => {
    const place = Math.max(1, Math.ceil(at));
    const share = at - (place - 1);
    const stages = flies ? [ease(0, 0.25, share), ease(0.25, 0.5, share), ease(0.55, 1, share)] : [1, 1, share];
    const added = (row, unit) => sums.at(place - 1, row, unit) + stages[2] * sums.part(place, row, unit);
    drawMaps(place, share === 1 ? (row, unit) => sums.at(place, row, unit) : added, flies ? stages : [1, 1, 0]);
    drawNumber(place);
    drawWords(place, Math.max(1, Math.floor(at)));
    const settled = (row, unit) => sums.at(Math.max(1, Math.floor(at)), row, unit);
    drawRows(share === 1 ? settled : added, settled);
  };

  /** A strip for each row and a frame for its pixel on each map; what is clicked there is told. */
  const layRows = (onUnit, onRow) => {
    const cells = rowsShown().flatMap((row, place) => {
      const name = made("span", "name", fill(words.row, { row }));
      name.append(made("span", "i pixel", ` ${fill(words.pixel, { row: Math.floor(row / side), column: row % side })}`));
      const strip = made("span", "strip", "", { strip: place });
      const canvas = made("canvas");
      canvas.onclick = (event) => onUnit(cellAt(event, canvas, units, 1));
      strip.append(canvas, made("canvas", "signs"), made("span", "column"));
      const line = [name, strip, made("span", "value", "", { value: place }), made("span", "kind", "", { kind: place })];
      return place === sent.corners.length ? [made("span", "gap"), ...line] : line;
    });
    find(".rows").replaceChildren(...cells);
    for (const map of Object.values(maps)) {
      for (const mark of map.parentElement.querySelectorAll(".mark")) mark.remove();
      map.parentElement.append(...rowsShown().map((row, place) => placed(made("span", place < sent.corners.length ? "mark" : "mark watched"), row, side)));
      map.onclick = (event) => onRow(cellAt(event, map, side, side));
    }
  };
  return { draw, layRows, show, countAt, rowsShown, rowsIn };
};
