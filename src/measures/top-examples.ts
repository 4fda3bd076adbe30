import type { AnyNumbers, View } from '../array/matrix.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
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
 * equal ones the earlier. Examples go through in chunks.
 */
export async function topExamples(
  model: Autoencoder,
  x: View<AnyNumbers>,
  units: readonly number[],
  count: number,
): Promise<Answered[][]> {
  const { engine, config } = model;
  const { code } = engine.spec;
  const h = config.hidden[code];
  const top: Answered[][] = units.map(() => []);
  let done = 0;
  for (const rows of rowChunks(x, config.precision)) {
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

function insert(list: Answered[], found: Answered, count: number): void {
  if (found.activation === 0) return;
  const last = list[list.length - 1];
  if (list.length === count && last.activation >= found.activation) return;
  const at = list.findIndex(({ activation }) => activation < found.activation);
  list.splice(at < 0 ? list.length : at, 0, found);
  if (list.length > count) list.pop();
}
