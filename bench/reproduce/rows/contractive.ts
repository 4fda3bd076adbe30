import { rowRange } from '../../../src/array/matrix.ts';
import { featureTiles } from '../../../src/figures/feature-tiles.ts';
import { inspect } from '../../../src/measures/inspection.ts';
import { type Errors, errorsOf, SEEDS, validationNote } from '../deep-net.ts';
import type { Lab, Trained } from '../lab.ts';
import type { Drawn, Figure, Row } from '../row.ts';
import { DIGIT, type Digits, digits } from '../sets.ts';
import { featuresOf } from '../shown.ts';
import { compareTuning, searchContractive } from './contractive-search.ts';
import { BATCH, DECAY, KAPPA, PRETRAINING_EPOCHS, TUNING, trainEncoder, tuneEncoder } from './contractive-tuning.ts';

/** η of fine-tuning the two others at the start. */
const BASELINE_RATE = 0.1;
/** What the three autoencoders differ in; error and SAT in %, ‖J‖ in units of 1e-4, as published. */
const ARMS = [
  {
    name: 'contractive',
    term: { contraction: KAPPA },
    rate: TUNING.rate,
    published: { error: 1.14, jacobian: 0.73, saturation: 86.36 },
  },
  {
    name: 'weight decay',
    term: { weightDecay: DECAY },
    rate: BASELINE_RATE,
    published: { error: 1.68, jacobian: 5.0, saturation: 12.97 },
  },
  { name: 'plain', term: {}, rate: BASELINE_RATE, published: { error: 1.78, jacobian: 17.5, saturation: 49.9 } },
] as const;
type Arm = (typeof ARMS)[number];

/** One autoencoder on all seeds: its codes before fine-tuning, its errors after it. */
interface Measured {
  readonly arm: Arm;
  readonly first: Trained;
  /** (1/m) Σ ‖∂a/∂x‖_F on validation images. */
  readonly jacobians: readonly number[];
  /** In %. */
  readonly saturations: readonly number[];
  readonly errors: readonly Errors[];
}

async function measure(lab: Lab, set: Digits, arm: Arm): Promise<Measured> {
  const trained: Trained[] = [];
  const jacobians: number[] = [];
  const saturations: number[] = [];
  const errors: Errors[] = [];
  for (const seed of SEEDS) {
    const name = `contractive row, ${arm.name}, seed ${seed}`;
    const one = await trainEncoder(lab, name, set, { term: arm.term, epochs: PRETRAINING_EPOCHS, seed });
    const { jacobian, saturation } = await inspect(one.model, set.validation.x);
    const tuned = await tuneEncoder(lab, `${name}, fine-tuned`, { model: one, seed }, set, {
      ...TUNING,
      rate: arm.rate,
    });
    trained.push(one);
    jacobians.push(jacobian.mean);
    saturations.push(100 * (saturation?.share ?? Number.NaN));
    errors.push(await errorsOf(lab, tuned, set));
  }
  return { arm, first: trained[0], jacobians, saturations, errors };
}

function figuresOf({ arm, errors, jacobians, saturations }: Measured, plain: Measured): Figure[] {
  const { name, published } = arm;
  const ratio: Figure = {
    what: `‖J‖ of the ${name} one over that of the plain one`,
    unit: '',
    published: rounded(published.jacobian / plain.arm.published.jacobian),
    ours: jacobians.map((norm, i) => norm / plain.jacobians[i]),
    target: { atMost: 1 },
  };
  return [
    {
      what: `test error, ${name}, fine-tuned`,
      unit: '%',
      published: published.error,
      ours: errors.map(({ test }) => test),
      note: validationNote(errors),
      ...(name === 'contractive' ? { target: { atMost: 1.3 }, headline: true } : {}),
    },
    ...(name === 'plain' ? [] : [ratio]),
    { what: `saturated codes, ${name}`, unit: '%', published: published.saturation, ours: saturations },
  ];
}

/** As many digits as the published figures have. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

async function filters(lab: Lab, { arm, first }: Measured): Promise<Drawn> {
  const weights = await featuresOf(first.model);
  return lab.draw(
    `contractive-features-${arm.name.replace(' ', '-')}.png`,
    featureTiles(rowRange(weights, 0, Math.min(100, weights.shape[0])), DIGIT),
    `Filters of units 0 to 99 of the ${arm.name} autoencoder before fine-tuning. MNIST, first 50,000 digits, 784-1000 tied sigmoid units, cross-entropy, ${PRETRAINING_EPOCHS} epochs of Adam, seed 1.`,
  );
}

export const contractive: Row = {
  name: 'contractive',
  title: 'Contractive autoencoder beside a plain one and weight decay',
  published:
    '784-1000 tied sigmoid units, cross-entropy, MNIST; error of the test digits after fine-tuning, mean ‖J‖_F and share of codes below 0.05 or above 0.95 (SAT) on validation images before it: contractive 1.14%, 0.73e-4, 86.36%; plain 1.78%, 17.5e-4, 49.90%; weight decay 1.68%, 5.00e-4, 12.97%. [Rifai et al., ICML 2011, Table 1] λ, learning rates and epochs are not printed, nor what ‖J‖ is divided by: we compare ratios.',
  setup: `the same nets and measures on the first 50,000 training images and the last 10,000; κ = ${ARMS[0].term.contraction} times ‖J‖²_F of an example beside its cross-entropy in nats, summed over pixels; weight decay (λ/2) Σ W² with λ = ${ARMS[1].term.weightDecay}; ${PRETRAINING_EPOCHS} epochs of Adam, learning rate 1e-3 falling to 1e-5, batch ${BATCH} (published: SGD); all three fine-tuned alike but for the learning rate, everything at once: ${TUNING.epochs} epochs of SGD, momentum 0.9, learning rate ${TUNING.rate} (${BASELINE_RATE} for the two others) falling linearly to a hundredth of it, batch ${TUNING.batch}, on digits with Gaussian noise of σ = ${TUNING.deviation} drawn anew every time and not clipped (published: none is told of), λ = ${TUNING.decays[0]} on the softmax and none on hidden weights, no early stopping; weights uniform on ±√(6/(n_in + n_out + 1)), the softmax's too. κ, epochs and fine-tuning were chosen for the contractive one, the others' learning rate of 1 and 0.1.`,
  search: {
    measure:
      'Errors in % of the 10,000 validation images, seed 1; where nothing else is said κ = 1, 10 epochs of pretraining, 8 of fine-tuning on clean digits, batches of 20, η = 0.1, λ = 1e-4 on the softmax and 1e-5 on hidden weights',
    run: searchContractive,
  },
  async run(lab) {
    const set = await digits(lab);
    const measured: Measured[] = [];
    for (const arm of ARMS) measured.push(await measure(lab, set, arm));
    const [cae, decay, plain] = measured;
    const ahead = cae.saturations.map((share, i) => share - Math.max(decay.saturations[i], plain.saturations[i]));
    const pictures: Drawn[] = [];
    for (const one of measured) pictures.push(await filters(lab, one));
    const norms = measured.map(
      ({ arm, jacobians }) => `${arm.name} ${jacobians.map((n) => n.toPrecision(3)).join(', ')}`,
    );
    return {
      figures: [
        ...measured.flatMap((one) => figuresOf(one, plain)),
        {
          what: '‖J‖, contractive over weight decay',
          unit: '',
          published: rounded(cae.arm.published.jacobian / decay.arm.published.jacobian),
          ours: cae.jacobians.map((norm, i) => norm / decay.jacobians[i]),
          target: { atMost: 1 },
        },
        {
          what: 'saturated codes, contractive − the higher of the others',
          unit: '%',
          published: rounded(86.36 - 49.9),
          ours: ahead,
          target: { atLeast: 0 },
        },
      ],
      ablation: await compareTuning(lab),
      pictures,
      remarks: [...REMARKS, `Mean ‖J‖_F itself, seeds ${SEEDS.join(', ')}: ${norms.join('; ')}.`],
      tried: [
        'The row before: κ = 1, 10 epochs of pretraining, 8 of fine-tuning on clean digits in batches of 20, η = 0.1, λ = 1e-4 and 1e-5: test 1.52 ± 0.04% (validation of seed 1 1.39%), plain 1.90 ± 0.08%. The test images had been looked at for it. What follows was tried for it.',
        'Chosen on 10,000 digits, 6 epochs, 8 of fine-tuning, by the error on 5,000 validation digits: κ = 1 3.52%, κ = 3 3.86%, none 4.08%; λ = 1e-2 4.28%. In shorter trials κ = 0.1 and 0.3 were worse than 1, and λ from 5e-4 to 3e-3 made no difference.',
        'Afterwards on all 50,000 digits, seed 1, validation error, 1.39%: 30 epochs of pretraining 1.40%, and 30 of fine-tuning 1.50%; 15 of fine-tuning 1.45%; κ = 0.3 1.52%, κ = 2 1.54%; fine-tuning with 0.03 1.73%, 0.2 1.53%, 0.3 and momentum 0.5 1.56%; λ on hidden weights 1e-4 1.61%, 2e-6 1.36%, which is within the spread of seeds.',
        'The mean of the weights over epochs 4 to 16, a constant learning rate of 0.1: 1.46%, where the last weights have 1.56%; a falling learning rate does as much.',
      ],
    };
  },
};

const REMARKS: readonly string[] = [
  'Larger steps with noise did most (validation, seed 1): with η = 0.1 in batches of 20 noise brought 30 epochs from 1.50% to 1.42%, no better than 8 clean ones, 1.39%; with η = 1 in batches of 100 it had 1.33%, with 60 epochs for 30 and λ of 1e-5 and 0 1.23%. κ = 2 and 20 epochs of pretraining, 1.17%, saturate as many codes as published; what they add is within the spread of seeds.',
  'The two others had η = 1 at first, and did not bear it: test 3.81 ± 0.04% plain and 5.43 ± 0.61% with weight decay. The test images were seen then. They have 0.1, of 1 and 0.1 by the validation error of seed 1; 0.3 was not tried. One seed of the contractive one, the second, is above what is asked of the mean.',
  'What carries over of ‖J‖ and saturation is the order, not the ratios: the plain net saturates 9.9% of its codes where theirs did 49.9%, and contraction leaves 0.153 of its ‖J‖ where theirs left 0.042.',
];
