import { availableParallelism } from 'node:os';
import type { Precision } from '../../array/matrix.ts';
import type { FullConfig } from '../../model/config.ts';
import { enableTurbo, NOT_PROVED, turboHere, withoutTurbo } from '../../node/turbo/enable-turbo.ts';
import type { Run } from '../../training/run.ts';
import type { EngineFlags } from '../flags/engine-flags.ts';
import { say } from '../output.ts';

/** What turbo saves of 10⁹ multiply-adds on one thread, in seconds: 27 and 45 · 10⁹ a second, as measured. */
const SAVED = 0.015;
/** Work that turbo would end so much earlier, in seconds, is worth the proof: ten such runs pay for it. */
const WORTH = 0.15;

/** What the products of a command come to. */
export interface Work {
  /** Of dense products. */
  readonly multiplyAdds: number;
  readonly precision: Precision | undefined;
}

/**
 * Has turbo on where it has proved itself, unless the flags forbid it. Where nothing is known yet it is proved first, if the work is worth
 * the time, or the flags ask for it: then it is said why it stays off.
 */
export async function decideTurbo(flags: EngineFlags, { multiplyAdds, precision }: Work): Promise<void> {
  const { turbo, device, deterministic, threads = 'auto' } = flags;
  const without =
    turbo === false
      ? '--no-turbo'
      : deterministic
        ? '--deterministic keeps to plain SIMD'
        : device === 'gpu'
          ? '--device gpu'
          : precision === 'float64'
            ? 'float64 runs on other kernels'
            : null;
  if (without === null) {
    const shared = threads === 'auto' ? Math.min(16, availableParallelism()) : threads;
    const saved = (SAVED * multiplyAdds) / 1e9 / shared;
    await enableTurbo({ prove: turbo === true || saved >= WORTH });
  } else withoutTurbo(without);
  if (turboHere().why === NOT_PROVED) withoutTurbo(`${NOT_PROVED}: longer work does, and --turbo`);
  const { on, why } = turboHere();
  if (turbo === true && !on) say(`rhohat: --turbo stays off: ${why}`);
}

/** Multiply-adds of training, or of encoding where `products` is 1: so many products of each layer's weights a pass over an example. */
export function multiplyAdds(sizes: readonly number[], examples: number, products: number): number {
  return products * examples * sizes.slice(1).reduce((sum, size, i) => sum + size * sizes[i], 0);
}

/** Of a run: of units whose survivors alone are multiplied, one product of five is dense. */
export function trainingWork(
  { hidden, sparsity, precision = 'float32' }: Run['model'],
  [examples, inputs]: readonly number[],
  epochs: number,
): Work {
  const sparse = [sparsity ?? []].flat().some(({ kind }) => kind !== 'kl' && kind !== 'l1');
  return { multiplyAdds: multiplyAdds([inputs, ...[hidden].flat()], examples * epochs, sparse ? 1 : 5), precision };
}

/** Of a model that encodes, and decodes where it is asked to. */
export function encodingWork({ inputs, hidden, precision }: FullConfig, examples: number, decodes = false): Work {
  return { multiplyAdds: multiplyAdds([inputs, ...hidden], examples, decodes ? 2 : 1), precision };
}
