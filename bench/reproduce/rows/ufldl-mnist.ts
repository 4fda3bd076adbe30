import { trainingCurves } from '../../../src/figures/curves.ts';
import { featureTiles } from '../../../src/figures/feature-tiles.ts';
import { measure } from '../../../src/measures/metrics.ts';
import { presets } from '../../../src/training/presets.ts';
import type { Row } from '../row.ts';
import { DIGIT, digits, first } from '../sets.ts';
import { featuresOf } from '../shown.ts';

export const ufldlMnist: Row = {
  name: 'ufldl-mnist',
  title: 'UFLDL: pen strokes in digits',
  published:
    'the first 10,000 training images of MNIST, 784-196-784 sigmoid units, ρ = 0.1, λ = 3e-3, β = 3, 400 iterations of L-BFGS: pen strokes, in 15 to 20 minutes. [UFLDL wiki, exercise "Vectorization"]',
  setup: 'the same.',
  async run(lab) {
    const { model, fit } = presets['ufldl-mnist'];
    const data = first((await digits(lab)).all, lab.size(10_000, 200));
    const options = lab.size(fit, { optimizer: { kind: 'lbfgs', iterations: 10 } });
    const runs = [];
    const farthest: number[] = [];
    const outside: number[] = [];
    for (const seed of [1, 2, 3]) {
      const run = await lab.train(`ufldl-mnist seed ${seed}`, { model: { ...model, seed }, data, fit: options });
      const { meanActivations } = await measure(run.model, data.x);
      const distances = Array.from(meanActivations, (rho) => Math.abs(rho - 0.1));
      farthest.push(Math.max(...distances));
      outside.push(distances.filter((distance) => distance > 0.01).length);
      runs.push(run);
    }
    const [trained] = runs;
    return {
      figures: [
        {
          what: 'largest |ρ̂ − 0.1| of a unit',
          unit: '',
          published: null,
          ours: farthest,
          target: { atMost: 0.01 },
          note: `${outside.join(', ')} of 196 units are farther than 0.01`,
        },
        { what: 'cost', unit: '', published: null, ours: runs.map(({ cost }) => cost) },
        {
          what: 'time of training',
          unit: 's',
          published: '15 to 20 min',
          ours: runs.map(({ seconds }) => seconds),
          target: { atMost: 1200 },
        },
      ],
      pictures: [
        await lab.draw(
          'ufldl-mnist-features.png',
          featureTiles(await featuresOf(trained.model), DIGIT),
          'The 196 features: pen strokes. First 10,000 digits, 784-196-784, ρ = 0.1, λ = 3e-3, β = 3, 400 iterations.',
        ),
        await lab.draw(
          'ufldl-mnist-training.svg',
          trainingCurves(trained.history, { title: 'UFLDL on MNIST' }),
          'The cost curve with its three terms.',
        ),
      ],
      remarks: [],
    };
  },
};
