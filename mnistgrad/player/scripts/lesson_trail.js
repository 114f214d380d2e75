// Follows a number back: which numbers of every frame fed it, down to what came from outside.

export const isResult = (frame, tensor) => !frame.refused && tensor === frame.tensors.length - 1;

/**
 * By the numbers of frames on the way: which numbers of the operands and of the result lie on it, the one of the result whose
 * terms are written out (the largest term leads from one to the next), and how many are not shown.
 */
export const trailOf = (frames, { frame: start, tensor, cell }) => {
  const way = new Map();
  const on = (number) => {
    if (!way.has(number)) way.set(number, { result: new Set(), operands: frames[number].tensors.map(() => new Set()), hidden: 0 });
    return way.get(number);
  };
  const reach = (number, place, leads) => {
    on(number).result.add(place);
    if (leads) on(number).main ??= place;
  };
  const light = (number, operand, place, leads) => {
    const { operands } = on(number);
    const { made } = frames[number].tensors[operand];
    const known = operands[operand].has(place);
    operands[operand].add(place);
    if (made && made.at[place] >= 0) reach(made.frame, made.at[place], leads);
    else if (made && !known) on(number).hidden += 1;
  };
  if (isResult(frames[start], tensor)) reach(start, cell, true);
  else light(start, tensor, cell, true);
  for (let number = start; number >= 0; number--) {
    const here = way.get(number);
    if (!here?.result.size) continue;
    here.main ??= [...here.result][0];
    for (const place of [here.main, ...here.result]) {
      const fed = frames[number].fed[place];
      const [, , largest] = (place === here.main && fed?.terms[0]) || [];
      for (const [operand, cells] of (fed?.lit ?? []).entries())
        for (const lit of cells) light(number, operand, lit, lit === largest?.[operand]);
    }
  }
  return way;
};
