import type { AnyNumbers, Numbers, View } from '../../../src/array/matrix.ts';
import { swissRoll, swissRollAngles } from '../../../src/data/generated/swiss-roll.ts';
import { fitPca, pcaError } from '../../../src/data/preprocessing/pca.ts';
import { applyPreprocessing } from '../../../src/data/preprocessing/preprocessing.ts';
import { measure } from '../../../src/measures/metrics.ts';
import { presets } from '../../../src/training/presets.ts';
import type { Lab, Sample, Trained } from '../lab.ts';
import type { Row } from '../row.ts';
import { prepared } from '../sets.ts';
import { crossSection, curvePicture } from './swiss-roll-cross-section.ts';
import { codesPicture, rollPicture, sheetPicture } from './swiss-roll-pictures.ts';

const SEEDS = [1, 2, 3];

/** The preset with this many latent units, from several seeds. */
async function trained(lab: Lab, data: Sample, latent: number, what = 'swiss-roll'): Promise<Trained[]> {
  const { model } = presets['swiss-roll'];
  const runs = [];
  for (const seed of SEEDS) {
    runs.push(
      await lab.train(`${what} ${data.x.shape[1]}-64-32-${latent} seed ${seed}`, {
        model: { ...model, hidden: [lab.size(64, 16), lab.size(32, 8), latent], seed },
        data,
        fit: { optimizer: { kind: 'lbfgs', iterations: lab.size(1000, 40) } },
      }),
    );
  }
  return runs;
}

async function errors(runs: readonly Trained[], x: View<AnyNumbers>): Promise<number[]> {
  return Promise.all(runs.map(async ({ model }) => (await measure(model, x)).squaredError));
}

/** The run with the lowest cost, which is chosen without a look at fresh points. */
function best(runs: readonly Trained[]): Trained {
  return runs.reduce((least, run) => (run.cost < least.cost ? run : least));
}

export const swissRollRow: Row = {
  name: 'swiss-roll',
  title: 'A nonlinear manifold against a linear one: the Swiss roll',
  published:
    'pictures without set-up or numbers: "Linear vs. nonlinear dimensionality reduction", a Swiss roll in 3D, and the flat sheet that a linear method puts through it. [Technical report on sparse autoencoders, figures 4 to 6]',
  setup:
    '2,000 points (t cos t, h, t sin t), t on [1.5π, 4.5π), h on [0, 21), with noise N(0, 0.1²), standardized; 3-64-32-2-32-64-3 and 3-64-32-1-32-64-3, tanh with linear code and output, 1,000 iterations of L-BFGS, seeds 1 to 3, beside the principal components and a linear autoencoder. Squared errors are Σ(x̂ − x)² of a point, in units in which each coordinate has variance 1; fresh points are 2,000 others of the same roll. Pictures are of the seed with the lowest training cost.',
  async run(lab) {
    const { data, source } = presets['swiss-roll'];
    const m = lab.size(2000, 300);
    const sample = await prepared(lab, source, lab.size(data, { ...data, limit: m }));
    const x = sample.x as View<Numbers>;
    const fresh = applyPreprocessing(sample.steps, swissRoll({ examples: m, seed: 2, noise: 0.1 }).x, 'float32');
    const angles = swissRollAngles({ examples: m, seed: 1 });
    const two = await trained(lab, sample, 2);
    const one = await trained(lab, sample, 1);
    const linear = await lab.train('swiss-roll linear 3-2', {
      model: { hidden: 2, activation: 'linear', output: 'linear' },
      data: sample,
      fit: { optimizer: { kind: 'lbfgs', iterations: lab.size(200, 40) } },
    });
    const arc = crossSection(sample, angles, 3 * Math.PI);
    const curve = await trained(lab, arc, 1, 'swiss-roll arc');
    const spiral = crossSection(sample, angles, Number.POSITIVE_INFINITY);
    const turns = await trained(lab, spiral, 1, 'swiss-roll spiral');
    const pca = (of: View<Numbers>, components: number, on = of) => [pcaError(fitPca(of, components), on)];
    const figure = (what: string, ours: number[]) => ({ what, unit: '' as const, published: null, ours });
    return {
      figures: [
        figure('squared error, 2 latent units', await errors(two, x)),
        figure('– PCA-2', pca(x, 2)),
        figure('– linear autoencoder, 2 units', await errors([linear], x)),
        figure('– 2 latent units, fresh points', await errors(two, fresh)),
        figure('– PCA-2, fresh points', pca(x, 2, fresh)),
        figure('squared error, 1 latent unit', await errors(one, x)),
        figure('– PCA-1', pca(x, 1)),
        figure('cross-section, ¾ turn: squared error, 1 latent unit', await errors(curve, arc.x as View<Numbers>)),
        figure('– PCA-1', pca(arc.x as View<Numbers>, 1)),
        figure('cross-section, 1½ turns: squared error, 1 latent unit', await errors(turns, spiral.x as View<Numbers>)),
        figure('– PCA-1', pca(spiral.x as View<Numbers>, 1)),
      ],
      pictures: [
        await curvePicture(lab, [arc, spiral], [best(curve), best(turns)]),
        await rollPicture(lab, sample, best(two), angles),
        await sheetPicture(lab, sample, best(one), angles),
        await codesPicture(lab, sample, best(two), angles),
      ],
      remarks: [
        'Two numbers suffice for the roll and one for its cross-section, but gradient descent does not find that from every start: over 1½ turns each of the three seeds cuts the spiral into pieces, and pays where the pieces meet. Over ¾ turn it finds the curve itself: what is left is the noise.',
        'Fresh points cost more than those that were trained on: 1,000 iterations on 2,000 points without any penalty learn some of the noise and of the gaps between points.',
      ],
    };
  },
};
