import { klCurve, l1Curves, l2Curves, shrinkagePaths } from '../../../src/figures/index.ts';
import { colours } from '../../../src/figures/theme.ts';
import { Autoencoder } from '../../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../../src/model/config.ts';
import type { Lab, Sample } from '../lab.ts';
import type { Drawn, Row } from '../row.ts';
import { digits, first } from '../sets.ts';
import {
  activationPanels,
  last,
  meanActivationLines,
  type Penalized,
  unseenLines,
  weightPanels,
} from './penalties-pictures.ts';
import { mean, nearZero, snapshot } from './penalties-snapshot.ts';
import { penaltyTable } from './penalties-table.ts';

const TARGET = 0.2;
const PENALTIES: readonly { readonly name: string; color: string; config: Partial<AutoencoderConfig> }[] = [
  { name: 'no penalty', color: colours.ink, config: {} },
  { name: 'L2 on weights', color: colours.vermilion, config: { weightDecay: 3e-3 } },
  { name: 'L1 on weights', color: colours.blue, config: { weightL1: 3e-4 } },
  { name: 'L1 on activations', color: colours.green, config: { sparsity: { kind: 'l1', weight: 0.3 } } },
  { name: 'KL, ρ = 0.2', color: colours.purple, config: { sparsity: { kind: 'kl', target: TARGET, weight: 3 } } },
];
const EPOCHS = [1, 2, 4, 7, 12, 20, 30];
const TRAINED = 'Each model: the first 5,000 digits of MNIST, 784-64-784 sigmoid units, 30 epochs of SGD, seed 1.';

/**
 * One penalty after 0, 1, 2, … 30 epochs. Each length is a fit of its own from the same start: without a schedule its
 * steps are the first ones of the longest, and ρ̂ is measured over all examples and not over a batch.
 */
async function follow(lab: Lab, data: Sample, { name, color, config }: (typeof PENALTIES)[number]): Promise<Penalized> {
  const model = { hidden: lab.size(64, 16), seed: 1, ...config };
  const fresh = await Autoencoder.create({ ...model, inputs: data.x.shape[1] }, { threads: 1 });
  const snapshots = [await snapshot(fresh, data.x, 0)];
  fresh.dispose();
  for (const epochs of lab.size(EPOCHS, [1, 2])) {
    const trained = await lab.train(`penalties ${name}, to epoch ${epochs}`, {
      model,
      data,
      fit: { optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 }, epochs, batchSize: 100 },
    });
    snapshots.push(await snapshot(trained.model, data.x, epochs));
    trained.model.dispose();
  }
  return { name, color, snapshots };
}

/** Figures 9 and 10 of the seeds: the functions themselves. */
async function functions(lab: Lab): Promise<Drawn[]> {
  return [
    await lab.draw(
      'penalties-kl.svg',
      klCurve({ target: TARGET }),
      'KL(ρ‖ρ̂) = ρ log(ρ/ρ̂) + (1−ρ) log((1−ρ)/(1−ρ̂)) of a unit with ρ = 0.2, and its derivative −ρ/ρ̂ + (1−ρ)/(1−ρ̂): 0 where the mean activation ρ̂ is 0.2, without bound towards 0 and 1. A formula, nothing trained.',
    ),
    await lab.draw(
      'penalties-l1.svg',
      l1Curves(),
      'L1 and its derivative: sign(w), a push of the same size at every distance from 0. A formula, nothing trained.',
    ),
    await lab.draw(
      'penalties-l2.svg',
      l2Curves(),
      'w² and its derivative 2w (weight decay is λ/2 times that), a push that fades on the way to 0. A formula, nothing trained.',
    ),
    await lab.draw(
      'penalties-shrinkage.svg',
      shrinkagePaths(),
      'One weight under gradient steps of a penalty alone, from w = 1, learning rate 0.1: L1 reaches 0, L2 does not. A formula, nothing trained.',
    ),
  ];
}

async function effects(lab: Lab, all: readonly Penalized[]): Promise<Drawn[]> {
  return [
    await lab.draw(
      'penalties-unseen.svg',
      unseenLines(all.slice(0, 3)),
      `Pixels at the rim are 0 in every digit, so only the penalty moves their weights in the encoder: without one they stay as they were drawn, L2 (λ = 3e-3) takes a share of what is left at each step, L1 (γ = 3e-4) steps of one size until they are 0. ${TRAINED}`,
    ),
    await lab.draw(
      'penalties-weights.svg',
      weightPanels(all),
      `All weights after training, counted on a logarithmic axis; the end bins hold all that lies beyond. L1 gathers weights at 0; L2 draws them near it. ${TRAINED}`,
    ),
    await lab.draw(
      'penalties-activations.svg',
      activationPanels(all),
      `All activations, 5,000 digits × 64 units, after training, counted on a logarithmic axis. L1 on activations (γ = 0.3) and KL (β = 3) silence many of them; penalties on weights do not. ${TRAINED}`,
    ),
    await lab.draw(
      'penalties-mean-activation.svg',
      meanActivationLines(all, TARGET),
      `The mean activation in training, over all digits and units; dashed: ρ = 0.2. KL takes it to its target and holds it there, L1 pushes it down for as long as that pays. ${TRAINED}`,
    ),
  ];
}

export const penalties: Row = {
  name: 'penalties',
  title: 'What penalties do: KL, L1 and L2',
  published:
    'plots of |w| and w² with their derivatives, and of KL around ρ = 0.2, without numbers: L1 shrinks weights to zero, L2 moves them towards it and never reaches it. [Technical report on sparse autoencoders, figures 9 and 10; KL at ρ = 0.2 is the plot of Ng, CS294A lecture notes]',
  setup:
    'the same functions; and the first 5,000 digits of MNIST, 784-64-784 sigmoid units, squared error, SGD with learning rate 0.05 and momentum 0.9, batches of 100, 30 epochs, seed 1, with one penalty each: (λ/2)Σw² with λ = 3e-3, γΣ|w| with γ = 3e-4, (γ/m)ΣΣ|a| with γ = 0.3, βΣKL(ρ‖ρ̂) with ρ = 0.2 and β = 3. Weights of penalties are chosen so that each shows its effect, not by validation.',
  async run(lab) {
    const data = first((await digits(lab)).train, lab.size(5000, 300));
    const all: Penalized[] = [];
    for (const which of PENALTIES) all.push(await follow(lab, data, which));
    const [none, l2, l1, l1Activations, kl] = all.map(last);
    const figure = (what: string, unit: '%' | '', ours: number) => ({ what, unit, published: null, ours: [ours] });
    return {
      figures: [
        figure('weights near 0, no penalty', '%', nearZero(none)),
        figure('– L1 on weights', '%', nearZero(l1)),
        figure('– L2 on weights', '%', nearZero(l2)),
        figure('mean activation, no penalty', '', mean(none.rho)),
        figure('– L1 on activations', '', mean(l1Activations.rho)),
        figure('– KL, ρ = 0.2', '', mean(kl.rho)),
      ],
      tables: [penaltyTable(all)],
      pictures: [...(await functions(lab)), ...(await effects(lab, all))],
      remarks: [
        'Weights that nothing but the penalty moves show the difference of L1 and L2 in training as the formulas do: steps of one size until 0 (then hops of a step about it, which a subgradient method makes), against a constant share of what is left.',
        'KL and L1 on activations both make codes sparse, in different ways: KL asks ρ̂ ≈ ρ of every unit, L1 asks for a small sum, which some units pay by falling silent for good and others not at all. Without a penalty on activations most sigmoid units stay switched on.',
      ],
    };
  },
};
