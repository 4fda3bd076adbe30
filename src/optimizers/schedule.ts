import * as v from 'valibot';
import { nonNegative } from '../validate.ts';

/**
 * A learning rate or momentum over the steps t = 0 … T−1 of a run. With w warm-up steps and p = (t − w)/(T − 1 − w):
 * constant: value. linear: from + (to − from)·p. cosine: to + (from − to)·(1 + cos πp)/2.
 * During warm-up, t < w: the start value times (t + 1)/w. A plain number is a constant.
 */
export type Schedule =
  | number
  | {
      /** value. */
      readonly kind: 'constant';
      /** At every step after warm-up. */
      readonly value: number;
      /** w, steps, at least 0. Default 0. */
      readonly warmup?: number;
    }
  | {
      /** from + (to − from)·p. */
      readonly kind: 'linear';
      /** At p = 0. */
      readonly from: number;
      /** At p = 1, the last step. */
      readonly to: number;
      /** w, steps, at least 0. Default 0. */
      readonly warmup?: number;
    }
  | {
      /** to + (from − to)·(1 + cos πp)/2. */
      readonly kind: 'cosine';
      /** At p = 0. */
      readonly from: number;
      /** At p = 1, the last step. */
      readonly to: number;
      /** w, steps, at least 0. Default 0. */
      readonly warmup?: number;
    };

const warmup = () => {
  const allowed = 'it must be a whole number of steps, at least 0';
  return v.optional(v.pipe(v.number(allowed), v.safeInteger(allowed), v.minValue(0, allowed)));
};

/** Validates a schedule whose every value passes `value`. */
export function scheduleSchema(value: () => v.GenericSchema<number> = nonNegative): v.GenericSchema<Schedule> {
  return v.union(
    [
      value(),
      v.strictObject({ kind: v.literal('constant'), value: value(), warmup: warmup() }),
      v.strictObject({ kind: v.picklist(['linear', 'cosine']), from: value(), to: value(), warmup: warmup() }),
    ],
    'it must be a number, or { kind: "constant", value } or { kind: "linear" | "cosine", from, to }, each with optional warmup steps; momentum below 1',
  );
}

/** The schedule's value at step t (from 0) of T. Beyond the last step it stays at its end. */
export function scheduleAt(schedule: Schedule, t: number, T: number): number {
  if (typeof schedule === 'number') return schedule;
  const start = schedule.kind === 'constant' ? schedule.value : schedule.from;
  const w = schedule.warmup ?? 0;
  if (t < w) return (start * (t + 1)) / w;
  if (schedule.kind === 'constant') return schedule.value;
  const { from, to } = schedule;
  const p = Math.min(1, (t - w) / Math.max(1, T - 1 - w));
  return schedule.kind === 'linear' ? from + (to - from) * p : to + ((from - to) * (1 + Math.cos(Math.PI * p))) / 2;
}
