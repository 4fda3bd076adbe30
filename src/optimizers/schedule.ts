import * as v from 'valibot';
import { InputError } from '../errors.ts';
import { nonNegative, show } from '../validate.ts';

/**
 * A learning rate or momentum over the steps t = 0 … T−1 of a run. With w warm-up steps and p = (t − w)/(T − 1 − w):
 * constant: value. linear: from + (to − from)·p. cosine: to + (from − to)·(1 + cos πp)/2.
 * During warm-up, t < w: the start value times (t + 1)/w. A plain number is a constant.
 * trapezoid: value · min(1, (t + 1)/w, (T − t)/v), v = decay steps, or decay·T where it is a share: 0 would come after the last
 * step. [Conerly et al., Anthropic, April 2024: the last fifth]
 * A function of your own gives the value at step t of T; the same for the same step, or resumed runs differ.
 */
export type Schedule =
  | number
  | ((
      /** From 0. */
      step: number,
      /** Of the whole run; Infinity where it has no end. */
      steps: number,
    ) => number)
  | {
      /** value. */
      readonly kind: 'constant';
      /** At every step after warm-up. */
      readonly value: number;
      /** w, steps, at least 0. Default 0. */
      readonly warmup?: number | undefined;
    }
  | {
      /** from + (to − from)·p. */
      readonly kind: 'linear';
      /** At p = 0. */
      readonly from: number;
      /** At p = 1, the last step. */
      readonly to: number;
      /** w, steps, at least 0. Default 0. */
      readonly warmup?: number | undefined;
    }
  | {
      /** to + (from − to)·(1 + cos πp)/2. */
      readonly kind: 'cosine';
      /** At p = 0. */
      readonly from: number;
      /** At p = 1, the last step. */
      readonly to: number;
      /** w, steps, at least 0. Default 0. */
      readonly warmup?: number | undefined;
    }
  | {
      /** value · min(1, (t + 1)/w, (T − t)/v). */
      readonly kind: 'trapezoid';
      /** Between warm-up and decay. */
      readonly value: number;
      /** w, steps, at least 0. Default 0. */
      readonly warmup?: number | undefined;
      /** v: whole steps at the end, or a share of all steps in (0, 1). Default 0.2. */
      readonly decay?: number | undefined;
    };

const warmup = () => {
  const allowed = 'it must be a whole number of steps, at least 0';
  return v.optional(v.pipe(v.number(allowed), v.safeInteger(allowed), v.minValue(0, allowed)));
};

const decay = () => {
  const allowed = 'it must be a whole number of steps, or a share of them in (0, 1)';
  const fits = (n: number) => n >= 0 && (n < 1 || Number.isSafeInteger(n));
  return v.optional(v.pipe(v.number(allowed), v.check(fits, allowed)));
};

/** Validates a schedule whose every value passes `value`. */
export function scheduleSchema(value: () => v.GenericSchema<number> = nonNegative): v.GenericSchema<Schedule> {
  return v.union(
    [
      value(),
      v.function() as unknown as v.GenericSchema<Extract<Schedule, () => number>>,
      v.strictObject({ kind: v.literal('constant'), value: value(), warmup: warmup() }),
      v.strictObject({ kind: v.literal('trapezoid'), value: value(), warmup: warmup(), decay: decay() }),
      v.strictObject({ kind: v.picklist(['linear', 'cosine']), from: value(), to: value(), warmup: warmup() }),
    ],
    'it must be a number, or { kind: "constant", value } or { kind: "linear" | "cosine", from, to }, or { kind: "trapezoid", value, decay }, each with optional warmup steps, or a function of (step, steps); momentum below 1',
  );
}

/**
 * The schedule's value at step t (from 0) of T. Beyond the last step it stays at its end.
 * @throws InputError where a function of a caller's own gives no number from 0, below `limit`.
 */
export function scheduleAt(
  schedule: Schedule,
  t: number,
  T: number,
  name = 'learningRate',
  limit = Number.POSITIVE_INFINITY,
): number {
  if (typeof schedule === 'number') return schedule;
  if (typeof schedule === 'function') {
    const value: unknown = schedule(t, T);
    if (typeof value === 'number' && value >= 0 && value < limit) return value;
    const allowed = limit === 1 ? 'at least 0 and below 1' : 'a finite number, at least 0';
    throw new InputError(
      `options.optimizer.${name} gives ${show(value)} for step ${t} of ${T}, counted from 0: it must be ${allowed}`,
    );
  }
  if (schedule.kind === 'trapezoid') return trapezoidAt(schedule, Math.min(t, T - 1), T);
  const start = schedule.kind === 'constant' ? schedule.value : schedule.from;
  const w = schedule.warmup ?? 0;
  if (t < w) return (start * (t + 1)) / w;
  if (schedule.kind === 'constant') return schedule.value;
  const { from, to } = schedule;
  const p = Math.min(1, (t - w) / Math.max(1, T - 1 - w));
  return schedule.kind === 'linear' ? from + (to - from) * p : to + ((from - to) * (1 + Math.cos(Math.PI * p))) / 2;
}

type Trapezoid = Extract<Schedule, { readonly kind: 'trapezoid' }>;

/** The least of both slopes and 1, times the value: a warm-up and a decay that meet make a triangle. */
function trapezoidAt({ value, warmup = 0, decay = 0.2 }: Trapezoid, t: number, T: number): number {
  const steps = decay < 1 ? decay * T : decay;
  const slopes = [warmup > 0 ? (t + 1) / warmup : 1, steps > 0 ? (T - t) / steps : 1];
  return value * Math.min(1, ...slopes);
}
