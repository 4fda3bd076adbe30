import type { PreprocessingSpec } from './preprocessing.ts';

/** From what a source holds to what a model sees. Plain JSON: saved with the model. */
export interface DataPlan {
  /** Keep the examples with these labels only; before `limit`. */
  readonly classes?: readonly number[] | undefined;
  /** Use the first n examples only. */
  readonly limit?: number | undefined;
  /** Swap rows and columns of images, as those of EMNIST lie. */
  readonly transpose?: boolean | undefined;
  /** Turn colour images grey. */
  readonly gray?: boolean | undefined;
  /** Cut square patches out of images; the patches are then the examples. */
  readonly patches?: {
    /** Height and width in pixels. */
    readonly size: number;
    /** How many patches, in all. */
    readonly count: number;
    /** Of the places that they are cut from. */
    readonly seed: number;
  };
  /** Steps fitted on the training data, in order. */
  readonly preprocessing?: readonly PreprocessingSpec[] | undefined;
  /**
   * The last n examples are held out: they stay the last rows, and preprocessing is fitted without them. Of patches, the
   * last n are cut from images of their own, the last ones. Default 0.
   */
  readonly heldOut?: number | undefined;
}
