import type { View } from '../array/matrix.ts';
import type { Activation } from '../kernels/activations/activation.ts';
import type { Kernels, Results, Storage } from '../kernels/kernels.ts';
import type { Code } from '../layers/code.ts';
import type { Latents } from '../layers/latents.ts';
import type { LayerDefaults, LayerTensor, TensorSpec } from '../layers/layer.ts';
import type { Kinded, PartKind } from '../part.ts';

/** Where a term sits: a hidden layer with its activation, and its weights W (units, inputs) with their gradient. */
export interface TermPlace {
  /** What all loops over numbers go through. */
  readonly k: Kernels;
  /** Gives back what the term allocates. */
  readonly storage: Storage;
  /** Of its layer. */
  readonly units: number;
  /** Where several processes share the units, which of them this one has: `units` are its own. Null: it has all. */
  readonly latents: Latents | null;
  /** Activation of its layer. */
  readonly f: Activation;
  /** W (units, inputs) of its layer. */
  readonly weightRows: View;
  /** ∇W, to which a term may add. */
  readonly dWeightRows: View;
  /** ∇b of its layer, to which a term may add; where the layer is centred, what it has gained there reaches c too. */
  readonly dBias: View;
  /** The decoder of its layer; null where the next layer is none. */
  readonly output: {
    /** D (units, targets). */
    readonly rows: View;
    /** ∇D, to which a term may add. */
    readonly dRows: View;
    /** c (targets). */
    readonly bias: View;
    /** ∇c, to which a term may add. */
    readonly dBias: View;
  } | null;
  /** A tensor of the term's own, by its local name. */
  state(name: string): View;
  /** A tensor of its layer's kind, by its local name. */
  layerTensor(name: string): LayerTensor;
}

/** What a term sees of the examples that are evaluated. */
export interface TermPass {
  /** Values of terms, in float64. */
  readonly results: Results;
  /** results[slot] takes its value. */
  readonly slot: number;
  /** Of its layer, for the rows at hand. */
  readonly code: Code;
  /** What its layer was given. */
  readonly input: Code;
  /** ∂L/∂a of its layer's code, to which `backward` adds, without 1/m. */
  readonly dCode: View;
  /** ∂L/∂z (rows, units), to which `backward` adds, without 1/m; null unless the kind's `ofZ` says that it moves z. */
  readonly dZ: View | null;
  /** x̂ of the rows at hand. */
  readonly reconstruction: View;
  /** What x̂ is compared with. */
  readonly target: View;
  /** Examples of the whole batch, in all processes. */
  readonly m: number;
  /** What is held fixed in a derivative stays as it was found before: see `Detached`. */
  readonly detached: Detached;
  /** Where training stands. */
  readonly moment: Moment;
}

/** What a run of training sets before every step. */
export interface Moment {
  /** In (0, 1]: what the weights of penalties are multiplied by. 1 but where they warm up. */
  penalty: number;
}

/** Whether quantities without a gradient are found anew, or held, as central differences ask. */
export interface Detached {
  /** True: held. */
  held: boolean;
  /** True: what is found now may be held later, and is to be kept for it. */
  kept: boolean;
}

/** A summand of the cost on the activations of one hidden layer. */
export interface Term {
  /** Its line in `terms`. */
  readonly name: string;
  /** What `gather` leaves: a sum over examples, which is then summed over processes too, before value and gradient. */
  readonly statistic?: View | undefined;
  /** Its value is that of the rows at hand, though it has a statistic. Default: what is made of a statistic is the whole's. */
  readonly partial?: boolean | undefined;
  /** After the forward pass: the statistic of the rows at hand, already divided by m. */
  gather?(p: TermPass): void;
  /** Adds the value to its slot, unless `backward` does, and sets `push`. */
  value?(p: TermPass): void;
  /** What every example's ∂J/∂a gains, a row (h), without 1/m, set anew by `value`: the β(−ρ/ρ̂ + (1−ρ)/(1−ρ̂)) of KL. */
  readonly push?: View | undefined;
  /** After `value`, where processes share the units: what they make together. All of them are asked, or none. */
  together?(p: TermPass): Promise<void>;
  /** Adds to dCode what differs from example to example, and to ∇W what reaches W directly. */
  backward?(p: TermPass): void;
  /** After a step that counted: state moves on. */
  advance?(): void;
}

/** How a term sees z. */
export interface UseOfZ {
  /** Wherever it is; false: only near to where units are on, and of silent ones by `code.silent`. */
  readonly whole: boolean;
  /** Whether it adds to ∂L/∂z. */
  readonly moves: boolean;
}

/**
 * A kind of term: how its config is checked (its schema has `layer: layerIndex()`), what it keeps, and how it is made. One
 * file, and one line of the table.
 */
export interface TermKind<S extends Kinded> extends PartKind<S> {
  /** Why it cannot sit on units with activation f, and what to use instead; null where it can. */
  refuses?(f: Activation, spec: S): string | null;
  /** Whether it goes by the rows of the decoder right above its layer. Default false. */
  needsDecoder?(spec: S): boolean;
  /** What it keeps, by local names. */
  tensors?(spec: S, units: number, f: Activation): readonly TensorSpec[];
  /** Why a run that asks for the same cost at every step, as L-BFGS, cannot have it; null where it can. */
  refusesWhole?(spec: S): string | null;
  /** A term of a network. */
  create(spec: S, place: TermPlace): Term;
  /** What it has to do with z of its layer. Null: nothing. Default null. */
  ofZ?(spec: S): UseOfZ | null;
  /** What a config may leave out with it. */
  defaults?(spec: S): LayerDefaults;
  /** For the gradient check: specs, each a row of its own. */
  readonly proof?: readonly S[] | undefined;
  /** The least distance of these activations to a point without a derivative. */
  kinkDistance?(a: Float64Array): number;
}
