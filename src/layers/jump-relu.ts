import * as v from 'valibot';
import { vectorView } from '../array/matrix.ts';
import { layerIndex, nonNegative, oneOf, positive, positiveInteger } from '../validate.ts';
import type { LayerKind } from './layer.ts';
import { createUnits } from './units.ts';

/** λ·L0, λ(L0/target − 1)² or λ Σ tanh: what makes jump-relu units sparse. L0 is the mean over examples of the units that are on. */
export type JumpReluPenalty =
  | {
      /** λ L0. */
      readonly kind: 'l0';
      /** λ ≥ 0. Of use between 1e-3 and 1e-1 of the reconstruction's scale. */
      readonly weight: number;
    }
  | {
      /** λ(L0/target − 1)². */
      readonly kind: 'target-l0';
      /** λ ≥ 0. */
      readonly weight: number;
      /** In (0, h]. */
      readonly target: number;
    }
  | {
      /** (λ/m) Σₖ Σⱼ tanh(s·aⱼ‖Dⱼ‖). */
      readonly kind: 'tanh';
      /** λ ≥ 0. */
      readonly weight: number;
      /** s > 0. */
      readonly scale: number;
      /** (μ/m) Σₖ Σⱼ relu(θⱼ − zⱼ)‖Dⱼ‖: units that are off are drawn towards their thresholds. */
      readonly preActivation?: {
        /** μ ≥ 0. */
        readonly weight: number;
        /** Over every unit, or over those alone that have been off for `deadAfter` examples. */
        readonly over: 'all' | 'dead';
        /** Examples. Default 10,000,000. */
        readonly deadAfter?: number | undefined;
      };
    };

/** JumpReLU units: z·[z > θ], θ trained by estimators. */
export interface JumpReluSpec {
  /** Of the sparsity. */
  readonly kind: 'jump-relu';
  /** ε > 0: z within ε/2 of θ tell it where to go. */
  readonly bandwidth: number;
  /** θ at the beginning, above 0. Default 0.001. */
  readonly threshold?: number | undefined;
  /** What is trained: θ itself, held at 0 from below, or log θ. Default raw: log θ all but stands still under Adam. */
  readonly parameter?: 'raw' | 'log' | undefined;
  /** Whether the estimators reach z too. Default false. */
  readonly toInput?: boolean | undefined;
  /** What makes it sparse. */
  readonly penalty: JumpReluPenalty;
  /** Which hidden layer, from 0. Default the last, the code. */
  readonly layer?: number | undefined;
}

const penalty = v.variant(
  'kind',
  [
    v.strictObject({ kind: v.literal('l0'), weight: nonNegative() }),
    v.strictObject({ kind: v.literal('target-l0'), weight: nonNegative(), target: positive() }),
    v.strictObject({
      kind: v.literal('tanh'),
      weight: nonNegative(),
      scale: positive(),
      preActivation: v.optional(
        v.strictObject({
          weight: nonNegative(),
          over: oneOf(['all', 'dead'] as const),
          deadAfter: v.optional(positiveInteger()),
        }),
      ),
    }),
  ],
  'it must be { kind: "l0", weight }, { kind: "target-l0", weight, target } or { kind: "tanh", weight, scale }',
);

/**
 * a = z·[z > θ]. The step has no derivative, so θ is trained by an estimator: with K(u) = [|u| < ½], u = (z − θ)/ε,
 * ∂J/∂θ = −(1/m) Σₖ (θ/ε)K(u)·∂J/∂a, to which the penalty adds its own (see its term); ∂J/∂z = [z > θ]·∂J/∂a, and with
 * `toInput` less what goes to θ. Proved against closed forms, not by differences.
 * [Rajamanoharan et al. 2024, arXiv 2407.14435, §3]
 */
export const jumpRelu: LayerKind<JumpReluSpec> = {
  schema: v.strictObject({
    kind: v.literal('jump-relu'),
    bandwidth: positive(),
    threshold: v.optional(positive()),
    parameter: v.optional(oneOf(['raw', 'log'] as const)),
    toInput: v.optional(v.boolean('it must be true or false')),
    penalty,
    layer: layerIndex(),
  }),
  exact: false,
  selects: true,
  reluAlone: true,
  autoencodersAlone: true,
  defaults: { activation: 'relu', output: 'linear', tied: false, dictionary: true },

  flags: {
    bandwidth: { flag: '--bandwidth <epsilon>', takes: 'number', says: 'ε of jump-relu', byDefault: 0.1 },
    'penalty.target': {
      flag: '--target-l0 <n>',
      takes: 'number',
      says: 'units of an example that jump-relu aims at',
      byDefault: 32,
      beside: { kind: 'target-l0' },
    },
    'penalty.weight': {
      flag: '--sparsity-weight <beta>',
      takes: 'number',
      says: "λ of jump-relu's penalty",
      byDefault: 1,
    },
  },

  refuses({ penalty }, units) {
    if (penalty.kind !== 'target-l0' || penalty.target <= units) return null;
    return ['penalty.target', `is ${penalty.target}: the layer has ${units} units, so it must be at most ${units}`];
  },

  encodesApart: () => false,

  tensors({ threshold = 0.001, parameter }, units) {
    const initial = parameter === 'log' ? Math.log(threshold) : threshold;
    return [{ name: 'threshold', shape: [units], role: 'trained', initial }];
  },

  create({ bandwidth, parameter, toInput = false }, place) {
    const { k, storage, units, mode } = place;
    const p = place.tensor('threshold');
    const log = parameter === 'log';
    const theta = vectorView(storage.allocate(units));
    const dTheta = vectorView(storage.allocate(units));
    const near = vectorView(storage.allocate(units));
    return createUnits(place, {
      keepsZ: true,
      screen(screening, { a, z }, _, product) {
        k.thresholds(theta, p.value, log);
        if (mode !== 'train') {
          screening.above(a, product, theta);
          return;
        }
        // The estimators see z in their window too, |z − θ| < ε/2: all there is above θ − 0.51ε, less what θ may be rounded by.
        k.fill(near, 1);
        k.blend(near, theta, 1 - 1e-5, near, -0.51 * bandwidth);
        screening.candidates(z, product, near);
        k.jumpRelu(a, z, theta);
      },
      activate({ a, z }) {
        k.thresholds(theta, p.value, log); // θ = max(p, 0), or exp p
        k.jumpRelu(a, z, theta); // a = z·[z > θ]
      },
      delta(dCode, { z }, dZ, m) {
        k.fill(dTheta, 0);
        k.jumpReluDelta(dCode, dTheta, z, { theta, bandwidth }, toInput, m);
        if (dZ !== null) k.axpy(dCode, 1, dZ);
        if (p.gradient !== null) k.thresholdDelta(p.gradient, dTheta, p.value, log);
      },
    });
  },
};
