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
  /** Pre-activations (rows, units), where a part asked for them: the storage of `a` otherwise, and void. */
  readonly z: View;
  /** Where few units are active: products are taken over these alone. */
  readonly sparse: SparseRows | null;
}
