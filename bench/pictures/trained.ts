import type { Matrix } from '../../src/array/matrix.ts';
import { takeFirst } from '../../src/data/examples.ts';
import { prepare } from '../../src/data/preprocessing/prepare.ts';
import { featureTiles } from '../../src/figures/feature-tiles.ts';
import { imageTiles } from '../../src/figures/image-tiles.ts';
import type { Picture } from '../../src/figures/picture.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { loadExamples } from '../../src/node/sources.ts';
import { fit } from '../../src/training/fit.ts';
import { presets } from '../../src/training/presets.ts';
import { featuresOf } from '../reproduce/shown.ts';

/** A model on its way: after `iteration` steps. */
export interface Moment {
  readonly iteration: number;
  readonly cost: number;
  /** What each hidden unit looks for. */
  readonly tiles: Picture;
}

export interface Formed {
  /** What it was trained on: one of the images. */
  readonly image: Picture;
  readonly iterations: number;
  readonly patches: number;
  readonly units: number;
  readonly moments: readonly Moment[];
  /** After every step, the beginning first. */
  readonly costs: readonly number[];
}

/** Trains what `npx rhohat train` trains, and keeps the moments that are `shown`; the last one always. */
export async function form(shown: (iteration: number) => boolean): Promise<Formed> {
  const { source, data, model: config, fit: options } = presets['dead-leaves'];
  const stacks = await loadExamples(source);
  const { x, steps } = prepare(stacks, data, 'float32');
  const [count, inputs] = x.shape;
  const size = Math.sqrt(inputs);
  const draw = (features: Matrix) => featureTiles(features, { height: size, width: size, channels: 1, scale: 4 });
  // The same bits on every machine, and so the same picture.
  const model = await Autoencoder.create({ ...config, inputs, seed: 1 }, { deterministic: true });
  const moments: Moment[] = [];
  const keep = async (iteration: number, cost: number) => {
    moments.push({ iteration, cost, tiles: draw(await featuresOf(model, steps)) });
  };
  const { cost } = await model.costAndGradient(x);
  const costs = [cost];
  await keep(0, cost);
  const { history } = await fit(model, x, {
    ...options,
    onProgress: async (progress) => {
      costs.push(progress.cost);
      if (shown(progress.step) || progress.step === progress.steps) await keep(progress.step, progress.cost);
    },
  });
  model.dispose();
  const [{ image }] = stacks;
  if (image === undefined) throw new Error(`${source} are no images`);
  return {
    image: imageTiles(takeFirst(stacks[0], 1).x as Matrix, { ...image, scale: 1, gap: 0 }),
    iterations: history.length,
    patches: count,
    units: model.config.hidden[0],
    moments,
    costs,
  };
}
