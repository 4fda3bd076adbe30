import type { View } from '../cpu-view.ts';

interface CpuGate {
  readonly gateBias: View;
  readonly magnitudeBias: View;
  readonly scale: View;
}

function at(view: View, j: number): number {
  return view.data[view.offset + j * view.stride[0]];
}

function add(view: View, j: number, value: number): void {
  view.data[view.offset + j * view.stride[0]] += value;
}

/** a = [z > 0]·relu(eʳ(z − b_gate) + b_mag). */
export function gatedActivation(a: View, z: View, { gateBias, magnitudeBias, scale }: CpuGate): void {
  const [m, units] = z.shape;
  const gains = Float64Array.from({ length: units }, (_, j) => Math.exp(at(scale, j)));
  for (let i = 0; i < m; i++) {
    let p = a.offset + i * a.stride[0];
    let q = z.offset + i * z.stride[0];
    for (let j = 0; j < units; j++, p += a.stride[1], q += z.stride[1]) {
      const gate = z.data[q];
      const magnitude = gains[j] * (gate - at(gateBias, j)) + at(magnitudeBias, j);
      a.data[p] = gate <= 0 || magnitude <= 0 ? 0 : magnitude; // a NaN stays one
    }
  }
}

/** μ = ∂J/∂a·[a > 0]; δ = dGate + eʳμ; b_gate, b_mag and r gain (1/m) Σ dGate, μ and μ·eʳ·u. */
export function gatedDelta(
  delta: View,
  dGate: View,
  {
    dGateBias,
    dMagnitudeBias,
    dScale,
  }: { readonly dGateBias: View; readonly dMagnitudeBias: View; readonly dScale: View },
  a: View,
  z: View,
  { gateBias, scale }: CpuGate,
  m: number,
): void {
  const [rows, units] = z.shape;
  const gains = Float64Array.from({ length: units }, (_, j) => Math.exp(at(scale, j)));
  const [gates, magnitudes, scales] = [0, 1, 2].map(() => new Float64Array(units));
  for (let i = 0; i < rows; i++) {
    let p = delta.offset + i * delta.stride[0];
    let q = z.offset + i * z.stride[0];
    for (let j = 0; j < units; j++, p += delta.stride[1], q += z.stride[1]) {
      const u = z.data[q] - at(gateBias, j);
      const mu = a.data[a.offset + i * a.stride[0] + j * a.stride[1]] > 0 ? delta.data[p] : 0;
      const own = dGate.data[dGate.offset + i * dGate.stride[0] + j * dGate.stride[1]];
      gates[j] += own;
      magnitudes[j] += mu;
      scales[j] += mu * gains[j] * u;
      delta.data[p] = own + gains[j] * mu;
    }
  }
  for (let j = 0; j < units; j++) {
    add(dGateBias, j, gates[j] / m);
    add(dMagnitudeBias, j, magnitudes[j] / m);
    add(dScale, j, scales[j] / m);
  }
}

/** out = [z > 0]·x. */
export function maskPositive(out: View, x: View, z: View): void {
  const [m, units] = z.shape;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < units; j++) {
      const on = z.data[z.offset + i * z.stride[0] + j * z.stride[1]] > 0;
      const value = x.data[x.offset + i * x.stride[0] + j * x.stride[1]];
      out.data[out.offset + i * out.stride[0] + j * out.stride[1]] = on ? value : 0;
    }
  }
}
