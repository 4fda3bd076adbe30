import type { MatrixLike } from '../array/view-check.ts';
import { activitiesOf } from './activities.ts';
import { type Detection, DetectionCounter } from './detection.ts';
import { type Matching, match } from './matching.ts';
import { rowChunks } from './row-chunks.ts';
import { assertRows, matrixOf } from './true-features.ts';

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
  decoderRows: MatrixLike,
  directions: MatrixLike,
  codes?: MatrixLike,
  trueCodes?: MatrixLike,
): Promise<Recovery> {
  const decoder = matrixOf(decoderRows, 'decoderRows');
  const [h, d] = decoder.shape;
  const features = matrixOf(directions, 'directions', d);
  if (codes === undefined && trueCodes === undefined) {
    return recovery(await match(decoder, features, 'directions'), null);
  }
  const found = matrixOf(codes, 'codes', h);
  const planted = matrixOf(trueCodes, 'trueCodes', features.shape[0]);
  assertRows(planted, 'trueCodes', found, 'codes');
  const matching = await match(decoder, features, 'directions');
  const counter = new DetectionCounter(matching.best, features.shape[0]);
  const truth = rowChunks(planted, 'float64');
  for (const activity of activitiesOf(found)) counter.add(activity, truth.next().value);
  return recovery(matching, counter.result());
}
