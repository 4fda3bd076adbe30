import type { CorruptionSpec } from '../corruption/corruption.ts';
import { InputError } from '../errors.ts';
import type { Activation } from '../kernels/activations/activation.ts';
import type { Latents } from '../layers/latents.ts';
import type { TensorSpec } from '../layers/layer.ts';
import type { LayerChoice } from '../layers/table.ts';
import type { losses } from '../terms/losses.ts';
import type { TermChoice } from '../terms/table.ts';
import { show } from '../validate.ts';

/** A layer Z = A·V + b, A⁺ = f(Z), by the names of its parameters. */
export interface LayerSpec {
  /** A weight (units, inputs) used as V = Wᵀ (encoder, softmax), or D (inputs, units) used as V = D (decoder). */
  readonly weight: string;
  readonly use: 'transposed' | 'direct';
  readonly bias: string;
  /** What is taken from its input: a bias of the decoder. */
  readonly center: string | null;
  /** S, by which the examples themselves reach it. */
  readonly skip: string | null;
  readonly f: Activation;
  /** What it makes of z. */
  readonly choice: LayerChoice;
  readonly terms: readonly TermChoice[];
  /** Before the local names of what layer and terms keep: `code` of the code layer. */
  readonly prefix: { readonly parameter: string; readonly state: string };
}

/** Whether a layer gives codes in encoding that are not those on their way to an output. */
export function encodesApart({ choice: { kind, spec } }: LayerSpec): boolean {
  return kind.encodesApart?.(spec) ?? kind.selects === true;
}

/** A weight that shrinks, each once: (l2/2) Σ W² + l1 Σ |W|. */
export interface Shrinkage {
  readonly weight: string;
  readonly l2: number;
  readonly l1: number;
}

/** What a process holds of a network whose latents are shared. */
export interface Shard {
  readonly latents: Latents;
  /** Names of the parameters that every process holds whole; of all others each has the rows of its latents. */
  readonly common: readonly string[];
}

/**
 * What the engine runs: layers in order, the loss on the last one's output, and what shrinks. Autoencoders, classifiers
 * and whatever else is trained are such lists; `cost.ts` knows nothing more.
 */
export interface NetworkSpec {
  readonly inputs: number;
  /** Of θ: weights (rows, columns), biases (n), and what kinds of layers train beside them. */
  readonly parameters: readonly TensorSpec[];
  /** What is kept beside θ. */
  readonly state: readonly TensorSpec[];
  readonly layers: readonly LayerSpec[];
  readonly loss: keyof typeof losses;
  /** The first term of the cost. */
  readonly dataTerm: 'reconstruction' | 'classification';
  readonly shrinkage: readonly Shrinkage[];
  /** Index of the layer whose activations are the codes. */
  readonly code: number;
  /** The weight whose rows are held at norm 1. */
  readonly unitNorm: string | null;
  /** The examples themselves are what the output is compared with, or something beside them. */
  readonly targets: 'examples' | 'apart';
  /** Where several processes share the latents: which this one has, and which parameters all of them hold. */
  readonly shard?: Shard | undefined;
  readonly corruption: {
    readonly spec: CorruptionSpec;
    readonly emphasis: { readonly corrupted: number; readonly untouched: number } | null;
    readonly seed: number;
  } | null;
}

/** What of a network is drawn anew every epoch: the draws that come next are then part of the model. Null where nothing is. */
export function drawnAnew({ corruption, layers }: NetworkSpec): 'corruption' | 'dropout' | null {
  if (corruption !== null) return 'corruption';
  return layers.some(({ choice }) => choice.kind.draws === true) ? 'dropout' : null;
}

/** The tensors that a hidden layer's kind and terms keep, under their whole names. */
export function tensorsOf(
  { choice, terms, prefix, f }: Omit<LayerSpec, 'weight' | 'use' | 'bias'>,
  units: number,
  inputs: number,
) {
  const own = [
    ...(choice.kind.tensors?.(choice.spec, units, inputs) ?? []),
    ...terms.flatMap(({ kind, spec }) => kind.tensors?.(spec, units, f) ?? []),
  ];
  assertTensors(`layer ${show(choice.spec.kind)}${terms.map(({ spec }) => `, term ${show(spec.kind)}`).join('')}`, own);
  const named = own.map((tensor) => ({
    ...tensor,
    name: `${tensor.role === 'trained' ? prefix.parameter : prefix.state}.${tensor.name}`,
  }));
  return {
    parameters: named.filter(({ role }) => role === 'trained'),
    state: named.filter(({ role }) => role !== 'trained'),
  };
}

/**
 * @throws InputError for tensors of a part that cannot be kept under its name, or not saved: names that are taken or given
 *   twice, shapes that are none, a beginning that is not finite.
 */
export function assertTensors(part: string, tensors: readonly TensorSpec[]): void {
  const isSize = (n: unknown) => Number.isSafeInteger(n) && Number(n) >= 1;
  tensors.forEach(({ name, shape, role, initial = 0 }, i) => {
    const fault =
      typeof name !== 'string' || name === '' || (role === 'trained' && ['weight', 'bias'].includes(name))
        ? 'its name must be a string, and neither weight nor bias'
        : tensors.findIndex((other) => other.name === name && other.role === role) < i
          ? 'there are two of that name'
          : !['trained', 'model-state', 'run-state'].includes(role)
            ? `its role is ${show(role)}: it must be trained, model-state or run-state`
            : !Array.isArray(shape) || shape.length > 2 || !shape.every(isSize)
              ? `its shape is ${show(shape)}: it must be at most two whole numbers, at least 1`
              : !Number.isFinite(initial)
                ? `its initial is ${show(initial)}: it must be a finite number`
                : null;
    if (fault !== null) throw new InputError(`${part}: tensor ${show(name)}: ${fault}`);
  });
}
