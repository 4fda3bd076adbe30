import { trainingCurves } from '../../../src/figures/curves.ts';
import { featureTiles } from '../../../src/figures/feature-tiles.ts';
import { measure } from '../../../src/measures/metrics.ts';
import type { Autoencoder } from '../../../src/model/autoencoder.ts';
import { presets } from '../../../src/training/presets.ts';
import type { Sample, Trained } from '../lab.ts';
import type { Row } from '../row.ts';
import { DIGIT, digits, first } from '../sets.ts';
import { featuresOf } from '../shown.ts';

const ITERATIONS = 1000;
/** Of the course. */
const FEW = 400;
/** Pairs (s, y) that L-BFGS keeps: our default, and that of minFunc, which the course uses. */
const HISTORY = 20;
const LONG = 100;
const TARGET = 0.1;

/** max |ρ̂ − ρ| of a unit, and how many are farther than 0.01. */
async function distances(model: Autoencoder, data: Sample): Promise<{ largest: number; outside: number }> {
  const { meanActivations } = await measure(model, data.x);
  const found = Array.from(meanActivations, (rho) => Math.abs(rho - TARGET));
  return { largest: Math.max(...found), outside: found.filter((distance) => distance > 0.01).length };
}

export const ufldlMnist: Row = {
  name: 'ufldl-mnist',
  title: 'UFLDL: pen strokes in digits',
  published:
    'the first 10,000 training images of MNIST, 784-196-784 sigmoid units, ρ = 0.1, λ = 3e-3, β = 3, 400 iterations of L-BFGS: pen strokes, in 15 to 20 minutes. [UFLDL wiki, exercise "Vectorization"]',
  setup: `the same, but ${ITERATIONS} iterations.`,
  async run(lab) {
    const { model } = presets['ufldl-mnist'];
    const data = first((await digits(lab)).all, lab.size(10_000, 200));
    const train = (seed: number, iterations = ITERATIONS, history = HISTORY) =>
      lab.train(`ufldl-mnist seed ${seed}`, {
        model: { ...model, seed },
        data,
        fit: { optimizer: { kind: 'lbfgs', iterations: lab.size(iterations, 10), history } },
      });
    const runs: Trained[] = [];
    const found: Awaited<ReturnType<typeof distances>>[] = [];
    for (const seed of [1, 2, 3]) {
      const run = await train(seed);
      found.push(await distances(run.model, data));
      runs.push(run);
    }
    const others = [
      { what: `${FEW} iterations, ${HISTORY} pairs`, run: await train(3, FEW) },
      { what: `${FEW} iterations, ${LONG} pairs`, run: await train(3, FEW, LONG) },
      { what: `${ITERATIONS} iterations, ${HISTORY} pairs`, run: runs[2] },
    ];
    const lines: string[][] = [];
    for (const { what, run } of others) {
      const { largest, outside } = await distances(run.model, data);
      lines.push([what, largest.toFixed(4), `${outside} of 196`, run.cost.toFixed(3), `${run.seconds.toFixed(0)} s`]);
    }
    const [trained] = runs;
    return {
      figures: [
        {
          what: 'largest |ρ̂ − 0.1| of a unit',
          unit: '',
          published: null,
          ours: found.map(({ largest }) => largest),
        },
        {
          what: 'units of 196 whose ρ̂ is farther than 0.01 from 0.1',
          unit: '',
          published: null,
          ours: found.map(({ outside }) => outside),
          target: { atMost: 0 },
          headline: true,
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
      ablation: {
        head: ['seed 3', 'largest |ρ̂ − 0.1|', 'farther than 0.01', 'cost', 'time'],
        rows: lines,
        note: 'Pairs are the steps and gradients that L-BFGS keeps; minFunc, which the course uses, keeps 100 unless told otherwise. It was the minimum that had not been reached.',
      },
      stages: [{ what: 'training', seconds: runs.map(({ seconds }) => seconds), costs: runs.map(({ cost }) => cost) }],
      pictures: [
        await lab.draw(
          'ufldl-mnist-features.png',
          featureTiles(await featuresOf(trained.model), DIGIT),
          `The 196 features: pen strokes. First 10,000 digits, 784-196-784, ρ = 0.1, λ = 3e-3, β = 3, ${ITERATIONS} iterations.`,
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
