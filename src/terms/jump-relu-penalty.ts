import { type View, vectorView } from '../array/matrix.ts';
import { type JumpReluPenalty, type JumpReluSpec, jumpRelu } from '../layers/jump-relu.ts';
import { createSilence, LONG_SILENCE } from '../layers/silence.ts';
import type { Term, TermKind, TermPlace } from './term.ts';

/**
 * What comes with jump-relu units: λ L0, L0 = (1/m) Σₖ Σⱼ [zⱼ > θⱼ] of the whole batch, by the estimator
 * ∂J/∂θⱼ = −(λ/m) Σₖ K(u)/ε, and with `toInput` ∂J/∂z = λK(u)/ε; λ(L0/target − 1)², whose estimator has
 * 2λ(L0/target − 1)/target in the place of λ; or (λ/m) Σ tanh(s·a‖D‖), which has derivatives by a and D, and beside it
 * (μ/m) Σ relu(θ − z)‖D‖, by z, θ and D. [Rajamanoharan et al. 2024, arXiv 2407.14435; Conerly et al., Anthropic, January
 * 2025: tanh]
 */
export const jumpReluPenalty: TermKind<JumpReluSpec> = {
  schema: jumpRelu.schema,
  ofZ({ penalty, toInput = false }) {
    const whole = 'preActivation' in penalty; // relu(θ − z): where z is far below, too
    return { whole, moves: whole || toInput };
  },

  tensors({ penalty }, units) {
    const over = 'preActivation' in penalty ? penalty.preActivation?.over : undefined;
    if (over !== 'dead') return [];
    return [{ name: 'examplesSinceFired', shape: [units], role: 'run-state', range: [0, Number.MAX_VALUE] }];
  },

  create(spec, place) {
    return spec.penalty.kind === 'tanh' ? tanhOf(spec, spec.penalty, place) : l0Of(spec, spec.penalty, place);
  },
};

/** θ of the layer, and the way back to its parameter. */
function thresholdOf({ parameter }: JumpReluSpec, { k, storage, units, layerTensor }: TermPlace) {
  const p = layerTensor('threshold');
  const log = parameter === 'log';
  const theta = vectorView(storage.allocate(units));
  const dTheta = vectorView(storage.allocate(units));
  return {
    theta,
    dTheta,
    find: () => k.thresholds(theta, p.value, log),
    /** Adds what `use` leaves in dTheta to the parameter's gradient. */
    gain(use: () => void) {
      k.fill(dTheta, 0);
      use();
      if (p.gradient !== null) k.thresholdDelta(p.gradient, dTheta, p.value, log);
    },
  };
}

type Of<K> = Extract<JumpReluPenalty, { readonly kind: K }>;

function l0Of(spec: JumpReluSpec, penalty: Of<'l0' | 'target-l0'>, place: TermPlace): Term {
  const { k, storage } = place;
  const threshold = thresholdOf(spec, place);
  const count = vectorView(storage.allocateDoubles(1));
  const slope = vectorView(storage.allocateDoubles(1));
  const jump = { theta: threshold.theta, bandwidth: spec.bandwidth };
  const target = penalty.kind === 'target-l0' ? penalty.target : null;
  return {
    name: 'sparsity',
    statistic: count,
    gather({ code: { z }, m }) {
      threshold.find();
      k.write(count, [0]);
      k.countOn(count, z, threshold.theta, m); // L0
    },
    value({ results, slot, moment }) {
      k.l0Penalty(slope, results, slot, count, penalty.weight * moment.penalty, target);
    },
    backward({ code: { z }, dZ, m }) {
      threshold.gain(() => k.l0Delta(spec.toInput ? dZ : null, threshold.dTheta, z, jump, slope, m));
    },
  };
}

function tanhOf(spec: JumpReluSpec, { weight, scale, preActivation }: Of<'tanh'>, place: TermPlace): Term {
  const { k, storage, units, output } = place;
  if (output === null) throw new Error('the norms of a decoder are asked for, and there is none');
  const threshold = thresholdOf(spec, place);
  const squares = vectorView(storage.allocate(units));
  const pull = vectorView(storage.allocate(units));
  const silence = preActivation?.over === 'dead' ? createSilence(place) : null;
  const limit = preActivation?.deadAfter ?? LONG_SILENCE;
  return {
    name: 'sparsity',
    partial: true,
    ...(silence?.term ?? {}),
    backward({ results, slot, code: { a, z }, dCode, dZ, m, moment }) {
      k.rowSquaredNorms(squares, output.rows); // ‖Dⱼ‖²
      k.tanhPenalty(dCode, pull, results, slot, a, squares, { weight: weight * moment.penalty, scale, m });
      k.addScaledRows(output.dRows, pull, output.rows); // ∇Dⱼ += pullⱼ Dⱼ
      if (preActivation === undefined || dZ === null) return;
      threshold.find();
      threshold.gain(() => {
        const counted: { counts: View; limit: number } | null = silence && { counts: silence.next, limit };
        const out = { dZ, dTheta: threshold.dTheta, pull };
        k.preActivationLoss(
          out,
          results,
          slot,
          z,
          threshold.theta,
          squares,
          counted,
          preActivation.weight * moment.penalty,
          m,
        );
      });
      k.addScaledRows(output.dRows, pull, output.rows);
    },
  };
}
