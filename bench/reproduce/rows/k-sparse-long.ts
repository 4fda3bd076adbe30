import { BOTH, leastOf, probe, probeError, refit, SOFTMAX_EPOCHS, type SoftmaxFit } from '../codes.ts';
import { duration } from '../format.ts';
import type { Lab } from '../lab.ts';
import type { Row } from '../row.ts';
import { digits, part } from '../sets.ts';
import { trainKSparse } from './k-sparse.ts';
import { searchSoftmax } from './k-sparse-long-search.ts';

const K = 25;
const EPOCHS = 1000;
const SEEDS = [1, 2, 3];
/** Images that a softmax learns from, beside all 50,000: what more of them are worth, seen on validation images. */
const FEWER = [40_000, 25_000];
export const kSparseLong: Row = {
  name: 'k-sparse-long',
  title: 'k-sparse autoencoders: 1,000 epochs, and a softmax by Adam',
  published:
    '1000 tied linear units with k = 25 on MNIST (50,000 to learn from), 5,000 epochs of SGD with momentum 0.9 and learning rate 0.01; logistic regression on αk survivors: 1.35% of the test digits wrong. [Makhzani & Frey, arXiv 1312.5663v2, Table 1]',
  setup: `the same net and split, k = ${K}, α = 3; ${EPOCHS.toLocaleString('en-US')} epochs of SGD as published in batches of 100 (their learning rate of 0.01 is 0.02 here, as their error has no ½; over the first 2,000 steps it rises from 0; k annealed from 100 over the first half), then a softmax by 100 iterations of L-BFGS with λ of {1e-6, 1e-5, 1e-4}, or by ${SOFTMAX_EPOCHS} epochs of Adam with λ = 0 (learning rate 1e-3 falling linearly to 1e-5, batch 100), whichever of the four gets the fewest validation images of a seed wrong; that softmax is then fitted anew, in the same way, to all 60,000 training images, the 10,000 that chose it among them. The autoencoder has learned from 50,000. k = 40 and 10 were trained for so long on one seed alone, and judged by validation (what was tried, below).`,
  search: {
    measure:
      'Errors in % of the 10,000 validation images, softmax on codes with α = 3, k = 25 and seed 1 unless said otherwise, autoencoders by SGD with momentum 0.9',
    run: searchSoftmax,
  },
  run: (lab) => compare(lab),
};

async function compare(lab: Lab) {
  const set = await digits(lab);
  const errors: number[] = [];
  const withoutThem: number[] = [];
  const chosen: string[] = [];
  const compared: string[][] = [];
  const costs: number[] = [];
  const seconds: number[] = [];
  const before = lab.seconds;
  for (const seed of SEEDS) {
    const trained = await trainKSparse(lab, set.train, { k: K, seed, epochs: EPOCHS, by: 'SGD' });
    const name = `k-sparse k=${K}, ${EPOCHS} epochs of SGD`;
    const found = await probe(lab, name, trained, set, BOTH);
    withoutThem.push(await probeError(lab, trained, found, set.test));
    const whole = await refit(lab, `${name} all images`, trained, set.all, found);
    errors.push(await probeError(lab, trained, whole, set.test));
    chosen.push(`${found.validationError.toFixed(2)} (${found.by})`);
    const fewer: string[] = [];
    for (const n of FEWER) {
      const adam: SoftmaxFit = { by: 'Adam', decay: 0 };
      const few = await refit(lab, `${name} first ${n}`, trained, part(set.train, 0, lab.size(n, n / 100)), adam);
      fewer.push(`${(await probeError(lab, trained, few, set.validation)).toFixed(2)}%`);
    }
    compared.push([String(seed), `${leastOf(found, 'L-BFGS')}%`, `${leastOf(found, 'Adam')}%`, ...fewer]);
    costs.push(trained.cost);
    seconds.push(trained.seconds);
  }
  return {
    figures: [
      {
        what: `test error on codes, k = ${K}, ${EPOCHS.toLocaleString('en-US')} epochs of SGD`,
        unit: '%' as const,
        published: 1.35,
        ours: errors,
        target: { atMost: 1.45 },
        note: `validation ${chosen.join(', ')}%, ${duration((lab.seconds - before) / SEEDS.length)} a seed`,
      },
      {
        what: `the same, the softmax fitted to 50,000 images`,
        unit: '%' as const,
        published: 1.35,
        ours: withoutThem,
      },
    ],
    ablation: {
      head: [
        'seed',
        'softmax by L-BFGS, the best λ',
        'softmax by Adam',
        ...FEWER.map((n) => `Adam, first ${n.toLocaleString('en-US')} images`),
      ],
      rows: compared,
      note: 'On the same codes; validation error, the last 10,000 training images. Fitted to the first 50,000 unless said otherwise.',
    },
    stages: [{ what: `autoencoder, k = ${K}, ${EPOCHS.toLocaleString('en-US')} epochs`, seconds, costs }],
    pictures: [],
    remarks: REMARKS,
    tried: TRIED,
  };
}

const REMARKS = [
  'Met by the mean of three, by 0.007 points; seeds 1 and 2 are above it, and draws of 10,000 images differ by about 0.15. The test images judged this row once before, with softmaxes fitted to 50,000 (the second line of the table), and it missed. That more images would help was seen on validation images alone: 25,000, 40,000 and 50,000 give 1.82, 1.64 and 1.46%, means of the seeds, 30 epochs each and so the more steps the more images.',
  'The published 1.35% is of five times as many epochs, and whether its softmax saw the validation images is not said. After 200 epochs with a softmax by L-BFGS, fitted to 50,000, it was 1.65% (`k-sparse`), for which the test images had been looked at before.',
  'What helped is another softmax: on the same codes Adam without weight decay gets 0.07 to 0.18 points fewer validation images wrong than L-BFGS, with which 1,000 epochs leave errors where 200 had them (1.57% for 1.60%, seed 1). On other codes it gained 0.08 to 0.15 points, but lost 0.05 and 0.07 with k = 40 and with batches of 20 (the search below). It is not λ = 0, with which 100 iterations of L-BFGS have 2.14%: PyTorch on the codes of seed 1, where its Adam has 1.39% and its L-BFGS with 1e-5 1.58%. Whether it is the optimizer or that 30 epochs stop early was not separated.',
];

const TRIED = [
  'k = 40 and 10 after 1,000 epochs, seed 1, validation, softmax by Adam: 2.24% and 1.91% (α of 1, 2 and 4: 2.42, 2.22, 2.31 and 2.24, 1.95, 1.99; the best L-BFGS 2.36 and 1.92). So more epochs do not bring the published order.',
  'What does is to leave out the fall of k, for k = 40 at least: `k-sparse-sgd`. For k = 25 it gains little.',
  `Other softmaxes by Adam on the same codes, seeds 1 and 2, validation, where the row has 1.39% and 1.49%: 5e-4 and 60 epochs 1.38, 1.47; 3e-3 and 15 epochs 1.36, 1.48; 2e-3 and 30 epochs 1.41, 1.50; α = 4 1.52, 1.57; α = 5 1.52, 1.67; a tenth of the codes masked, 3e-3, 60 epochs 1.46, 1.49. Seed 1: α = 1 1.71, 1.5 1.48, 2 1.44; 60 epochs with λ of 0, 3e-6 and 3e-5 1.44, 1.42, 1.49. On the codes of 60 epochs in batches of 50, where it has 1.53: three, five and seven tenths of them masked 1.72, 2.00, 2.30.`,
];
