import { type Matrix, matrix, toFlat, type View } from '../array/matrix.ts';
import { displayFilters, type Preprocessing } from '../data/preprocessing/preprocessing.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { parameterName } from '../model/autoencoder-spec.ts';

/** Of so many times as many units as are asked for, rows are copied one by one. */
const FEW = 4;

/** Whether a picture of a unit is what it adds to a reconstruction, not the weights that excite it. */
export function addsUp({ config }: Autoencoder): boolean {
  return config.hidden.length > 1 || config.unitNorm;
}

/**
 * A picture of each of these units of the code, a row of inputs each: of one layer its weights, as they act on the data before whitening;
 * where the decoder's rows have norm 1, its row Dⱼ; in a deep model, whose code sees no inputs, x̂ of the unit alone less x̂ of none.
 */
export async function featuresSeen(
  model: Autoencoder,
  steps: readonly Preprocessing[],
  units: readonly number[],
): Promise<Matrix> {
  const { engine, config } = model;
  const { hidden, unitNorm } = config;
  if (hidden.length > 1) return additionsOf(model, units);
  const { kernels } = engine;
  const rows = await engine.exclusive(async () => {
    const weight = engine.parameter(parameterName(unitNorm ? 'decoder' : 'encoder', 0, 'weight', 1));
    const [h, d] = weight.shape;
    const out = new Float64Array(units.length * d);
    const whole = units.length * FEW < h ? null : await kernels.copyOut(weight);
    for (const [i, unit] of units.entries()) {
      out.set(whole?.subarray(unit * d, unit * d + d) ?? (await kernels.copyOut(rowOf(weight, unit))), i * d);
    }
    return matrix(out, units.length, d);
  });
  return unitNorm ? rows : displayFilters(steps, rows);
}

async function additionsOf(model: Autoencoder, units: readonly number[]): Promise<Matrix> {
  const h = model.config.hidden[model.config.hidden.length - 1];
  const n = units.length;
  const codes = matrix(new Float64Array((n + 1) * h), n + 1, h);
  for (const [i, unit] of units.entries()) codes.set(i, unit, 1);
  const drawn = await model.decode(codes);
  const d = drawn.shape[1];
  const flat = Float64Array.from(toFlat(drawn));
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) flat[i * d + j] -= flat[n * d + j];
  return matrix(flat.subarray(0, n * d), n, d);
}

function rowOf({ data, shape, stride, offset }: View, row: number): View {
  return { data, shape: [1, shape[1]], stride, offset: offset + row * stride[0] };
}
