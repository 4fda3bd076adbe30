import type { JumpReluPenalty } from '../layers/jump-relu.ts';
import type { SparsityConfig } from '../model/config.ts';

/**
 * Weights of penalties are those of a cost whose error is ‖x − x̂‖², as in the other libraries; ours is half of it: so are they.
 */
const half = (weight: number) => weight / 2;
const HALVED = 'half of what the config says, as the error here is ½‖x − x̂‖²';

/** What makes a dictionary sparse where it is trained on, and what is said of it. */
export interface Sparsity {
  readonly sparsity: SparsityConfig | null;
  readonly notes: readonly string[];
}

export function relu(weight: number | undefined, decoderNorm: boolean): Sparsity {
  if (weight === undefined) {
    return { sparsity: null, notes: ['ReLU units; no penalty is in the files, so training on lowers the error alone'] };
  }
  return {
    sparsity: { kind: 'l1', weight: half(weight), ...(decoderNorm ? { decoderNorm } : {}) },
    notes: [`ReLU units, L1 of weight ${half(weight)} where it is trained on: ${HALVED}`],
  };
}

export function topK(k: number): Sparsity {
  return { sparsity: { kind: 'top-k', k }, notes: [`TopK units, ${k} an example`] };
}

export function gated(weight: number | undefined, decoderNorm: boolean, live: boolean): Sparsity {
  const own = half(weight ?? 0.2);
  const why = weight === undefined ? 'a default: the files say none' : HALVED;
  return {
    sparsity: { kind: 'gated', weight: own, ...(decoderNorm ? { decoderNorm } : {}), ...(live ? { live } : {}) },
    notes: [`gated units, penalty of weight ${own} where they are trained on: ${why}`],
  };
}

/** JumpReLU that stands for BatchTopK: trained on, it aims at as many units as there were. */
export function batchTopK(k: number | undefined): Sparsity {
  const penalty: JumpReluPenalty =
    k === undefined ? { kind: 'l0', weight: 1e-3 } : { kind: 'target-l0', weight: 1, target: k };
  const aim = k === undefined ? '' : `, aimed at ${k} units an example`;
  return {
    sparsity: { kind: 'jump-relu', bandwidth: 0.05, penalty },
    notes: [
      `BatchTopK units, which encode by their saved threshold: JumpReLU units${aim}, with default bandwidth and penalty where they are trained on`,
    ],
  };
}

export function jumpRelu(bandwidth: number | undefined, penalty: JumpReluPenalty | undefined): Sparsity {
  const own: JumpReluPenalty = penalty === undefined ? { kind: 'l0', weight: 1e-3 } : halved(penalty);
  const defaults = [...(bandwidth === undefined ? ['bandwidth'] : []), ...(penalty === undefined ? ['penalty'] : [])];
  const said = defaults.length === 0 ? HALVED : `${defaults.join(' and ')} by default: the files say none`;
  return {
    sparsity: { kind: 'jump-relu', bandwidth: bandwidth ?? 0.05, penalty: own },
    notes: [
      `JumpReLU units, bandwidth ${bandwidth ?? 0.05}, penalty ${own.kind} of weight ${own.weight} where they are trained on: ${said}`,
    ],
  };
}

function halved(penalty: JumpReluPenalty): JumpReluPenalty {
  if (penalty.kind !== 'tanh' || penalty.preActivation === undefined)
    return { ...penalty, weight: half(penalty.weight) };
  const { preActivation } = penalty;
  return {
    ...penalty,
    weight: half(penalty.weight),
    preActivation: { ...preActivation, weight: half(preActivation.weight) },
  };
}
