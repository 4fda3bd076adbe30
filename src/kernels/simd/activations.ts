import type { Activation } from '../activations/activation.ts';
import { linear } from '../activations/linear.ts';
import { relu } from '../activations/relu.ts';
import { sigmoid } from '../activations/sigmoid.ts';
import { softplus } from '../activations/softplus.ts';
import { tanh } from '../activations/tanh.ts';
import type { View } from '../cpu-view.ts';
import type { CpuKernels } from '../kernels.ts';
import type { Machine } from './machine.ts';
import { columnStep, pointer, rowWalk, runWalk, walk } from './operands.ts';

/** Numbers of the activations that have vectors, as in assembly/derivatives.ts. */
const numbers: ReadonlyMap<Activation, number> = new Map([
  [sigmoid, 0],
  [tanh, 1],
  [relu, 2],
  [softplus, 3],
  [linear, 4],
]);

/** Its number; undefined for one that plain loops serve. */
export function activationNumber(f: Activation): number | undefined {
  return numbers.get(f);
}

/**
 * The kernels of layers: see `Kernels` for what each computes. `fused`: with the multiply-add of the relaxed module. `plain`:
 * the loops for activations without vectors.
 */
export function activationKernels(machine: Machine, threads: number, fused: boolean, plain: CpuKernels) {
  const activate = fused ? 'activateRelaxed' : 'activate';
  return {
    activate(out: View, z: View, f: Activation): void {
      const number = activationNumber(f);
      if (number === undefined) plain.activate(out, z, f);
      else if (f !== linear) {
        const over = walk(out, z);
        // With an exponential a row is some ten microseconds.
        runWalk(machine, threads, activate, f === relu ? over : { ...over, grain: 1 }, number);
      } else if (out !== z) runWalk(machine, threads, 'copy', walk(out, z));
    },
    delta(out: View, upstream: View, push: View | null, a: View, f: Activation): void {
      if (push === null && f === linear && out === upstream) return;
      const number = activationNumber(f);
      if (number === undefined) {
        plain.delta(out, upstream, push, a, f);
        return;
      }
      // Every row has the same push, so rows must stay rows.
      const over = push === null ? walk(out, upstream, a) : rowWalk(out, upstream, a);
      const row = push === null ? [0, 1] : [pointer(push), columnStep(push)];
      runWalk(machine, threads, 'delta', over, ...row, number);
    },
  };
}
