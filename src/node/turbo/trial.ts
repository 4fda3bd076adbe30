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
 * Has the optimizing compiler, the one that fuses, take a kernel after a few calls and at once, with what the baseline compiler has
 * counted by then, as it otherwise does later and in the background. Other code would prove nothing.
 */
export function optimizeSoon(): void {
  setFlagsFromString('--wasm-sync-tier-up');
  setFlagsFromString('--wasm-tiering-budget=2000');
}

/** Runs every kernel with turbo, or without. To be called once, in a process of its own: flags stay set. */
export function trialOf(turbo: boolean, planted: Planted = {}): Trial {
  optimizeSoon();
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
