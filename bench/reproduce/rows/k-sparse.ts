import { inspect } from '../../../src/measures/inspection.ts';
import { byLbfgs, probe, probeError, withAlpha } from '../codes.ts';
import { duration } from '../format.ts';
import type { Lab, Sample, Trained } from '../lab.ts';
import type { Figure, Row, StageTimes } from '../row.ts';
import { type Digits, digits } from '../sets.ts';
import { activity, tiles } from './k-sparse-pictures.ts';
import { searchKSparse } from './k-sparse-search.ts';

const EPOCHS = 60;
const LONG = 200;
const ALPHAS = [1, 2, 3, 4];
const SEEDS = [1, 2, 3];
/** What the paper gives: % of the test digits wrong. */
export const PUBLISHED = [
  { k: 40, error: 1.54 },
  { k: 25, error: 1.35 },
  { k: 10, error: 2.1 },
] as const;

/** How the row trains, and as the paper does: its E has no ½, so its learning rate 0.01 is 0.02 here. */
const OPTIMIZERS = {
  Adam: { kind: 'adam', learningRate: { kind: 'linear', from: 1e-3, to: 2e-5 } },
  SGD: { kind: 'sgd', learningRate: { kind: 'constant', value: 0.02, warmup: 2000 }, momentum: 0.9 },
  'SGD in batches of 50': {
    kind: 'sgd',
    learningRate: { kind: 'constant', value: 0.03, warmup: 4000 },
    momentum: 0.9,
  },
} as const;

interface Training {
  readonly k: number;
  readonly seed: number;
  readonly epochs?: number;
  /** Survivors at first, which then fall to k: max(100, 4k) unless given, k for none that falls. */
  readonly annealFrom?: number;
  readonly by?: keyof typeof OPTIMIZERS;
}

/** What was tried on the way, by validation error, whose spread over draws of 10,000 images is about 0.15. */
const TRIED = [
  'Validation errors of two draws of 10,000 images differ by about 0.15. k = 25 is the best of the three, as published, by Adam and by SGD; k = 40 and k = 10 have changed places in both. By SGD it is the fall of k = 40 from 160 survivors that does it: without, the three stand in the published order, which is asked of `k-sparse-sgd`. By Adam k = 40 without a fall was not tried.',
  'By Adam more epochs lower the cost and not the error: 200 gave 2.10% (validation 2.07%). By SGD in batches of 100 they lower both; in batches of 50 the cost alone (the search below).',
  'Tried on 20,000 digits, k = 25, 40 epochs, validation error: Adam with a learning rate of 1e-3 2.28%, falling linearly 2.27%, 2e-3 3.02%; SGD with 0.005 2.42%, 0.01 2.50%, 0.02 2.31%, while 0.04 diverged; SGD with 20% of the pixels masked 2.31%. Without warm-up, on all 50,000 digits, 60 epochs of SGD ended at validation errors of 1.82%, 2.62% and 1.69% for seeds 1 to 3, and 300 at 1.90% (seed 1): units die at the start. On the codes of those 300, one λ each, again by validation: α = 2 1.90%, 5 2.02%, square roots of the codes 2.05%, λ = 3e-5 and 60 iterations 1.80%.',
  'What is left to 1.35% cannot be told apart: the paper trained for 5,000 epochs and prints neither batch size nor scaling of the pixels, nor how its logistic regression was regularised.',
];

/** Tied linear units, of which the k largest survive: Makhzani & Frey's. */
export function trainKSparse(
  lab: Lab,
  data: Sample,
  { k, seed, epochs = EPOCHS, annealFrom, by = 'Adam' }: Training,
): Promise<Trained> {
  return lab.train(`k-sparse k=${k} seed ${seed}, ${epochs} epochs${by === 'Adam' ? '' : ` of ${by}`}`, {
    model: {
      hidden: lab.size(1000, 120),
      sparsity: { kind: 'k-sparse', k, alpha: 3, ...(annealFrom === undefined ? {} : { annealFrom }) },
      seed,
    },
    data,
    fit: {
      optimizer: OPTIMIZERS[by],
      epochs: lab.size(epochs, 1),
      batchSize: by === 'SGD in batches of 50' ? 50 : 100,
    },
  });
}

export const kSparse: Row = {
  name: 'k-sparse',
  title: 'k-sparse autoencoders: from local pieces to whole digits',
  published:
    '1000 tied linear units on MNIST (50,000 to learn from), 5,000 epochs of SGD with momentum 0.9 and learning rate 0.01, weights from N(0, 0.01²); logistic regression on αk survivors: 1.54%, 1.35% and 2.10% of the test digits wrong for k = 40, 25 and 10, raw pixels 7.20%; filters go from local strokes (k = 70) to whole digits (k = 10). [Makhzani & Frey, arXiv 1312.5663v2, Table 1, Figure 1]',
  setup: `the same net and split; ${EPOCHS} epochs of Adam (learning rate 1e-3 falling linearly to 2e-5, batch 100, k annealed from max(100, 4k) over the first half) in place of 5,000 of SGD; also ${LONG} epochs, for k = 25 ${EPOCHS} too, of SGD as published (their 0.01 is 0.02 here, as their error has no ½; over the first 2,000 steps it rises from 0), with α = 3 and λ of {1e-6, 1e-5, 1e-4}; α of {${ALPHAS.join(', ')}} by the validation error of seed 1, the softmax's weight decay of {1e-5, 1e-4, 1e-3} by that of each seed, 100 iterations of L-BFGS for the softmax.`,
  search: {
    measure:
      'Errors in % of the 10,000 validation images, softmax on codes with α = 3, seed 1, momentum 0.9 and k annealed as in the row, warm-up over 2,000 or 4,000 steps, the best of three λ of the softmax (of one for the noise)',
    run: searchKSparse,
  },
  async run(lab) {
    const set = await digits(lab);
    const seen = [await look(lab, set, 70)];
    const found: ByAdam[] = [];
    for (const { k, error } of PUBLISHED) {
      seen.push(await look(lab, set, k));
      found.push(await byAdam(lab, set, k, error));
    }
    const raw = await probe(lab, 'raw pixels', null, set);
    const pixels: Figure = {
      what: 'test error on raw pixels',
      unit: '%',
      published: 7.2,
      ours: [await probeError(lab, null, raw, set.test)],
    };
    return {
      figures: [...found.map(({ figure }) => figure), ...(await bySgd(lab, set)), pixels],
      tables: [
        {
          head: ['k', 'squared error of a training image', 'units that no validation image keeps'],
          rows: seen.map(({ line }) => line),
          note: `Seed 1, ${EPOCHS} epochs of Adam; the error with k survivors, the count with αk = 3k.`,
        },
      ],
      pictures: [
        ...seen.map(({ features }) => features),
        await seen[0].activity(),
        await seen[seen.length - 1].activity(),
      ],
      stages: found.flatMap(({ stages }) => stages),
      remarks: TRIED,
    };
  },
};

/** What the units of the first seed look like and do. */
async function look(lab: Lab, set: Digits, k: number) {
  const trained = await trainKSparse(lab, set.train, { k, seed: 1 });
  const inspection = await inspect(trained.model, set.validation.x);
  const squaredError = (2 * trained.terms.reconstruction).toFixed(2);
  return {
    features: await tiles(lab, trained, {
      file: `k-sparse-features-${k}.png`,
      what: `k = ${k}`,
      more: `Noise is a unit that never learnt. ${EPOCHS} epochs of Adam.`,
    }),
    activity: () => activity(lab, inspection, k),
    line: [String(k), squaredError, String(inspection.deadUnits.length)],
  };
}

interface ByAdam {
  readonly figure: Figure;
  readonly stages: readonly StageTimes[];
}

/** All seeds, with the α that gets the fewest validation images wrong for the first. */
async function byAdam(lab: Lab, set: Digits, k: number, published: number): Promise<ByAdam> {
  const probed = async (seed: number, alpha: number) => {
    const trained = await withAlpha(await trainKSparse(lab, set.train, { k, seed }), alpha);
    const found = await probe(lab, `k-sparse k=${k} α=${alpha}`, trained, set);
    return { alpha, trained, found };
  };
  let best = await probed(1, ALPHAS[0]);
  for (const alpha of ALPHAS.slice(1)) {
    const next = await probed(1, alpha);
    if (next.found.validationError < best.found.validationError) best = next;
  }
  const runs = [best];
  for (const seed of SEEDS.slice(1)) runs.push(await probed(seed, best.alpha));
  const errors: number[] = [];
  for (const { trained, found } of runs) errors.push(await probeError(lab, trained, found, set.test));
  return {
    figure: {
      what: `test error on codes, k = ${k}, ${EPOCHS} epochs`,
      unit: '%',
      published,
      ours: errors,
      note: `α = ${best.alpha}, validation ${runs.map(({ found }) => found.validationError.toFixed(2)).join(', ')}%`,
    },
    stages: [
      {
        what: `autoencoder, k = ${k}, ${EPOCHS} epochs`,
        seconds: runs.map(({ trained }) => trained.seconds),
        costs: runs.map(({ trained }) => trained.cost),
      },
      {
        what: `softmax for 3 λ, k = ${k}, ${EPOCHS} epochs`,
        seconds: runs.map(({ found }) => found.seconds),
        costs: runs.map(({ found }) => found.softmax.cost),
      },
    ],
  };
}

/** By the published optimizer, with α = 3; k = 25 also after fewer epochs. */
async function bySgd(lab: Lab, set: Digits): Promise<Figure[]> {
  const figures: Figure[] = [];
  const short = PUBLISHED.filter(({ k }) => k === 25).map((one) => ({ ...one, epochs: EPOCHS }));
  for (const { k, error, epochs } of [...short, ...PUBLISHED.map((one) => ({ ...one, epochs: LONG }))]) {
    const before = lab.seconds;
    const errors: number[] = [];
    const held: string[] = [];
    for (const seed of SEEDS) {
      const trained = await trainKSparse(lab, set.train, { k, seed, epochs, by: 'SGD' });
      const found = await probe(
        lab,
        `k-sparse k=${k}, ${epochs} epochs of SGD`,
        trained,
        set,
        byLbfgs([1e-6, 1e-5, 1e-4]),
      );
      errors.push(await probeError(lab, trained, found, set.test));
      held.push(found.validationError.toFixed(2));
    }
    figures.push({
      what: `test error on codes, k = ${k}, ${epochs} epochs of SGD`,
      unit: '%',
      published: error,
      ours: errors,
      ...(k === 25 && epochs === LONG ? { headline: true } : {}),
      note: `validation ${held.join(', ')}%, seeds ${SEEDS.join(', ')}, ${duration((lab.seconds - before) / SEEDS.length)} a seed`,
    });
  }
  return [...figures, ...orderOf(figures.slice(short.length), `, ${LONG} epochs of SGD`)];
}

/** The published order, k = 25 before 40 before 10, of three figures in the order of `PUBLISHED`: differences, seed by seed. */
export function orderOf(figures: readonly Figure[], of = ''): Figure[] {
  const [forty, best, ten] = PUBLISHED.map(({ k, error }, i) => ({ k, error, ours: figures[i].ours }));
  return [
    [forty, best],
    [ten, forty],
  ].map(([more, less]) => ({
    what: `test error, k = ${more.k} − k = ${less.k}${of}`,
    unit: '%',
    published: Number((more.error - less.error).toFixed(2)),
    ours: more.ours.map((error, i) => error - less.ours[i]),
  }));
}
