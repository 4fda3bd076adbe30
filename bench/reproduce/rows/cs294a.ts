import { trainingCurves } from '../../../src/figures/curves.ts';
import { featureTiles } from '../../../src/figures/feature-tiles.ts';
import { presets } from '../../../src/training/presets.ts';
import type { Row } from '../row.ts';
import { prepared } from '../sets.ts';
import { featuresOf } from '../shown.ts';

export const cs294a: Row = {
  name: 'cs294a',
  title: 'CS294A: edges in natural images',
  published:
    '10,000 8×8 patches of ten whitened natural images, 64-25-64 sigmoid units, ρ = 0.01, λ = 1e-4, β = 3, 400 iterations of L-BFGS: edge detectors, in about 5 to 10 minutes of MATLAB. [Ng, CS294A lecture notes and assignment 1, 2011; UFLDL wiki] No final cost was published.',
  setup:
    'the same, on the same images; patches, weights and seeds are ours. A net that outputs the mean patch whatever it sees costs 0.52.',
  async run(lab) {
    const { model, fit, data, source } = presets.cs294a;
    const sample = await prepared(lab, source, lab.size(data, { ...data, patches: { size: 8, count: 400, seed: 1 } }));
    const options = lab.size(fit, { optimizer: { kind: 'lbfgs', iterations: 20 } });
    const runs = [];
    for (const seed of [1, 2, 3]) {
      runs.push(await lab.train(`cs294a seed ${seed}`, { model: { ...model, seed }, data: sample, fit: options }));
    }
    const [one] = runs;
    return {
      figures: [
        {
          what: 'cost after 400 iterations',
          unit: '',
          published: null,
          ours: runs.map(({ cost }) => cost),
          target: { atMost: 0.455 },
        },
        {
          what: 'time of training',
          unit: 's',
          published: '5 to 10 min',
          ours: runs.map(({ seconds }) => seconds),
          target: { atMost: 600 },
        },
      ],
      pictures: [
        await lab.draw(
          'cs294a-features.png',
          featureTiles(await featuresOf(one.model, sample.steps), { height: 8, width: 8, channels: 1 }),
          'The input that each of the 25 hidden units responds to most: oriented edges. 8×8 natural patches, 64-25-64, ρ = 0.01, λ = 1e-4, β = 3, 400 iterations, seed 1.',
        ),
        await lab.draw(
          'cs294a-training.svg',
          trainingCurves(one.history, { title: 'CS294A' }),
          'Cost and its terms over the iterations. The plateau at 0.52, iterations 10 to 45, is the net that outputs the mean patch whatever it sees; edges come after it.',
        ),
      ],
      remarks: [],
    };
  },
};
