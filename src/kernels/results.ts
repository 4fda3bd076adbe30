/**
 * Sums that kernels leave behind, a float64 slot each. Kernels add to a slot and never return a number, so that an
 * engine may run behind the caller (threads, a GPU); one `read` at the end of a step brings every slot back.
 */
export interface Results {
  /** How many slots. */
  readonly length: number;
}
