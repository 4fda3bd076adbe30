import { isFiniteIn, type Precision, type View } from '../array/matrix.ts';
import type { NumberBlock } from '../array/number-block.ts';
import type { TypedNumbers } from '../array/numbers.ts';
import { InputError } from '../errors.ts';
import { show } from '../validate.ts';
import type { Engine } from './engine.ts';

/**
 * Sets a parameter from blocks of it, each straight into θ: no other copy is made. A vector comes as one column.
 * @throws InputError that begins with `what` where a value is not finite in the model's precision: θ is then half set.
 */
export async function fillParameter(
  engine: Engine,
  name: string,
  blocks: AsyncIterable<NumberBlock>,
  what = `parameter ${show(name)}`,
): Promise<void> {
  const { kernels } = engine;
  const { data, shape, stride, offset } = engine.parameter(name);
  const [down, right] = shape.length === 2 ? stride : [1, 1];
  for await (const { values, row, column, rows, columns, byColumn } of blocks) {
    const bad = firstBad(values, kernels.precision);
    if (bad < values.length) {
      const [i, j] = byColumn ? [bad % rows, Math.floor(bad / rows)] : [Math.floor(bad / columns), bad % columns];
      const index = (row + i) * (shape.length === 2 ? shape[1] : 1) + column + j;
      throw new InputError(
        `${what} holds ${values[bad]} at index ${index}: every value must be a finite ${kernels.precision} number`,
      );
    }
    const view: View = {
      data,
      shape: [rows, columns],
      stride: [down, right],
      offset: offset + row * down + column * right,
    };
    kernels.write(view, byColumn ? byRow(values, rows, columns) : values);
  }
}

/** Index of the first number that is not finite in the precision, or their count. Plain loops: a call for each of a hundred million is seconds. */
function firstBad(values: TypedNumbers, precision: Precision): number {
  let i = 0;
  if (values instanceof Float32Array) while (i < values.length && values[i] - values[i] === 0) i++;
  else while (i < values.length && isFiniteIn(precision, values[i])) i++;
  return i;
}

/** Numbers that came column by column, row by row: so that memory is written in its order, a page once and not for every column. */
function byRow(values: TypedNumbers, rows: number, columns: number): TypedNumbers {
  const out = values.slice();
  for (let i = 0, q = 0; i < rows; i++) for (let j = 0, p = i; j < columns; j++, p += rows) out[q++] = values[p];
  return out;
}
