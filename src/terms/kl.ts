import * as v from 'valibot';
import { vectorView } from '../array/matrix.ts';
import { halfOpenUnit, layerIndex, nonNegative, openUnit } from '../validate.ts';
import type { TermKind } from './term.ts';

/** ρ and β: β Σⱼ KL(ρ‖ρ̂ⱼ). */
export interface KlSpec {
  /** Of the sparsity. */
  readonly kind: 'kl';
  /** ρ in (0, 1), the rate that each unit is held to. */
  readonly target: number;
  /** β ≥ 0; not divided by m. */
  readonly weight: number;
  /**
   * γ in [0, 1): ρ̂ is a running average over batches, γ of it the average before, so that it stays steady where batches are
   * small. Default 0: the mean of the batch.
   */
  readonly average?: number | undefined;
  /** Which hidden layer, from 0. Default the last, the code. */
  readonly layer?: number | undefined;
}

/**
 * β Σⱼ KL(ρ‖ρ̂ⱼ) = β Σⱼ ρ log(ρ/ρ̂ⱼ) + (1−ρ) log((1−ρ)/(1−ρ̂ⱼ)), ρ̂ⱼ = (1/m) Σₖ aⱼ(xₖ), the mean over the examples of
 * this evaluation: the whole set for L-BFGS, the mini-batch otherwise. tanh units: ρ̂ is the mean of (a+1)/2.
 * ∂/∂aⱼ(xₖ) = (1/m) β(−ρ/ρ̂ⱼ + (1−ρ)/(1−ρ̂ⱼ)), times ½ for tanh, the same for every example: the row `push`, its 1/m left
 * to ∇W and ∇b.
 * ρ̂ is clamped to [1e-8, 1 − 1e-8] where it is put into both formulas: a dead unit costs a finite amount and is still
 * pushed up, though the clamped value itself is level there. [Ng, CS294A notes, §3]
 *
 * With a running average r ← γr + (1−γ)ρ̂, r = ρ at first: ρ̂ + c stands in the place of ρ̂, c = γ(r − ρ̂), the way from
 * the batch's mean to the new average. c is detached, a number found in the forward pass and held in derivatives, so the
 * push is that of CS294A at the average, not 1−γ times it. [Ng, CS294A notes, §3, on ρ̂ⱼ in stochastic gradient descent]
 */
export const kl: TermKind<KlSpec> = {
  schema: v.strictObject({
    kind: v.literal('kl'),
    target: openUnit(),
    weight: nonNegative(),
    average: v.optional(halfOpenUnit()),
    layer: layerIndex(),
  }),

  flags: {
    target: {
      flag: '--target <rho>',
      takes: 'number',
      says: 'ρ, the mean activation that kl aims at',
      byDefault: 0.05,
    },
    weight: { flag: '--sparsity-weight <beta>', takes: 'number', says: 'β of kl', byDefault: 3 },
    average: {
      flag: '--average <gamma>',
      takes: 'number',
      says: 'kl: γ in [0, 1) of a running average of ρ̂, not with lbfgs',
    },
  },

  refuses({ rate, name }) {
    if (rate !== null) return null;
    return `sparsity kl needs activations with a rate in (0, 1), and ${name} has none: use sigmoid or tanh units, or sparsity l1`;
  },

  tensors({ target, average = 0 }, units, { rate }) {
    const { scale, shift } = rate ?? { scale: 1, shift: 0 };
    const initial = (target - shift) / scale;
    const range = [-shift / scale, (1 - shift) / scale] as const; // rates from 0 to 1
    return average > 0 ? [{ name: 'averageActivation', shape: [units], role: 'model-state', initial, range }] : [];
  },

  refusesWhole({ average = 0 }) {
    if (average === 0) return null;
    return `config.sparsity.average is ${average}, which moves the cost from step to step`;
  },

  create({ target, weight, average: gamma = 0 }, { k, storage, units, f, state }) {
    const { scale, shift } = f.rate ?? { scale: 1, shift: 0 };
    const rhoHat = vectorView(storage.allocate(units));
    const push = vectorView(storage.allocate(units));
    const running = gamma > 0 ? { r: state('averageActivation'), c: vectorView(storage.allocate(units)) } : null;
    const level = running === null ? rhoHat : vectorView(storage.allocate(units));
    return {
      name: 'sparsity',
      push,
      statistic: rhoHat,
      gather({ code, m }) {
        k.fill(rhoHat, 0);
        k.addColumnSums(rhoHat, code.a, 1 / m); // ρ̂ⱼ = (1/m) Σₖ aⱼ(xₖ)
      },
      value({ results, slot, detached, moment }) {
        if (running !== null) {
          if (!detached.held) k.blend(running.c, running.r, gamma, rhoHat, -gamma); // c = γ(r − ρ̂)
          k.blend(level, rhoHat, 1, running.c, 1);
        }
        k.klSparsity(push, results, slot, level, { target, weight: weight * moment.penalty, scale, shift });
      },
      ...(running && { advance: () => k.blend(running.r, running.r, gamma, rhoHat, 1 - gamma) }),
    };
  },

  proof: [
    { kind: 'kl', target: 0.2, weight: 3 },
    { kind: 'kl', target: 0.2, weight: 3, average: 0.7 },
  ],
};
