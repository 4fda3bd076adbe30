import type { AnyNumbers, View } from '../array/matrix.ts';
import { activitiesOf } from './activities.ts';
import { type Detection, DetectionCounter } from './detection.ts';
import { type Matching, match } from './matching.ts';
import { rowChunks } from './row-chunks.ts';
import { assertMatrix, assertRows } from './true-features.ts';

/** How far a dictionary has found the features that the data were made of; cos is between unit rows, in [−1, 1]. */
export interface Recovery {
  /** Mean |cos| of the min(h, F) pairs of decoder rows and features, matched one to one so that it is largest. In [0, 1]. */
  readonly mcc: number;
  /** Mean over features of the largest signed cos with any decoder row. In [−1, 1]. */
  readonly mmcs: number;
  /** Distinct best features / h. In (0, 1]. The best feature of a unit is the one of largest |cos| with its decoder row. */
  readonly uniqueness: number;
  /**
   * Mean over all h units of F1 = 2·both/(fires + there) against the best feature: examples in which the unit fires, a > 0,
   * those in which the feature is there, its true code > 0, and both. 0 for a unit that never does with it. null without codes.
   */
  readonly f1: number | null;
  /** Mean over units of both/fires, 0 where a unit never fires. null without codes. */
  readonly precision: number | null;
  /** Mean over units of both/there, 0 where the feature never is. null without codes. */
  readonly recall: number | null;
}

/** What `Recovery` is put together from. */
export function recovery({ mcc, mmcs, uniqueness }: Matching, detection: Detection | null): Recovery {
  return { mcc, mmcs, uniqueness, ...(detection ?? { f1: null, precision: null, recall: null }) };
}

/** See `recoveryOf` of the package. */
export async function recoveryOf(
  decoderRows: View<AnyNumbers>,
  directions: View<AnyNumbers>,
  codes?: View<AnyNumbers>,
  trueCodes?: View<AnyNumbers>,
): Promise<Recovery> {
  assertMatrix(decoderRows, 'decoderRows');
  const [h, d] = decoderRows.shape;
  assertMatrix(directions, 'directions', d);
  const [features] = directions.shape;
  if (codes === undefined && trueCodes === undefined) {
    return recovery(await match(decoderRows, directions, 'directions'), null);
  }
  assertMatrix(codes as View<AnyNumbers>, 'codes', h);
  assertMatrix(trueCodes as View<AnyNumbers>, 'trueCodes', features);
  assertRows(trueCodes as View<AnyNumbers>, 'trueCodes', codes as View<AnyNumbers>, 'codes');
  const matching = await match(decoderRows, directions, 'directions');
  const counter = new DetectionCounter(matching.best, features);
  const truth = rowChunks(trueCodes as View<AnyNumbers>, 'float64');
  for (const activity of activitiesOf(codes as View<AnyNumbers>)) counter.add(activity, truth.next().value);
  return recovery(matching, counter.result());
}
