import type { MatrixLike } from '../array/view-check.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { type CodeUse, CodeUseCounter } from './code-use.ts';
import { observe } from './observe.ts';

/** How a model's codes for x (m, d) are used: that part of `measure` for which no targets are needed. */
export async function codesUsed(model: Autoencoder, x: MatrixLike): Promise<CodeUse> {
  const { config, engine } = model;
  const use = new CodeUseCounter(config.hidden[engine.spec.code]);
  const wants = { outputs: false, loss: false };
  const [check] = await observe(model, model.input(x, 'x'), [{ wants, see: ({ code }) => use.add(code) }]);
  check();
  return use.result();
}
