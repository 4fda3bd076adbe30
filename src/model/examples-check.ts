import { type AnyNumbers, isFiniteIn, type Precision, type View } from '../array/matrix.ts';
import { numberAt } from '../array/numbers.ts';
import { isNarrowFloat, typeOf } from '../array/type-of.ts';
import { asView, type MatrixLike } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import { show } from '../validate.ts';

/** What `assertExamples` demands beside the shape. */
export interface ExamplesRule {
  readonly columns: number;
  /** Values beyond float32's range would turn infinite. */
  readonly precision: Precision;
  /** Cross-entropy compares probabilities: every value in [0, 1]. */
  readonly unitInterval?: boolean | undefined;
  /** Sigmoid outputs reach (0, 1) only: so it is for bytes of which nobody said what to divide them by. */
  readonly sigmoid?: boolean | undefined;
  /** Row i in words, where x is a part of something. */
  readonly where?: ((row: number) => string) | undefined;
}

/**
 * Examples at the public edge as a view, checked: a matrix (m ≥ 1, columns), its unit positive, every value (element / unit)
 * finite, in [0, 1] where the loss needs it, all within the storage.
 * @throws InputError naming the argument, what was given, and the remedy.
 */
export function examplesOf(like: MatrixLike, name: string, given: ExamplesRule): View<AnyNumbers> {
  const x = asView(like, name, given.columns);
  const rule = { ...given, unitInterval: given.unitInterval || (given.sigmoid && remedy(x) !== '') };
  const { data, shape, stride, offset, unit = 1 } = x;
  if (shape.length !== 2 || shape[1] !== rule.columns) {
    throw new InputError(
      `${name} has shape (${shape.join(', ')}): it must be (m, ${rule.columns}), an example a row; reshape or transpose it, or create the model for other sizes`,
    );
  }
  if (shape[0] < 1) throw new InputError(`${name} has no examples: it must have at least one row`);
  if (!(unit > 0 && Number.isFinite(unit))) {
    throw new InputError(
      `${name}.unit is ${show(unit)}: it must be a finite number above 0, what each element is divided by; 255 turns bytes into [0, 1]`,
    );
  }
  const [down, along] = [stride[0] * (shape[0] - 1), stride[1] * (shape[1] - 1)];
  const [first, last] = [
    offset + Math.min(0, down) + Math.min(0, along),
    offset + Math.max(0, down) + Math.max(0, along),
  ];
  const whole = Number.isInteger(shape[0]) && Number.isInteger(offset) && stride.every(Number.isInteger);
  if (!(first >= 0 && last < data.length) || !whole || shape[0] >= 2 ** 32) {
    throw new InputError(
      `${name} has shape (${shape.join(', ')}), stride (${stride.join(', ')}), offset ${offset} over ${data.length} numbers: it must lie within them, with m below 2^32`,
    );
  }
  // Bytes over 255 are within any rule: images are not looked at one by one.
  if ((typeOf(data) === 'Uint8Array' && unit >= 255) || holdsForRange(x, unit, rule)) return x;
  const { where = (row) => `row ${row}` } = rule;
  for (let i = 0; i < shape[0]; i++) {
    for (let j = 0, p = offset + i * stride[0]; j < shape[1]; j++, p += stride[1]) {
      const value = numberAt(data, p) / unit;
      if (!isFiniteIn(rule.precision, value)) {
        throw new InputError(
          `${name} is ${value} in ${where(i)}, column ${j}: every value must be a finite ${rule.precision} number; repair or drop that example`,
        );
      }
      if (rule.unitInterval && (value < 0 || value > 1)) {
        throw new InputError(
          `${name} is ${value} in ${where(i)}, column ${j}: cross-entropy, and sigmoid outputs for bytes, need values in [0, 1]; rescale the data${remedy(x)} or use loss "squared-error" and a linear output`,
        );
      }
    }
  }
  return x;
}

/**
 * For every batch of a call that takes a while: the caller's buffer may be resized or transferred meanwhile, and numbers
 * that are gone would be read as NaN, or as nothing.
 * @throws InputError where x no longer lies within its storage.
 */
export function assertStored({ data, shape, stride, offset }: View<AnyNumbers>): void {
  const last = offset + Math.max(0, stride[0] * (shape[0] - 1)) + Math.max(0, stride[1] * (shape[1] - 1));
  if (last < data.length) return;
  throw new InputError(
    `the examples' storage now holds ${data.length} numbers, and they need ${last + 1}: a buffer must not be resized or transferred during a call`,
  );
}

/** How bytes are rescaled where nobody has said how. */
function remedy({ data, unit }: View<AnyNumbers>): string {
  return typeOf(data).startsWith('Uint8') && unit === undefined ? ' (bytes: { ...x, unit: 255 })' : '';
}

/**
 * Whether the least and the largest element obey the rule, and none is NaN: one pass without a test for each element, as
 * training sees millions. The loop above then finds what does not.
 */
function holdsForRange({ data, shape, stride, offset }: View<AnyNumbers>, unit: number, rule: ExamplesRule): boolean {
  let [low, high, nan] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  // What float32 holds stays finite in float32: then only NaN and infinities are to be found.
  const ranged = rule.unitInterval || unit < 1 || !isNarrowFloat(data);
  for (let i = 0; i < shape[0]; i++) {
    let p = offset + i * stride[0];
    if (!ranged && data instanceof Float32Array) {
      for (let j = 0; j < shape[1]; j++, p += stride[1]) nan += data[p] * 0;
      continue;
    }
    for (let j = 0; j < shape[1]; j++, p += stride[1]) {
      const value = numberAt(data, p);
      nan += value * 0;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (nan !== 0) return false; // NaN, also where an element is infinite
  if (!ranged) return true;
  if (!isFiniteIn(rule.precision, low / unit) || !isFiniteIn(rule.precision, high / unit)) return false;
  return !rule.unitInterval || (low >= 0 && high / unit <= 1);
}
