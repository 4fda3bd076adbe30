import type { View } from '../cpu-view.ts';
import { add, numbersOf } from './column-numbers.ts';
import type { ColumnPass } from './column-pass.ts';

interface CpuGate {
  readonly gateBias: View;
  readonly magnitudeBias: View;
  readonly scale: View;
}

/** eʳ. */
function gainsOf({ scale }: CpuGate) {
  const r = numbersOf(scale);
  return (j: number) => Math.exp(r(j));
}

/** Gated units: see `DictionaryKernels` for what each computes. */
export function gatedKernels(pass: ColumnPass) {
  return {
    gatedActivation(a: View, z: View, gate: CpuGate): void {
      const vectors = [gainsOf(gate), numbersOf(gate.gateBias), numbersOf(gate.magnitudeBias)];
      pass('gated', [a, z], { vectors });
    },
    gatedDelta(
      delta: View,
      dGate: View,
      gradients: { readonly dGateBias: View; readonly dMagnitudeBias: View; readonly dScale: View },
      a: View,
      z: View,
      gate: CpuGate,
      m: number,
    ): void {
      const gain = gainsOf(gate);
      const sum = pass('gatedDelta', [delta, dGate, a, z], { vectors: [gain, numbersOf(gate.gateBias)] });
      add(gradients.dGateBias, (j) => sum(0, j) / m);
      add(gradients.dMagnitudeBias, (j) => sum(1, j) / m);
      add(gradients.dScale, (j) => (gain(j) * sum(2, j)) / m);
    },
    maskPositive(out: View, x: View, z: View): void {
      pass('mask', [out, x, z]);
    },
  };
}
