import { type AnyNumbers, isFiniteIn, type Precision, type View } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { show } from '../validate.ts';

/** What `assertExamples` demands beside the shape. */
export interface ExamplesRule {
  readonly columns: number;
  /** Values beyond float32's range would turn infinite. */
  readonly precision: Precision;
  /** Cross-entropy compares probabilities: every value in [0, 1]. */
  readonly unitInterval?: boolean;
}

/**
 * Checks examples at the public edge: a matrix (m ≥ 1, columns), every value finite, in [0, 1] where the loss needs it.
 * @throws InputError naming the argument, what was given, and the remedy.
 */
export function assertExamples(x: View<AnyNumbers>, name: string, rule: ExamplesRule): void {
  if (
    x === null ||
    typeof x !== 'object' ||
    !ArrayBuffer.isView(x.data) ||
    !Array.isArray(x.shape) ||
    !Array.isArray(x.stride)
  ) {
    throw new InputError(
      `${name} is ${show(x)}: it must be an ndarray of shape (m, ${rule.columns}) over a typed array, such as ndarray(new Float32Array(m * ${rule.columns}), [m, ${rule.columns}])`,
    );
  }
  const { data, shape, stride, offset } = x;
  if (shape.length !== 2 || shape[1] !== rule.columns) {
    throw new InputError(
      `${name} has shape (${shape.join(', ')}): it must be (m, ${rule.columns}), an example a row; reshape or transpose it, or create the model for other sizes`,
    );
  }
  if (shape[0] < 1) throw new InputError(`${name} has no examples: it must have at least one row`);
  for (let i = 0; i < shape[0]; i++) {
    for (let j = 0, p = offset + i * stride[0]; j < shape[1]; j++, p += stride[1]) {
      const value = data[p];
      if (!isFiniteIn(rule.precision, value)) {
        throw new InputError(
          `${name} is ${value} in row ${i}, column ${j}: every value must be a finite ${rule.precision} number; repair or drop that example`,
        );
      }
      if (rule.unitInterval && (value < 0 || value > 1)) {
        throw new InputError(
          `${name} is ${value} in row ${i}, column ${j}: cross-entropy needs values in [0, 1]; rescale the data or use loss "squared-error"`,
        );
      }
    }
  }
}
