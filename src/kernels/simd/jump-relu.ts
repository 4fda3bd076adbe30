import type { View } from '../cpu-view.ts';
import type { Results } from '../kernels.ts';
import { add, normsOf, numbersOf, put, total } from './column-numbers.ts';
import type { ColumnPass } from './column-pass.ts';

/** θ and ε, as arrays. */
interface CpuJump {
  readonly theta: View;
  readonly bandwidth: number;
}

/** Jump-relu units: see `DictionaryKernels` for what each computes. What goes over h numbers alone stays with the reference. */
export function jumpReluKernels(pass: ColumnPass) {
  return {
    jumpRelu(a: View, z: View, theta: View): void {
      pass('jump', [a, z], { vectors: [numbersOf(theta)] });
    },
    jumpReluDelta(delta: View, dTheta: View, z: View, jump: CpuJump, toInput: boolean, m: number): void {
      const { theta, bandwidth } = jump;
      const window = { alpha: 1 / bandwidth, beta: bandwidth / 2 };
      const sum = pass('jumpDelta', [delta, z], { vectors: [numbersOf(theta)], ...window, flag: toInput });
      add(dTheta, (j) => -sum(0, j) / m);
    },
    countOn(count: View, z: View, theta: View, m: number): void {
      const sum = pass('count', [null, z], { vectors: [numbersOf(theta)] });
      count.data[count.offset] += total(z, (j) => sum(0, j)) / m;
    },
    l0Delta(dZ: View | null, dTheta: View, z: View, { theta, bandwidth }: CpuJump, slope: View, m: number): void {
      const share = slope.data[slope.offset] / bandwidth;
      const window = { alpha: share, beta: bandwidth / 2 };
      const sum = pass('l0Delta', [dZ, z], { vectors: [numbersOf(theta)], ...window, flag: dZ !== null });
      add(dTheta, (j) => -(share / m) * sum(0, j));
    },
    preActivationLoss(
      { dZ, dTheta, pull }: { readonly dZ: View; readonly dTheta: View; readonly pull: View },
      results: Results,
      slot: number,
      z: View,
      theta: View,
      squares: View,
      silence: { readonly counts: View; readonly limit: number } | null,
      mu: number,
      m: number,
    ): void {
      const silent = silence === null ? () => 0 : numbersOf(silence.counts);
      const limit = silence === null ? 0 : silence.limit;
      const norm = normsOf(squares);
      const weight = (j: number) => (silent(j) >= limit ? mu * norm(j) : 0);
      const sum = pass('preActivation', [dZ, z], { vectors: [numbersOf(theta), weight] });
      const gap = (j: number) => (silent(j) >= limit ? sum(1, j) : 0);
      (results as Float64Array)[slot] += total(z, (j) => (mu / m) * norm(j) * gap(j));
      add(dTheta, (j) => (weight(j) / m) * sum(0, j));
      put(pull, (j) => (norm(j) > 0 ? ((mu / m) * gap(j)) / norm(j) : 0));
    },
  };
}
