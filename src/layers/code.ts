import type { View } from '../array/matrix.ts';

/** The units of each example that are not 0, as (index, value) pairs: rows of values (rows, width) and their columns. */
export interface SparseRows {
  /** Rising in each row. */
  readonly indices: View;
  /** (rows, width). */
  readonly values: View;
  /** How many pairs of each row count; null where all `width` do. */
  readonly lengths: View | null;
}

/** What a layer makes of some examples. */
export interface Code {
  /** Activations (rows, units); the zeros of a sparse code are stored too. */
  readonly a: View;
  /**
   * Pre-activations (rows, units), where a part asked for them: the storage of `a` otherwise, and void. Where no part asked for
   * the whole, they may be far below 0 for units that are certainly not near to being on.
   */
  readonly z: View;
  /** Where few units are active: products are taken over these alone. */
  readonly sparse: SparseRows | null;
  /** As the kernel `selectSilent` of z, where z is void though a term asks for that of silent units; false: it is not. */
  readonly silent?: ((values: View, indices: View, lengths: View, silence: View, limit: number) => boolean) | undefined;
}
