import type { Run } from '../training/run.ts';
import { differingSettings } from './settings.ts';

/** Whether two runs were asked the same; false where one is not known, or not valid. */
export function isSameRun(one: Run | null, other: Run | null): boolean {
  if (one === null || other === null) return false;
  try {
    return differingSettings([one, other]).length === 0;
  } catch {
    return false;
  }
}
