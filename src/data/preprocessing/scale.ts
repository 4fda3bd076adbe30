import type { AnyNumbers, Numbers, View } from '../../array/matrix.ts';
import { numberAt } from '../../array/numbers.ts';
import { InputError } from '../../errors.ts';
import { columnScale } from './column-scale.ts';

/** All columns over one number, so that directions and their lengths beside each other stay. */
export interface Scale {
  /** Of the step. */
  readonly kind: 'scale';
  /** Root mean square of the standard deviations of the columns that vary, m in the denominator; 1 where none does. */
  readonly deviation: number;
}

/** The root mean square of the columns' standard deviations, as `columnScale` measures it. Throws InputError where one overflows. */
export function fitScale(x: View<AnyNumbers>): Scale {
  const { deviation } = columnScale(x);
  if (deviation < Infinity) return { kind: 'scale', deviation: deviation || 1 };
  throw new InputError(`scale: the columns' standard deviations are about ${deviation}: give data of moderate size`);
}

/** out ← x/deviation. out: (m, d) row-major. */
export function applyScale({ deviation }: Scale, x: View<AnyNumbers>, out: Numbers): void {
  const [m, d] = x.shape;
  const { unit = 1 } = x;
  for (let i = 0, q = 0; i < m; i++) {
    const p = x.offset + i * x.stride[0];
    for (let j = 0; j < d; j++) out[q++] = numberAt(x.data, p + j * x.stride[1]) / unit / deviation;
  }
}
