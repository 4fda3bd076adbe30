/**
 * A line of metrics.jsonl, which a run's folder has while it trains: JSON, in the order of the steps. What was not measured, or is
 * not finite, is null.
 */
export interface MetricsLine {
  /** The one that the step belongs to, counted from 1. */
  readonly epoch: number;
  /** Counted from 1. */
  readonly step: number;
  /** J: the mean over the steps since the line before, of a whole epoch over its examples; of an optimizer of the whole set, of the point reached. */
  readonly cost: number | null;
  /** Its summands, each already multiplied by its weight, by name. */
  readonly terms: Readonly<Record<string, number | null>>;
  /** The data term on the validation set, where an epoch has ended since the line before. */
  readonly validation?: number | null;
  /** ‖∂J/∂θ‖₂ at this step. */
  readonly gradientNorm: number | null;
  /** η of this step; null of optimizers that have none. */
  readonly learningRate: number | null;
  readonly examplesPerSecond: number | null;
  /** Of training, in earlier processes too. */
  readonly seconds: number;
  /** Units that are not 0, mean over a few examples. */
  readonly l0: number | null;
  /** Units that did not fire on the last `looked` examples that were looked at. */
  readonly dead: number | null;
  /** Examples that `dead` speaks of. */
  readonly looked?: number;
}
