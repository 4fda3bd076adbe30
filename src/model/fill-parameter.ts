import { isFiniteIn, type View } from '../array/matrix.ts';
import type { NumberBlock } from '../array/number-block.ts';
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
    let bad = 0;
    while (bad < values.length && isFiniteIn(kernels.precision, values[bad])) bad++;
    if (bad < values.length) {
      const [i, j] = byColumn ? [bad % rows, Math.floor(bad / rows)] : [Math.floor(bad / columns), bad % columns];
      const index = (row + i) * (shape.length === 2 ? shape[1] : 1) + column + j;
      throw new InputError(
        `${what} holds ${values[bad]} at index ${index}: every value must be a finite ${kernels.precision} number`,
      );
    }
    const view: View = {
      data,
      shape: byColumn ? [columns, rows] : [rows, columns],
      stride: byColumn ? [right, down] : [down, right],
      offset: offset + row * down + column * right,
    };
    kernels.write(view, values);
  }
}
