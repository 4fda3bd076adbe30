import { type ActivationName, activations } from '../kernels/activations/table.ts';
import { batchTopK } from '../layers/batch-top-k.ts';
import { gated } from '../layers/gated.ts';
import type { LayerKind } from '../layers/layer.ts';
import { layerKinds } from '../layers/table.ts';
import { topK } from '../layers/top-k.ts';
import { autoencoderSpec } from '../model/autoencoder-spec.ts';
import { type AutoencoderConfig, parseConfig, type SparsityConfig, sparsitiesOf } from '../model/config.ts';
import type { Kinded } from '../part.ts';
import { auxK } from '../terms/aux-k.ts';
import { kl } from '../terms/kl.ts';
import { l1 } from '../terms/l1.ts';
import type { LossName } from '../terms/losses.ts';
import { sparsityTerms } from '../terms/table.ts';
import type { TermKind } from '../terms/term.ts';
import { classifiers } from './classifier-cases.ts';
import {
  activationNames,
  CORRUPTIONS,
  DEPTHS,
  first,
  type GradientCase,
  INPUTS,
  K_SPARSE,
  marksOfNoise,
  named,
  WEIGHT_DECAY,
} from './gradient-case.ts';

export { CLASSES, type GradientCase, INPUTS } from './gradient-case.ts';

const KL = first(kl);
const L1 = first(l1);
const CONTRACTION = 0.4;

/** Every row: all combinations of the parts, then what is checked beside them. */
export function* gradientCases(): Generator<GradientCase> {
  for (const hidden of DEPTHS) {
    for (const activation of activationNames) {
      for (const [output, loss] of outputs()) {
        for (const tied of [false, true]) {
          for (const penalty of penalties(activation, hidden.length === 1 && output === 'linear')) {
            yield autoencoder({ hidden, activation, output, loss, tied, ...penalty });
          }
        }
      }
    }
  }
  yield* corruptions();
  yield* mixtures();
  yield* classifiers();
  yield* dictionaries();
}

function* outputs(): Generator<[ActivationName, LossName]> {
  for (const output of activationNames) yield [output, 'squared-error'];
  yield ['sigmoid', 'cross-entropy'];
}

/** Each penalty alone and with weight decay; contraction with every other that allows it. */
function* penalties(activation: ActivationName, isBelowOutput: boolean): Generator<Partial<AutoencoderConfig>> {
  const f = activations[activation as keyof typeof activations];
  const kinds: readonly TermKind<Kinded>[] = Object.values(sparsityTerms as never);
  const allowed = kinds.flatMap(({ proof = [], refuses }) =>
    proof.filter((spec) => (refuses?.(f, spec) ?? null) === null),
  ) as SparsityConfig[];
  const layers: readonly LayerKind<Kinded>[] = Object.values(layerKinds as never);
  const selections = layers.flatMap(({ proof = [], reluAlone, belowOutput }) =>
    (reluAlone && activation !== 'relu') || (belowOutput && !isBelowOutput) ? [] : proof,
  ) as SparsityConfig[];
  for (const weightDecay of [0, WEIGHT_DECAY]) {
    for (const sparsity of [null, ...allowed]) {
      yield { sparsity, weightDecay };
      yield { sparsity, weightDecay, contraction: CONTRACTION };
    }
    for (const sparsity of selections) yield { sparsity, weightDecay };
  }
  yield { weightL1: 0.2 };
}

/** Denoising: each corruption with each loss, plain and emphasised, one and two layers. */
function* corruptions(): Generator<GradientCase> {
  for (const corruption of CORRUPTIONS) {
    for (const loss of ['squared-error', 'cross-entropy'] as const) {
      for (const hidden of [[4], [4, 3]]) {
        for (const emphasis of [null, { corrupted: 1, untouched: 0.5 }, { corrupted: 1, untouched: 0 }]) {
          for (const extra of [{}, { weightDecay: WEIGHT_DECAY, sparsity: KL, contraction: CONTRACTION, tied: true }]) {
            yield autoencoder({ hidden, loss, corruption, emphasis, ...extra });
          }
        }
      }
    }
  }
}

/** Penalties on every layer of a deep model, layers of different activations, layers tied one by one. */
function* mixtures(): Generator<GradientCase> {
  const hidden = [4, 3, 2];
  for (const layer of [0, 1]) {
    for (const sparsity of [KL, L1, K_SPARSE]) yield autoencoder({ hidden, sparsity: { ...sparsity, layer } });
  }
  const several: SparsityConfig[][] = [
    [
      { ...KL, layer: 0 },
      { ...L1, layer: 2 },
    ],
    [
      { ...K_SPARSE, layer: 0 },
      { ...K_SPARSE, layer: 1 },
    ],
    [
      { ...K_SPARSE, layer: 1 },
      { ...KL, layer: 2 },
    ],
  ];
  for (const sparsity of several) {
    for (const tied of [false, true]) yield autoencoder({ hidden, activation: 'sigmoid', sparsity, tied });
  }
  for (const layer of [1, 2]) yield autoencoder({ hidden, contraction: { weight: CONTRACTION, layer } });
  yield autoencoder({ hidden, contraction: { weight: CONTRACTION, layer: 0 }, sparsity: { ...K_SPARSE, layer: 1 } });
  for (const activation of [
    ['tanh', 'sigmoid', 'linear'],
    ['relu', 'softplus', 'tanh'],
  ] as const) {
    for (const tied of [[true, false, true], [false, true, false], true]) {
      yield autoencoder({ hidden, activation, tied, weightDecay: WEIGHT_DECAY, sparsity: { ...L1, layer: 1 } });
    }
  }
}

/** Centring, prefixes, auxiliaries, norms of the decoder, transcoders, each with what selects. */
function* dictionaries(): Generator<GradientCase> {
  const selecting: readonly SparsityConfig[] = [first(topK), first(batchTopK)];
  const gates = (gated.proof ?? []) as readonly SparsityConfig[];
  const normed: SparsityConfig = { kind: 'l1', weight: 0.3, decoderNorm: true };
  const hidden = [6];
  for (const sparsity of [null, normed, ...gates, ...selecting]) {
    const plain = { hidden, activation: 'relu', output: 'linear', sparsity } as const;
    for (const weightDecay of [0, WEIGHT_DECAY]) {
      yield autoencoder({ ...plain, weightDecay, center: true });
      yield autoencoder({ ...plain, weightDecay, targets: 3 });
      yield autoencoder({ ...plain, weightDecay, targets: 3, skip: true });
    }
    if (sparsity === null) yield autoencoder({ ...plain, center: true, tied: true });
    for (const weights of ['mean', 'sum'] as const) {
      for (const widths of [[6], [2, 6], [1, 3, 6]]) {
        yield autoencoder({ ...plain, prefixes: { widths, weights } });
        yield autoencoder({ ...plain, prefixes: { widths, weights }, center: true, weightDecay: WEIGHT_DECAY });
      }
    }
    yield autoencoder({ ...plain, prefixes: [2, 6], targets: 3, skip: true });
  }
  yield autoencoder({ hidden, sparsity: normed, weightDecay: WEIGHT_DECAY });
  for (const sparsity of selecting) {
    for (const auxiliary of auxK.proof ?? []) {
      for (const center of [false, true]) yield autoencoder({ hidden, sparsity, auxiliary, center });
      yield autoencoder({ hidden, sparsity, auxiliary, prefixes: [2, 6], weightDecay: WEIGHT_DECAY });
      yield autoencoder({ hidden, sparsity, auxiliary, targets: 3, skip: true });
    }
  }
  yield autoencoder({ hidden, sparsity: { kind: 'top-k', k: 2, decoderNorm: true } });
  for (const sparsity of [null, KL, K_SPARSE]) {
    for (const [output, loss] of outputs()) {
      const plain = { hidden, output, loss, sparsity, activation: 'sigmoid', tied: false } as const;
      yield autoencoder({ ...plain, prefixes: [2, 6] });
    }
  }
}

function autoencoder(given: Omit<AutoencoderConfig, 'inputs'>): GradientCase {
  const config = parseConfig({ ...given, inputs: INPUTS, precision: 'float64' });
  const { hidden, activation, output, loss, tied, weightDecay, weightL1, contraction, corruption } = config;
  const { auxiliary, prefixes, center, targets, skip } = config;
  const last = hidden.length - 1;
  const parts = [
    weightDecay > 0 && 'weight decay',
    weightL1 > 0 && 'weight l1',
    ...sparsitiesOf(config).map(
      (spec) => `${spec.kind}${marksOf(spec)}${spec.layer === last ? '' : ` on layer ${spec.layer}`}`,
    ),
    contraction.weight > 0 && `contraction${contraction.layer === 0 ? '' : ` on layer ${contraction.layer}`}`,
    ...marksOfNoise(corruption),
    config.emphasis && `emphasis ${config.emphasis.corrupted}:${config.emphasis.untouched}`,
    auxiliary && `${auxiliary.kind}${auxiliary.variant ? ` of ${auxiliary.variant}` : ''}`,
    prefixes && `${prefixes.weights} of prefixes ${prefixes.widths.join(', ')}`,
    center !== false && 'centred',
    targets !== INPUTS && 'transcoder',
    skip && 'skip',
  ];
  return {
    model: 'autoencoder',
    hidden,
    activation: String(activation),
    output,
    loss,
    tied: typeof tied === 'boolean' ? (tied ? 'tied' : 'untied') : tied.map((t) => (t ? 'tied' : 'un')).join(','),
    objective: named(parts),
    spec: autoencoderSpec(config),
  };
}

/** What else a spec says that makes a row of its own. */
function marksOf(spec: SparsityConfig): string {
  const marks = [
    'average' in spec && 'averaged',
    'decoderNorm' in spec && spec.decoderNorm && 'by decoder norms',
    'live' in spec && spec.live && 'live',
  ].filter(Boolean);
  return marks.length === 0 ? '' : ` ${marks.join(' ')}`;
}
