import type { View } from '../../array/matrix.ts';
import type { ActivationName } from '../kernels.ts';
import type { Machine } from './machine.ts';
import { columnStep, pointer, rowWalk, runWalk, walk } from './operands.ts';

/** The kernels of an activation. */
const kernelsOf: Record<ActivationName, { readonly activate: string; readonly delta: string }> = {
  sigmoid: { activate: 'activateSigmoid', delta: 'deltaSigmoid' },
  tanh: { activate: 'activateTanh', delta: 'deltaTanh' },
  relu: { activate: 'activateRelu', delta: 'deltaRelu' },
  softplus: { activate: 'activateSoftplus', delta: 'deltaSoftplus' },
  linear: { activate: 'copy', delta: 'deltaLinear' },
};

/** The kernels of layers: see `Kernels` for what each computes. */
export function activationKernels(machine: Machine, threads: number) {
  return {
    activate(out: View, z: View, f: ActivationName): void {
      if (f === 'linear' && out === z) return;
      runWalk(machine, threads, kernelsOf[f].activate, walk(out, z));
    },
    delta(out: View, upstream: View, push: View | null, a: View, f: ActivationName): void {
      if (push === null && f === 'linear' && out === upstream) return;
      // Every row has the same push, so rows must stay rows.
      const over = push === null ? walk(out, upstream, a) : rowWalk(out, upstream, a);
      const row = push === null ? [0, 1] : [pointer(push), columnStep(push)];
      runWalk(machine, threads, kernelsOf[f].delta, over, ...row);
    },
  };
}
