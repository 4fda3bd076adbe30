import type { MatrixLike } from '../array/view-check.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import type { Group } from '../model/group.ts';
import { type CodeUse, CodeUseCounter } from './code-use.ts';
import { type Observer, observe } from './observe.ts';

/** How a model's codes for x (m, d) are used: that part of `measure` for which no targets are needed. */
export async function codesUsed(model: Autoencoder, x: MatrixLike, group?: Group): Promise<CodeUse> {
  const { config, engine } = model;
  const use = new CodeUseCounter(config.hidden[engine.spec.code]);
  const wants = { outputs: false, loss: false };
  const tallies = [use.tally];
  const observer: Observer = { wants, tallies, see: ({ code }) => use.add(code) };
  const [check] = await observe(model, model.input(x, 'x'), [observer], group);
  check();
  return use.result();
}
