import type { MatrixLike } from '../array/view-check.ts';
import { InputError, show } from '../errors.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { assertModel } from '../model/model-check.ts';
import { rowChunks } from './row-chunks.ts';

/** An example that a unit answers. */
export interface Answered {
  /** Its row, from 0. */
  readonly example: number;
  /** a, as encoding gives it. */
  readonly activation: number;
}

/**
 * For each of some code units the at most `count` examples of x (m, d) that it answers most, a ≠ 0 and the largest first, of
 * equal ones the earlier. Examples go through in chunks: memory does not grow with m.
 * @throws InputError if x does not fit the model, or a unit is none of its code.
 */
export async function topExamples(
  model: Autoencoder,
  x: MatrixLike,
  units: readonly number[],
  count: number,
): Promise<Answered[][]> {
  assertModel(model, 'Autoencoder');
  const view = model.input(x, 'x', false);
  const { engine, config } = model;
  const { code } = engine.spec;
  const h = config.hidden[code];
  assertUnits(units, h);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new InputError(`count is ${show(count)}: it must be a whole number, at least 1`);
  }
  const top: Answered[][] = units.map(() => []);
  let done = 0;
  for (const rows of rowChunks(view, config.precision)) {
    const a = await engine.propagate(rows, 0, code + 1, 'encoding', done);
    for (let k = 0; k < rows.shape[0]; k++) {
      for (const [i, unit] of units.entries()) {
        insert(top[i], { example: done + k, activation: a[k * h + unit] }, count);
      }
    }
    done += rows.shape[0];
  }
  return top;
}

/** @throws InputError unless they are numbers of code units. */
function assertUnits(units: readonly number[], h: number): void {
  if (!Array.isArray(units))
    throw new InputError(`units is ${show(units)}: it must be a list of units, such as [0, 5]`);
  const wrong = units.findIndex((unit) => !Number.isSafeInteger(unit) || unit < 0 || unit >= h);
  if (wrong < 0) return;
  throw new InputError(
    `units.${wrong} is ${show(units[wrong])}: the code has ${h} units, so it must be a whole number from 0 to ${h - 1}`,
  );
}

function insert(list: Answered[], found: Answered, count: number): void {
  if (found.activation === 0) return;
  const last = list[list.length - 1];
  if (list.length === count && last.activation >= found.activation) return;
  const at = list.findIndex(({ activation }) => activation < found.activation);
  list.splice(at < 0 ? list.length : at, 0, found);
  if (list.length > count) list.pop();
}
