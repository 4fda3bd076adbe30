import type { View } from '../array/matrix.ts';
import type { Activation } from '../kernels/activations/activation.ts';
import type { Kernels, Storage } from '../kernels/kernels.ts';
import type { Kinded, PartKind } from '../part.ts';
import type { AffineParameters } from './affine.ts';
import type { Code } from './code.ts';
import type { Latents } from './latents.ts';

/** A tensor that a part keeps, flat and named beside the others. */
export interface TensorSpec {
  /** By which it is saved. */
  readonly name: string;
  /** (n), or (rows, columns). */
  readonly shape: readonly number[];
  /**
   * trained: a parameter, part of θ. model-state: moved by training, saved with the model. run-state: of a run of training,
   * saved with its checkpoints alone.
   */
  readonly role: 'trained' | 'model-state' | 'run-state';
  /** What every number begins with. Default 0; weights of rank 2 that are trained are drawn. */
  readonly initial?: number | undefined;
  /** What every number lies within, ends included. Default: any finite one. */
  readonly range?: readonly [number, number] | undefined;
}

/** A tensor of a layer's own. */
export interface LayerTensor {
  /** Its numbers. */
  readonly value: View;
  /** ∂J/∂value, to which the layer adds; null where it is not trained. */
  readonly gradient: View | null;
}

/** Where a layer stands: what it is given to work with. */
export interface LayerPlace extends AffineParameters {
  /** What all loops over numbers go through. */
  readonly k: Kernels;
  /** Gives back what the layer allocates. */
  readonly storage: Storage;
  /** Columns of its input. */
  readonly inputs: number;
  /** How many there are. */
  readonly units: number;
  /** Its activation. */
  readonly f: Activation;
  /** Where several processes share the units, which of them this one has: `units` are its own. Null: it has all. */
  readonly latents: Latents | null;
  /**
   * What the network is for: `train` where there is a gradient, `encode` where codes are asked for, `reconstruct` for codes on
   * their way to an output.
   */
  readonly mode: 'train' | 'reconstruct' | 'encode';
  /** The rows D (units, …) that stand for its units in the output; null where the next layer is no decoder. */
  readonly decoderRows: View | null;
  /** Whether somebody looks at z after `forward`: it then has storage of its own. */
  readonly keepsZ: boolean;
  /** Whether that is all of it, and not what is near to being on, and what `code.silent` gives. */
  readonly wholeZ: boolean;
  /** Whether there is a backward pass; the last layer of a network has δ all the same. */
  readonly hasDelta: boolean;
  /** Whether a term on it has derivatives by z, beside those by a: the pass then has `dZ`. */
  readonly hasDZ: boolean;
  /** A tensor of the layer's own, by its local name, and its gradient where it is trained. */
  tensor(name: string): LayerTensor;
}

/** How the units that fall silent in training are drawn. */
export interface Dropped {
  /** p in [0, 1): a unit is silent with this probability. */
  readonly fraction: number;
  /** Of the draws. */
  readonly seed: number;
  /** Units of the layers below that draw from the same seed. */
  readonly first: number;
}

/** A layer with views for some number of examples. */
export interface LayerPass {
  /** What `forward` writes. */
  readonly code: Code;
  /** (rows, units), or (rows, width) at the pairs of a sparse code: ∂L/∂a of each example, without 1/m; after `delta` ∂L/∂z. */
  readonly dCode: View;
  /** ∂L/∂z that terms add beside dCode, without 1/m; null where none does. Begins at 0 in every backward pass. */
  readonly dZ?: View | null | undefined;
  /**
   * What units are multiplied by in training, drawn by `spec` for the batch before `forward`: see `dropout`. Default: nothing.
   * @internal
   */
  readonly factor?: { readonly view: View; readonly spec: Dropped } | undefined;
  /** An output that is compared with the target several times: see `Prefixes`. Default: the code alone. */
  readonly levels?: Levels | undefined;
  /**
   * code ← f(A·V + b), and what the kind of layer makes of it. `known`: z, where the same layer over the same input has it, so
   * that it need not be computed again. `same`: θ is what it was at the last call.
   */
  forward(known?: View, same?: boolean): void;
  /** Something else has written to code.a. */
  spoiled?(): void;
  /** After `forward`, for kinds that choose among the units of the whole batch: all processes that share it, or its units, choose together. */
  select?(share: BatchShare): Promise<void> | void;
  /** Δ = (dCode + push) ⊙ f′(z) + dZ, in place. `push` (units): what every example gains, null counts as 0. */
  delta(push: View | null, m: number): void;
  /** From Δ: adds to the gradients, divided by m; writes ∂L/∂(its input) where that is asked for. `decay`: see `beginsWeight`. */
  backward(dInput: View | null, m: number, decay?: number): void;
  /**
   * Whether `backward` can write ∇V = λV + … in one pass, where no gradient has reached ∇V before: it is then given λ as `decay`,
   * above 0, and ∇V holds anything. Default false.
   */
  readonly beginsWeight?: boolean | undefined;
}

/** Outputs that are each compared with the target. */
export interface Levels {
  /** From the first prefix to the whole. */
  readonly outputs: readonly {
    /** z and outputs. */
    readonly code: Code;
    /** Where the loss leaves δ. */
    readonly dCode: View;
  }[];
  /** What each loss is multiplied by in the cost. */
  readonly weight: number;
}

/** What a layer that chooses over the whole batch must know of the others that hold parts of it. */
export interface BatchShare {
  /** Examples of the whole batch. */
  readonly m: number;
  /** Processes. */
  readonly size: number;
  /** Which of them this is, from 0. */
  readonly rank: number;
  /** Each number becomes its sum over the processes. */
  total(values: Float64Array): Promise<void> | void;
}

/** A layer of a network. */
export interface Layer {
  /** The columns of its sparse rows at present; null where codes are dense. */
  readonly width: number | null;
  /** After a step that counted: what it keeps moves on. */
  advance?(): void;
  /** k and the like move from epoch to epoch. */
  atEpoch?(epoch: number, epochs: number): void;
  /** … or from step to step, counted from 0; a run without an end has infinitely many. */
  atStep?(step: number, steps: number): void;
  /** Room for so many rows of the present width, in the place of what there was. `sparse`: whether its input is. */
  reserve(rows: number, sparse: boolean): void;
  /** Views for so many rows of the input, and of the examples that the network began with. */
  bind(rows: number, input: Code, example: View): LayerPass;
}

/** What a kind of layer lets a config leave out. */
export interface LayerDefaults {
  /** Of the hidden layers. */
  readonly activation?: string | undefined;
  /** Of the output. */
  readonly output?: string | undefined;
  /** Whether decoders use the weights of encoders. */
  readonly tied?: boolean | undefined;
  /** Of weights drawn from N(0, deviation²). */
  readonly deviation?: number | undefined;
  /** Weights begin as a dictionary: rows of D of norm 1, W = D. */
  readonly dictionary?: boolean | undefined;
}

/**
 * A kind of layer: how its config is checked (its schema has `layer: layerIndex()`), what it keeps, and how it is made. One
 * file, and one line of the table.
 */
export interface LayerKind<S extends Kinded> extends PartKind<S> {
  /** False: its backward pass is an estimator, proved by closed forms and not by differences. Default true. */
  readonly exact?: boolean | undefined;
  /** What it does in training is drawn anew every epoch: see `Dropped`. Default false. */
  readonly draws?: boolean | undefined;
  /** Units are switched off by selection: a 0 is silence, whatever f says. Default false. */
  readonly selects?: boolean | undefined;
  /** It keeps z of what it does not select, for an auxiliary loss. Default false. */
  readonly losers?: boolean | undefined;
  /** The decoder above it must be the output, and linear. Default false. */
  readonly belowOutput?: boolean | undefined;
  /** It needs the decoder or the training of an autoencoder: no layer of a classifier, nor below the code. Default false. */
  readonly autoencodersAlone?: (boolean | ((spec: S) => boolean)) | undefined;
  /** Its activation is relu, and no other: what it makes of z is a formula of its own. */
  readonly reluAlone?: boolean | undefined;
  /** Its own name for its bias, such as `gate.bias`. Default `bias`. */
  readonly bias?: string | undefined;
  /** What a config may leave out with it. */
  readonly defaults?: LayerDefaults | undefined;
  /** What the schema cannot see. @returns the key of the spec and why it is not allowed; null where all is well. */
  refuses?(spec: S, units: number): readonly [key: string, why: string] | null;
  /** What it keeps beside weight and bias, by local names. */
  tensors?(spec: S, units: number, inputs: number): readonly TensorSpec[];
  /** The share of the run after which costs can be compared, where something moves before. Default 0. */
  settles?(spec: S): number;
  /** Whether encoding gives other codes than those on their way to an output. Default: where it selects. */
  encodesApart?(spec: S): boolean;
  /** What it is where a classifier is tuned on its codes: as in encoding, from the start. */
  tuned?(spec: S, units: number): S;
  /** A layer of a network. */
  create(spec: S, place: LayerPlace): Layer;
  /** For the gradient check: specs of a layer of 4 or 3 units, each a row of its own. */
  readonly proof?: readonly S[] | undefined;
  /** The least distance of these activations to a point without a derivative; +∞ where there is none. */
  kinkDistance?(spec: S, a: Float64Array, units: number): number;
}
