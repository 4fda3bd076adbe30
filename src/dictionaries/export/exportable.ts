import type { PlainDictionary } from './plain-dictionary.ts';
import type { RowNorm } from './raw-units.ts';

/** What a format is given to write. */
export interface Exportable {
  /** In raw units, but for the norm. */
  readonly dictionary: PlainDictionary;
  /** What is done to each example before it. */
  readonly norm: RowNorm;
  /** Whether its outputs are other data than its inputs. */
  readonly transcoder: boolean;
  /** What it was trained as. */
  readonly trained: {
    /** elementwise, top-k, batch-top-k, … */
    readonly kind: string;
    /** Of kinds with one. */
    readonly k: number | null;
    /** Of Matryoshka dictionaries: w₁ < … < h. */
    readonly widths: readonly number[] | null;
  };
  /** What is known of the model whose activations it explains: model_name, hook_name, …. */
  readonly origin: Readonly<Record<string, unknown>>;
}

/** A dictionary in another library's files. */
export interface ExportedDictionary {
  /** Their bytes, by names within a folder of their own. */
  readonly files: Map<string, Uint8Array>;
  /** What the other library calls it: jumprelu, AutoEncoderTopK, …. */
  readonly architecture: string;
  /** What was folded into weights, and what the other side computes otherwise: sentences. */
  readonly notes: readonly string[];
}
