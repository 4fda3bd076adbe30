import { setFlagsFromString } from 'node:v8';
import { Machine } from '../../kernels/simd/machine.ts';
import { RELAXED, WIDE } from '../../kernels/simd/tiles.ts';
import { digestsOf, warm } from './digests.ts';
import { fuse } from './fuse.ts';
import { modulesApart } from './kernel-modules.ts';
import { ratesOf } from './rates.ts';

/** What a process of the proof finds. */
export interface Trial {
  /** Of what each case leaves behind. */
  readonly digests: Readonly<Record<string, string>>;
  /** How many times as fast products are as without turbo; 1 where this is without. */
  readonly gain: number;
}

/** What a test plants. */
export interface Planted {
  readonly fuse?: () => void;
  readonly machine?: (machine: Machine) => void;
}

/**
 * Runs every kernel with turbo, or without. The optimizing compiler, the one that fuses, takes a kernel here after a few calls, at once,
 * with what the baseline compiler has counted, as it does later in the background: other code would prove nothing. To be called
 * once, in a process of its own: flags stay set.
 */
export function trialOf(turbo: boolean, planted: Planted = {}): Trial {
  setFlagsFromString('--wasm-sync-tier-up');
  setFlagsFromString('--wasm-tiering-budget=2000');
  const machineOf = (name: number) => new Machine(modulesApart(name), 'one thread is enough here');
  const plain = machineOf(1);
  if (!turbo) {
    warm(plain);
    return { digests: digestsOf(plain), gain: 1 };
  }
  ratesOf([[plain, RELAXED]]); // compiled without the flag
  (planted.fuse ?? fuse)();
  const fused = machineOf(2);
  planted.machine?.(fused);
  warm(fused);
  const digests = digestsOf(fused);
  const [relaxed, ...wide] = ratesOf([
    [plain, RELAXED],
    [fused, RELAXED],
    [fused, WIDE],
  ]);
  return { digests, gain: Math.max(...wide) / relaxed };
}
