// What every page does, and every runtime that has workers: trains here and in a worker, and uses what came of it.
import { Autoencoder, fit, measure } from 'rhohat';
import { swissRoll } from 'rhohat/data';
import { encodePng, featureTiles } from 'rhohat/figures';
import { trainInWorker } from 'rhohat/worker';

const config = { inputs: 3, hidden: 4, loss: 'squared-error', output: 'linear', seed: 1, precision: 'float32' };

/** @returns what must be the same everywhere, the costs, and what the kernels were. `kernels` replaces those of train.mjs. */
export async function work(worker, kernels = { threads: 1, deterministic: true }) {
  const { x } = swissRoll({ examples: 200, seed: 1 });
  const model = await Autoencoder.create(config, kernels);
  const { cost } = await fit(model, x, { epochs: 2, batchSize: 20 });
  await use(model, x);
  const { model: trained, result } = await trainInWorker(worker, config, x, { epochs: 2, batchSize: 20, kernels });
  await use(trained, x);
  return { cost, workerCost: result.cost, kernels: model.runtime?.kernels, note: model.runtime?.note };
}

async function use(model, x) {
  const codes = await model.encode(x);
  const { reconstructionError } = await measure(model, x);
  const weight = (await model.parameters())['encoder.weight'];
  const png = encodePng(featureTiles(weight, { width: 3, height: 1, channels: 1 }));
  const wrong =
    codes.shape.join() !== '200,4' ||
    !Number.isFinite(x.get(3, 1)) ||
    !Number.isFinite(codes.get(3, 1)) ||
    !Number.isFinite(reconstructionError) ||
    png[1] !== 0x50;
  if (wrong)
    throw new Error(`wrong: ${JSON.stringify({ codes: codes.shape, x: x.get(3, 1), reconstructionError, png })}`);
}
