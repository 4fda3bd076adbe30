/** What a counter has counted so far, by name: the same names and lengths in every process that counts the same. */
export type Tally = { [name: string]: number | Float64Array };

/** All numbers of some tallies, one after another. */
export function numbersOf(tallies: readonly Tally[]): Float64Array {
  const parts = tallies.flatMap((tally) => Object.values(tally));
  const out = new Float64Array(parts.reduce<number>((n, part) => n + lengthOf(part), 0));
  let at = 0;
  for (const part of parts) {
    if (typeof part === 'number') out[at] = part;
    else out.set(part, at);
    at += lengthOf(part);
  }
  return out;
}

/** Makes tallies what `numbersOf` gave of others of their kind. */
export function setNumbers(tallies: readonly Tally[], numbers: Float64Array): void {
  let at = 0;
  for (const tally of tallies) {
    for (const [name, part] of Object.entries(tally)) {
      if (typeof part === 'number') tally[name] = numbers[at];
      else part.set(numbers.subarray(at, at + part.length));
      at += lengthOf(part);
    }
  }
}

function lengthOf(part: number | Float64Array): number {
  return typeof part === 'number' ? 1 : part.length;
}
