import type { MatrixLike } from '../array/view-check.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { type CodeUse, CodeUseCounter } from './code-use.ts';
import { rowChunks } from './row-chunks.ts';

/** How a model's codes for x (m, d) are used: that part of `measure` for which no targets are needed. */
export async function codesUsed(model: Autoencoder, x: MatrixLike): Promise<CodeUse> {
  const view = model.input(x, 'x');
  const { engine, config } = model;
  const { code } = engine.spec;
  const units = config.hidden[code];
  const use = new CodeUseCounter(units);
  let done = 0;
  for (const rows of rowChunks(view, config.precision)) {
    const examples = rows.shape[0];
    use.add({ a: await engine.propagate(rows, 0, code + 1, 'encoding', done), examples, units });
    done += examples;
  }
  return use.result();
}
