import { matrixView, type View, vectorView } from '../../array/matrix.ts';
import { fillUniform, stream } from '../../array/random.ts';
import type { RulePlace, Step } from './rule.ts';

/** Row j of a matrix; of a vector its number j. */
export function rowOf({ data, shape, stride, offset }: View, j: number): View {
  return { data, shape: [shape[1] ?? 1], stride: [stride[1] ?? 1], offset: offset + j * stride[0] };
}

/**
 * For each row of `drawn` (units, d) one of the examples that go by, with replacement, in proportion to L², L = ‖x − x̂‖²: one
 * of a batch takes the place of the one before with probability Σ L² of the batch / Σ L² so far, which `mass` (1) holds. So every
 * example stays with probability L²/Σ L². Examples that are all 0, which give no direction, are not drawn. [Chao 1982]
 */
export function createDraw({ k, storage, seed, group }: RulePlace, drawn: View, mass: View) {
  const [units, d] = drawn.shape;
  let errors: View | null = null;
  let squares: View | null = null;

  /** L and ‖x‖² of the rows at hand. */
  async function squaresOf({ target, reconstruction }: Step['pass']): Promise<ArrayLike<number>[]> {
    const [rows] = target.shape;
    if (rows === 0) return [[], []];
    if (errors === null || squares === null || errors.shape[0] < rows) {
      for (const old of [errors, squares]) if (old !== null) storage.release(old.data);
      errors = matrixView(storage.allocate(rows * d), rows, d);
      squares = vectorView(storage.allocate(2 * rows));
    }
    const e = { ...errors, shape: [rows, d] };
    const [L, norms] = [0, rows].map((offset) => ({ ...(squares as View), shape: [rows], offset }));
    k.blend(e, target, 1, reconstruction, -1);
    k.rowSquaredNorms(L, e);
    k.rowSquaredNorms(norms, target);
    return [await k.copyOut(L), await k.copyOut(norms)];
  }

  return {
    /** Forgets what was drawn. */
    begin: () => k.write(mass, [0]),

    /** Whether anything was. */
    any: async () => (await k.copyOut(mass))[0] > 0,

    /** Lets the examples of a step go by. */
    async from({ pass, step, examples }: Step): Promise<void> {
      const [L, norms] = await squaresOf(pass);
      const weights = new Float64Array(examples); // of the whole batch
      for (let i = 0; i < L.length; i++) weights[pass.first + i] = norms[i] > 0 ? L[i] ** 2 : 0;
      await group.total(weights);
      const upTo = new Float64Array(examples);
      let sum = 0;
      for (let i = 0; i < examples; i++) {
        sum += weights[i];
        upTo[i] = sum;
      }
      if (sum === 0) return;
      const all = (await k.copyOut(mass))[0] + sum;
      k.write(mass, [all]);

      const x = new Float64Array(examples * d); // of the whole batch
      if (L.length > 0) x.set(await k.copyOut(pass.target), pass.first * d);
      await group.total(x);
      const u = fillUniform(new Float64Array(2 * units), { seed, stream: stream.resampling, counter: step });
      for (let unit = 0; unit < units; unit++) {
        if (u[2 * unit] * all >= sum) continue;
        const row = firstAbove(upTo, u[2 * unit + 1] * sum);
        k.write(rowOf(drawn, unit), x.subarray(row * d, (row + 1) * d));
      }
    },
  };
}

/** The first place whose number is above `value`, which is below the last: the numbers do not fall. */
function firstAbove(rising: Float64Array, value: number): number {
  let low = 0;
  let high = rising.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
