import {
  type AnyNumbers,
  type Matrix,
  matrix,
  type Numbers,
  rowRange,
  toFlat,
  type View,
  zeros,
} from '../array/matrix.ts';
import type { Autoencoder } from '../model/autoencoder.ts';

/** An example with one column as the others have it. */
export interface WithoutColumn {
  /** What the model, told all other columns, has in the place of this one. */
  readonly expected: number;
  /** ‖x̂ − x‖² of the example with that in its place. */
  readonly score: number;
}

/** Rounds of two evaluations each: of linear models the first one is exact. */
const ROUNDS = 3;
/** Rows that are reconstructed at once. */
const CHUNK = 4096;

/**
 * Of each of the examples `rows` of x (m, d) and each column j: the fixed point xⱼ = x̂ⱼ(x), other columns as they are, and the score there. A
 * reconstruction alone spreads what is wrong with one column over all that go with it; the column whose repair leaves the least score is
 * the odd one. The fixed point by Steffensen's steps, xⱼ ← xⱼ − (x̂ⱼ(xⱼ) − xⱼ)²/(x̂ⱼ(x̂ⱼ(xⱼ)) − 2x̂ⱼ(xⱼ) + xⱼ).
 * Where that lies outside `allowed`, its nearest end is tried instead: a value that no example has explains nothing.
 * @returns for each row its d columns.
 */
export async function withoutColumns(
  model: Autoencoder,
  x: View<AnyNumbers>,
  rows: readonly number[],
  allowed?: readonly (readonly [number, number])[],
): Promise<WithoutColumn[][]> {
  const d = x.shape[1];
  const found: WithoutColumn[][] = [];
  const many = Math.max(1, Math.floor(CHUNK / d));
  for (let begin = 0; begin < rows.length; begin += many) {
    found.push(...(await repaired(model, x, rows.slice(begin, begin + many), allowed)));
  }
  return found;
}

async function repaired(
  model: Autoencoder,
  x: View<AnyNumbers>,
  rows: readonly number[],
  allowed: readonly (readonly [number, number])[] | undefined,
): Promise<WithoutColumn[][]> {
  const d = x.shape[1];
  const n = rows.length * d;
  const flat = zeros(n * d, model.config.precision);
  for (const [i, row] of rows.entries()) {
    const own = toFlat(Object.assign(rowRange(x, row, row + 1), { unit: x.unit }), new Float64Array(d));
    for (let j = 0; j < d; j++) flat.set(own, (i * d + j) * d);
  }
  const at = (p: number) => p * d + (p % d); // of copy p its own column
  const read = (made: Matrix) => Float64Array.from({ length: n }, (_, p) => made.get(p, p % d));
  const evaluate = () => model.reconstruct(matrix(flat, n, d));
  for (let round = 0; round < ROUNDS; round++) {
    const before = Float64Array.from({ length: n }, (_, p) => flat[at(p)]);
    const first = read(await evaluate());
    write(flat, first, at);
    const second = read(await evaluate());
    write(
      flat,
      before.map((a, p) => steffensen(a, first[p], second[p])),
      at,
    );
  }
  if (allowed !== undefined) {
    for (let p = 0; p < n; p++) {
      const [low, high] = allowed[p % d];
      flat[at(p)] = Math.min(high, Math.max(low, flat[at(p)]));
    }
  }
  const made = await evaluate();
  return rows.map((_, i) =>
    Array.from({ length: d }, (_, j) => {
      const p = i * d + j;
      let score = 0;
      for (let c = 0; c < d; c++) score += (made.get(p, c) - flat[p * d + c]) ** 2;
      return { expected: flat[at(p)], score };
    }),
  );
}

function write(flat: Numbers, values: Float64Array, at: (p: number) => number): void {
  for (let p = 0; p < values.length; p++) flat[at(p)] = values[p];
}

/** Where the line through (a, f(a)) and (f(a), f(f(a))) meets the diagonal; f(f(a)) where they all but run beside each other. */
function steffensen(a: number, fa: number, ffa: number): number {
  const bend = ffa - 2 * fa + a;
  const fixed = a - (fa - a) ** 2 / bend;
  return Math.abs(bend) > 1e-9 * Math.abs(fa - a) && Number.isFinite(fixed) ? fixed : ffa;
}
