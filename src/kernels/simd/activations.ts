import type { View } from '../../array/matrix.ts';
import type { ActivationName } from '../kernels.ts';
import type { Machine } from './machine.ts';
import { columnStep, pointer, rowWalk, runWalk, walk } from './operands.ts';

/** Numbers of the activations, as in assembly/derivatives.ts. */
export const activationNumber: Record<ActivationName, number> = {
  sigmoid: 0,
  tanh: 1,
  relu: 2,
  softplus: 3,
  linear: 4,
};

/** The kernels of layers: see `Kernels` for what each computes. */
export function activationKernels(machine: Machine, threads: number) {
  return {
    activate(out: View, z: View, f: ActivationName): void {
      if (f !== 'linear') runWalk(machine, threads, 'activate', walk(out, z), activationNumber[f]);
      else if (out !== z) runWalk(machine, threads, 'copy', walk(out, z));
    },
    delta(out: View, upstream: View, push: View | null, a: View, f: ActivationName): void {
      if (push === null && f === 'linear' && out === upstream) return;
      // Every row has the same push, so rows must stay rows.
      const over = push === null ? walk(out, upstream, a) : rowWalk(out, upstream, a);
      const row = push === null ? [0, 1] : [pointer(push), columnStep(push)];
      runWalk(machine, threads, 'delta', over, ...row, activationNumber[f]);
    },
  };
}
