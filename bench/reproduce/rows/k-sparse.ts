import { activityHistogram } from '../../../src/figures/activity-histogram.ts';
import { featureTiles } from '../../../src/figures/feature-tiles.ts';
import { inspect } from '../../../src/training/inspection.ts';
import { type Probe, probe, probeError, withAlpha } from '../codes.ts';
import type { Lab, Sample, Trained } from '../lab.ts';
import type { Drawn, Figure, Row, StageTimes } from '../row.ts';
import { DIGIT, digits } from '../sets.ts';
import { featuresOf } from '../shown.ts';

const EPOCHS = 60;
const LONG = 200;
const ALPHAS = [1, 2, 3, 4];
/** What the paper gives, and what is asked here. */
const PUBLISHED = [
  { k: 40, error: 1.54 },
  { k: 25, error: 1.35 },
  { k: 10, error: 2.1 },
] as const;

/** How the row trains, and as the paper does: its E has no ½, so its learning rate 0.01 is 0.02 here. */
const OPTIMIZERS = {
  Adam: { kind: 'adam', learningRate: { kind: 'linear', from: 1e-3, to: 2e-5 } },
  SGD: { kind: 'sgd', learningRate: 0.02, momentum: 0.9 },
} as const;

interface Training {
  readonly k: number;
  readonly seed: number;
  readonly epochs?: number;
  readonly by?: keyof typeof OPTIMIZERS;
}

/** Tied linear units, of which the k largest survive: Makhzani & Frey's. */
export function trainKSparse(
  lab: Lab,
  data: Sample,
  { k, seed, epochs = EPOCHS, by = 'Adam' }: Training,
): Promise<Trained> {
  return lab.train(`k-sparse k=${k} seed ${seed}, ${epochs} epochs${by === 'Adam' ? '' : ` of ${by}`}`, {
    model: { hidden: lab.size(1000, 120), sparsity: { kind: 'k-sparse', k, alpha: 3 }, seed },
    data,
    fit: { optimizer: OPTIMIZERS[by], epochs: lab.size(epochs, 1), batchSize: 100 },
  });
}

async function tiles(lab: Lab, { model }: Trained, k: number): Promise<Drawn> {
  const features = featuresOf(model);
  return lab.draw(
    `k-sparse-features-${k}.png`,
    featureTiles(features.hi(Math.min(features.shape[0], 196), features.shape[1]) as typeof features, DIGIT),
    `196 of the 1000 features with k = ${k}. Tied linear units, MNIST's first 50,000 digits, ${EPOCHS} epochs of Adam, seed 1.`,
  );
}

export const kSparse: Row = {
  name: 'k-sparse',
  title: 'k-sparse autoencoders: from local pieces to whole digits',
  published:
    '1000 tied linear units on MNIST (50,000 to learn from), 5,000 epochs of SGD with momentum 0.9 and learning rate 0.01, weights from N(0, 0.01²); logistic regression on αk survivors: 1.54%, 1.35% and 2.10% of the test digits wrong for k = 40, 25 and 10, raw pixels 7.20%; filters go from local strokes (k = 70) to whole digits (k = 10). [Makhzani & Frey, arXiv 1312.5663v2, Table 1, Figure 1]',
  setup: `the same net and split; ${EPOCHS} epochs of Adam (learning rate 1e-3 falling linearly to 2e-5, batch 100, k annealed from max(100, 4k) over the first half) in place of 5,000 of SGD, and ${LONG} epochs for k = 25; α of {${ALPHAS.join(', ')}} and the softmax's weight decay of {1e-5, 1e-4, 1e-3} by the validation error of seed 1, 100 iterations of L-BFGS for the softmax.`,
  async run(lab) {
    const set = await digits(lab);
    const figures: Figure[] = [];
    const pictures: Drawn[] = [];
    const histograms: Drawn[] = [];
    const seventy = await trainKSparse(lab, set.train, { k: 70, seed: 1 });
    const dead: string[][] = [];
    const shown = async (trained: Trained, k: number): Promise<void> => {
      pictures.push(await tiles(lab, trained, k));
      const { deadUnits } = await inspect(trained.model, set.validation.x);
      const squaredError = (2 * trained.terms.reconstruction).toFixed(2);
      dead.push([String(k), squaredError, String(deadUnits.length)]);
      if (k === 70 || k === 10) histograms.push(await activity(lab, trained, k, set.validation));
    };
    await shown(seventy, 70);
    let best25 = 3;
    const trainings: Trained[] = [];
    const probes: Probe[] = [];
    for (const { k, error } of PUBLISHED) {
      const one = await trainKSparse(lab, set.train, { k, seed: 1 });
      await shown(one, k);
      const tried = [];
      for (const alpha of ALPHAS) {
        const trained = await withAlpha(one, alpha);
        tried.push({ alpha, ...(await probe(lab, `k-sparse k=${k} α=${alpha}`, trained, set)) });
        trained.model.dispose();
      }
      const { alpha, validationError } = tried.reduce((a, b) => (b.validationError < a.validationError ? b : a));
      if (k === 25) best25 = alpha;
      const errors: number[] = [];
      for (const seed of [1, 2, 3]) {
        const trained = await withAlpha(await trainKSparse(lab, set.train, { k, seed }), alpha);
        const found = await probe(lab, `k-sparse k=${k} α=${alpha}`, trained, set);
        errors.push(await probeError(lab, trained, found, set.test));
        if (k === 25) {
          trainings.push(trained);
          probes.push(found);
        }
        trained.model.dispose();
      }
      figures.push({
        what: `test error on codes, k = ${k}, ${EPOCHS} epochs`,
        unit: '%',
        published: error,
        ours: errors,
        note: `α = ${alpha}, validation ${validationError.toFixed(2)}%`,
      });
    }
    const before = lab.seconds;
    const long = await withAlpha(await trainKSparse(lab, set.train, { k: 25, seed: 1, epochs: LONG }), best25);
    const found = await probe(lab, `k-sparse k=25, ${LONG} epochs`, long, set);
    figures.push(
      {
        what: `test error on codes, k = 25, ${LONG} epochs`,
        unit: '%',
        published: 1.35,
        ours: [await probeError(lab, long, found, set.test)],
        target: { atMost: 1.7 },
        note: `validation ${found.validationError.toFixed(2)}%`,
      },
      { what: 'its time', unit: 's', published: null, ours: [lab.seconds - before], target: { atMost: 3600 } },
      {
        what: 'test error on raw pixels',
        unit: '%',
        published: 7.2,
        ours: [await probeError(lab, null, await probe(lab, 'raw pixels', null, set), set.test)],
      },
    );
    const stages: StageTimes[] = [
      {
        what: `autoencoder, k = 25, ${EPOCHS} epochs`,
        seconds: trainings.map(({ seconds }) => seconds),
        costs: trainings.map(({ cost }) => cost),
      },
      {
        what: `softmax for 3 λ, k = 25, ${EPOCHS} epochs`,
        seconds: probes.map(({ seconds }) => seconds),
        costs: probes.map(({ softmax }) => softmax.cost),
      },
    ];
    const table = {
      head: ['k', 'squared error of a training image', 'units that no validation image keeps'],
      rows: dead,
      note: `Seed 1, ${EPOCHS} epochs; the error with k survivors, the count with αk = 3k.`,
    };
    return { figures, tables: [table], pictures: [...pictures, ...histograms], stages, remarks: [] };
  },
};

async function activity(lab: Lab, { model }: Trained, k: number, { x }: Sample): Promise<Drawn> {
  const { histogram } = await inspect(model, x);
  return lab.draw(
    `k-sparse-activity-${k}.svg`,
    activityHistogram(histogram, { title: `Activations of all hidden units, k = ${k}` }),
    `How often each activation occurs over the validation images, k = ${k}, encoding with αk = ${3 * k} survivors (the paper's figure 4).`,
  );
}
