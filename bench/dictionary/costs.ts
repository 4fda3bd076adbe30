import ndarray from 'ndarray';
import { type Matrix, rowRange, toFlat } from '../../src/array/matrix.ts';
import { type Autoencoder, fit } from '../../src/index.ts';
import type { Python } from '../beside/python.ts';
import { benchModel } from '../subjects.ts';
import { configOf, fitOptions, type Setting } from './settings.ts';

/** Every subject first takes so many steps on the first batch. */
export const STEPS = 3;
/** Of their costs, relative: both are float32, and rounding may choose another survivor. */
export const TOLERANCE = 1e-4;

/** @throws Error unless the peer's costs are ours: nothing is timed then. */
export function assertCosts(name: string, costs: ArrayLike<number>, ours: ArrayLike<number>): void {
  for (let i = 0; i < STEPS; i++) {
    if (Math.abs(costs[i] - ours[i]) <= TOLERANCE * ours[i]) continue;
    throw new Error(`${name}: step ${i + 1} has cost ${costs[i]}, ours ${ours[i]}: nothing was timed`);
  }
}

/** A model before its first step, where the decoder's bias is not 0 if it is subtracted. */
export async function startingModel(setting: Setting, threads: number): Promise<Autoencoder> {
  const model = await benchModel(configOf(setting), { threads });
  const { inputs, held } = setting;
  const middle = Float32Array.from({ length: inputs }, (_, j) => (held ? 0.5 + (j % 7) / 100 : 0));
  model.setParameters({ 'decoder.bias': ndarray(middle, [inputs]) });
  return model;
}

/** What the first steps cost. */
export async function firstCosts(model: Autoencoder, x: Matrix, setting: Setting): Promise<number[]> {
  const { history } = await fit(model, rowRange(x, 0, setting.batch), fitOptions(setting, STEPS));
  return history.map(({ cost }) => cost);
}

/** PyTorch's steps from where the model stands, prepared: `gathered` decodes by embedding_bag. */
export async function pytorchDictionary(
  torch: Python,
  setting: Setting,
  x: Matrix<Float32Array>,
  start: Awaited<ReturnType<Autoencoder['parameters']>>,
  gathered: boolean,
): Promise<{ id: string; costs: ArrayLike<number> }> {
  const costs = torch.path();
  const id = await torch.prepare('dictionary', {
    objective: { ...setting, gathered },
    x: torch.send(x.data, x.shape),
    parameters: Object.values(start).map((p) => torch.send(Float32Array.from(toFlat(p)), p.shape)),
    ...{ steps: STEPS, costs },
  });
  return { id, costs: torch.receive(costs, 'float64') };
}
