import { featureTiles } from '../../../src/figures/feature-tiles.ts';
import type { FitOptions } from '../../../src/training/options.ts';
import type { Kept, Lab, LabelledSample, Trained, Tuned } from '../lab.ts';
import type { Row, StageTimes } from '../row.ts';
import { DIGIT, digits } from '../sets.ts';
import { featuresOf } from '../shown.ts';

const SPARSE = { weightDecay: 3e-3, sparsity: { kind: 'kl', target: 0.1, weight: 3 } } as const;

interface Parts {
  readonly first: Trained;
  readonly second: Trained;
  readonly softmax: Tuned;
  readonly all: Tuned;
}

/** UFLDL's stack: two KL-sparse layers, softmax, then everything. */
async function stack(lab: Lab, train: LabelledSample, seed: number): Promise<Parts> {
  const lbfgs = (iterations: number): Pick<FitOptions, 'optimizer'> => ({
    optimizer: { kind: 'lbfgs', iterations: lab.size(iterations, 5) },
  });
  const layer = { ...SPARSE, hidden: lab.size(200, 20) };
  const name = `stacked seed ${seed}`;
  const first = await lab.train(`${name} layer 1`, { model: { ...layer, seed }, data: train, fit: lbfgs(400) });
  const second = await lab.train(`${name} layer 2`, {
    model: { ...layer, seed: seed + 100 },
    data: await lab.codes(first, train),
    fit: lbfgs(400),
  });
  const softmax = await lab.tune(`${name} softmax`, {
    start: { models: [first, second] },
    data: train,
    stage: 'softmax',
    weightDecay: 1e-4,
    seed,
    fit: lbfgs(100),
  });
  const all = await lab.tune(`${name} all`, {
    start: { stage: softmax },
    data: train,
    stage: 'all',
    seed,
    fit: lbfgs(100),
  });
  return { first, second, softmax, all };
}

/** The parts of each seed, named as in pytorch/stacked.py. */
function stagesOf(seeds: readonly Parts[]): StageTimes[] {
  const stage = (what: string, of: (parts: Parts) => Kept): StageTimes => ({
    what,
    seconds: seeds.map((parts) => of(parts).seconds),
    costs: seeds.map((parts) => of(parts).cost),
  });
  return [
    stage('layer 1', ({ first }) => first),
    stage('layer 2', ({ second }) => second),
    stage('softmax', ({ softmax }) => softmax),
    stage('fine-tuning', ({ all }) => all),
  ];
}

export const stacked: Row = {
  name: 'stacked',
  title: 'UFLDL: stacked autoencoders',
  published:
    '60,000 digits, 784-200-200-10, ρ = 0.1, λ = 3e-3, β = 3, softmax λ = 1e-4, L-BFGS: 87.7% of the test digits right before fine-tuning, 97.6% after it. [UFLDL wiki, exercise "Stacked Autoencoders"; 400, 400, 100 and 100 iterations are those of its published solution code]',
  setup: 'the same, fine-tuning with weight decay on the softmax alone, as there.',
  async run(lab) {
    const { all, test } = await digits(lab);
    const before: number[] = [];
    const after: number[] = [];
    const seconds: number[] = [];
    const parts: Parts[] = [];
    let picture: Trained | undefined;
    for (const seed of [1, 2, 3]) {
      const at = lab.seconds;
      const done = await stack(lab, all, seed);
      seconds.push(lab.seconds - at);
      parts.push(done);
      picture ??= done.first;
      before.push(100 - (await lab.error(done.softmax, test)));
      after.push(100 - (await lab.error(done.all, test)));
    }
    return {
      figures: [
        {
          what: 'test digits right before fine-tuning',
          unit: '%',
          published: 87.7,
          ours: before,
          target: { atLeast: 87 },
        },
        {
          what: 'test digits right after fine-tuning',
          unit: '%',
          published: 97.6,
          ours: after,
          target: { atLeast: 97.6 },
        },
        { what: 'time of one seed', unit: 's', published: null, ours: seconds },
      ],
      pictures: picture
        ? [
            await lab.draw(
              'stacked-features.png',
              featureTiles(await featuresOf(picture.model), DIGIT),
              'The 200 features of the first layer, 60,000 digits, 400 iterations, seed 1.',
            ),
          ]
        : [],
      remarks: [
        'Before fine-tuning ours are right on 4 points more digits than published. We do not know why; PyTorch from the same recipe agrees with ours (below the figures), so the cause is probably outside the objective: iterations, line search, or the reading of the data.',
      ],
      stages: stagesOf(parts),
    };
  },
};
