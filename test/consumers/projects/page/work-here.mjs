// What every page and every runtime does: trains, and uses what came of it.
import { Autoencoder, fit, measure } from 'rhohat';
import { swissRoll } from 'rhohat/data';
import { encodePng, featureTiles } from 'rhohat/figures';

export const asTrained = { hidden: 4, engine: { threads: 1, deterministic: true } }; // as by train.mjs
export const training = { epochs: 2, batchSize: 20 };
export const config = { inputs: 3, loss: 'squared-error', output: 'linear', seed: 1, precision: 'float32' };

/** @returns what must be the same everywhere, the cost, and what computed it. */
export async function workHere({ engine, hidden } = asTrained) {
  const { x } = swissRoll({ examples: 200, seed: 1 });
  const model = await Autoencoder.create({ ...config, hidden }, engine);
  const { cost } = await fit(model, x, training);
  await use(model, x);
  // A refusal of workers is told by an event, which may come after all of that work.
  if (engine?.threads > 1) await new Promise((resolve) => setTimeout(resolve, 500));
  return { cost, kernels: model.runtime?.kernels, note: model.runtime?.note };
}

export async function use(model, x) {
  const codes = await model.encode(x);
  const { reconstructionError } = await measure(model, x);
  const weight = (await model.parameters())['encoder.weight'];
  const png = encodePng(featureTiles(weight, { width: 3, height: 1, channels: 1 }));
  const numbers = [x.get(3, 1), codes.get(3, 1), reconstructionError];
  if (codes.shape[0] !== 200 || !numbers.every(Number.isFinite) || png[1] !== 0x50) {
    throw new Error(`wrong results: ${JSON.stringify({ shape: codes.shape, numbers, png: png.length })}`);
  }
}
