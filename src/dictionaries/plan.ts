import type { StoredNumbers } from '../data/formats/stored-numbers.ts';
import type { Preprocessing } from '../data/preprocessing/preprocessing.ts';
import type { SparsityConfig } from '../model/config.ts';

/** A tensor of a file under its name there. */
export interface NamedNumbers {
  readonly name: string;
  readonly numbers: StoredNumbers;
}

/** A matrix, and which of its axes comes first in the format's layout. */
export interface LaidMatrix extends NamedNumbers {
  readonly first: 'latents' | 'inputs' | 'outputs';
}

/** What a format says of a dictionary: which tensors are what, and what else its codes depend on. */
export interface DictionaryPlan {
  /** Of the library or release that wrote it. */
  readonly format: string;
  readonly architecture: string;
  readonly encoder: LaidMatrix;
  readonly decoder: LaidMatrix;
  /** Of gated units there is none. */
  readonly encoderBias?: NamedNumbers | undefined;
  readonly decoderBias?: NamedNumbers | undefined;
  /** Whether inputs lose the decoder's bias first. */
  readonly preBias: boolean;
  /** θ of each unit, of all, or their logarithms. */
  readonly threshold?:
    | { readonly of: NamedNumbers | number; readonly log?: boolean; readonly times?: number }
    | undefined;
  readonly gate?:
    | { readonly bias: NamedNumbers; readonly magnitudeBias: NamedNumbers; readonly scale: NamedNumbers }
    | undefined;
  readonly skip?: LaidMatrix | undefined;
  /** Whether it gives anything but its inputs. */
  readonly transcoder: boolean;
  readonly sparsity: SparsityConfig | null;
  /** What a config says of the sizes, to be compared with the tensors. */
  readonly said: {
    readonly inputs?: number | undefined;
    readonly latents?: number | undefined;
    readonly outputs?: number | undefined;
  };
  /** Inputs are multiplied by the first, outputs divided by the second: folded into the weights. */
  readonly scale?: { readonly inputs: number; readonly outputs: number } | undefined;
  /** Latents are multiplied by the norms of their decoder rows, which become 1. */
  readonly foldNorms?: boolean | undefined;
  /** What decoding multiplies codes by. */
  readonly decoderScale?: NamedNumbers | undefined;
  readonly preprocessing: readonly Preprocessing[];
  /** What was assumed, what was folded, one sentence each. */
  readonly notes: readonly string[];
  /** Where its inputs come from: names of model, hook, data set. */
  readonly facts: Readonly<Record<string, string>>;
}

/** What a caller says of a dictionary that its files do not. */
export interface DictionaryOptions {
  /** Whether the decoder's bias is taken off inputs before they are encoded. */
  readonly preBias?: boolean | undefined;
  /** Units of an example that are on. */
  readonly k?: number | undefined;
}
