import { type AnyNumbers, matrix, rowRange, toFlat, type View, zeros } from '../array/matrix.ts';
import type { Autoencoder } from '../model/autoencoder.ts';

/** Columns begin … begin + count − 1 of which one is `on` and the others are `off`: a category. */
export interface Group {
  readonly begin: number;
  readonly count: number;
  /** What column begin + c holds where the category is c, and where it is another. */
  readonly on: (c: number) => number;
  readonly off: (c: number) => number;
}

/** An example with another category. */
export interface WithoutGroup {
  /** The category that leaves the least error, and the one that stands there; −1 where none does. */
  readonly expected: number;
  readonly own: number;
  /** ‖x̂ − x‖² of the example with it. */
  readonly score: number;
}

/** Rows that are reconstructed at once. */
const CHUNK = 4096;

/**
 * Of each of the examples `rows` of x (m, d) and each group: the category, its own aside, with which the model reconstructs the
 * example best. A single column of a category cannot be repaired: two would be on, or none.
 * @returns for each row its groups.
 */
export async function withoutGroups(
  model: Autoencoder,
  x: View<AnyNumbers>,
  rows: readonly number[],
  groups: readonly Group[],
): Promise<WithoutGroup[][]> {
  const d = x.shape[1];
  const found = rows.map((): WithoutGroup[] => []);
  for (const { begin, count, on, off } of groups) {
    const many = Math.max(1, Math.floor(CHUNK / count));
    for (let from = 0; from < rows.length; from += many) {
      const part = rows.slice(from, from + many);
      const flat = zeros(part.length * count * d, model.config.precision);
      const own = part.map((row, i) => {
        const values = toFlat(Object.assign(rowRange(x, row, row + 1), { unit: x.unit }), new Float64Array(d));
        const isOn = (c: number) => Math.abs(values[begin + c] - on(c)) < Math.abs(values[begin + c] - off(c));
        const stands = Array.from({ length: count }, (_, c) => c).findIndex(isOn);
        for (let c = 0; c < count; c++) {
          const at = (i * count + c) * d;
          flat.set(values, at);
          for (let j = 0; j < count; j++) flat[at + begin + j] = j === c ? on(j) : off(j);
        }
        return stands;
      });
      const made = await model.reconstruct(matrix(flat, part.length * count, d));
      for (let i = 0; i < part.length; i++) {
        let best: WithoutGroup = { expected: -1, own: own[i], score: Number.POSITIVE_INFINITY };
        for (let c = 0; c < count; c++) {
          if (c === own[i]) continue;
          let score = 0;
          for (let j = 0; j < d; j++) score += (made.get(i * count + c, j) - flat[(i * count + c) * d + j]) ** 2;
          if (score < best.score) best = { expected: c, own: own[i], score };
        }
        found[from + i].push(best);
      }
    }
  }
  return found;
}
