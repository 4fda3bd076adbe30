import type { View } from '../cpu-view.ts';

/** θ and ε, as arrays. */
interface CpuJump {
  readonly theta: View;
  readonly bandwidth: number;
}

function at(view: View, j: number): number {
  return view.data[view.offset + j * view.stride[0]];
}

function add(view: View, j: number, value: number): void {
  view.data[view.offset + j * view.stride[0]] += value;
}

/** θ_j = max(p_j, 0), or exp p_j. */
export function thresholds(theta: View, p: View, log: boolean): void {
  for (let j = 0; j < p.shape[0]; j++) {
    theta.data[theta.offset + j * theta.stride[0]] = log ? Math.exp(at(p, j)) : Math.max(at(p, j), 0);
  }
}

/** a = z·[z > θ]. */
export function jumpRelu(a: View, z: View, theta: View): void {
  const [m, units] = z.shape;
  for (let i = 0; i < m; i++) {
    let p = a.offset + i * a.stride[0];
    let q = z.offset + i * z.stride[0];
    for (let j = 0; j < units; j++, p += a.stride[1], q += z.stride[1]) {
      a.data[p] = z.data[q] <= at(theta, j) ? 0 : z.data[q]; // a NaN stays one
    }
  }
}

/** K(u) = [|u| < ½]. */
function isNear(z: number, theta: number, bandwidth: number): boolean {
  return Math.abs((z - theta) / bandwidth) < 0.5;
}

/** dθ_j += −(1/m) Σₖ (θ/ε) K·∂J/∂a; δ = [z > θ]·∂J/∂a, with `toInput` + (θ/ε) K·∂J/∂a. */
export function jumpReluDelta(
  delta: View,
  dTheta: View,
  z: View,
  { theta, bandwidth }: CpuJump,
  toInput: boolean,
  m: number,
): void {
  const [rows, units] = z.shape;
  const sums = new Float64Array(units);
  for (let i = 0; i < rows; i++) {
    let p = delta.offset + i * delta.stride[0];
    let q = z.offset + i * z.stride[0];
    for (let j = 0; j < units; j++, p += delta.stride[1], q += z.stride[1]) {
      const t = at(theta, j);
      const dA = delta.data[p];
      const estimate = isNear(z.data[q], t, bandwidth) ? (t / bandwidth) * dA : 0;
      sums[j] += estimate;
      delta.data[p] = (z.data[q] > t ? dA : 0) + (toInput ? estimate : 0);
    }
  }
  for (let j = 0; j < units; j++) add(dTheta, j, -sums[j] / m);
}

/** count += (1/m) Σ [z > θ]. */
export function countOn(count: View, z: View, theta: View, m: number): void {
  const [rows, units] = z.shape;
  let on = 0;
  for (let i = 0; i < rows; i++) {
    let q = z.offset + i * z.stride[0];
    for (let j = 0; j < units; j++, q += z.stride[1]) if (z.data[q] > at(theta, j)) on++;
  }
  count.data[count.offset] += on / m;
}

/** λn and slope λ; or λ(n/t − 1)² and 2λ(n/t − 1)/t. */
export function l0Penalty(
  slope: View,
  sums: Float64Array,
  slot: number,
  count: View,
  weight: number,
  target: number | null,
): void {
  const n = count.data[count.offset];
  const gap = target === null ? 0 : n / target - 1;
  sums[slot] += target === null ? weight * n : weight * gap ** 2;
  slope.data[slope.offset] = target === null ? weight : (2 * weight * gap) / target;
}

/** dθ_j += −(λ/m) Σₖ K/ε; dZ += λK/ε. */
export function l0Delta(
  dZ: View | null,
  dTheta: View,
  z: View,
  { theta, bandwidth }: CpuJump,
  slope: View,
  m: number,
): void {
  const [rows, units] = z.shape;
  const share = slope.data[slope.offset] / bandwidth;
  const near = new Float64Array(units);
  for (let i = 0; i < rows; i++) {
    let q = z.offset + i * z.stride[0];
    for (let j = 0; j < units; j++, q += z.stride[1]) {
      if (!isNear(z.data[q], at(theta, j), bandwidth)) continue;
      near[j]++;
      if (dZ !== null) dZ.data[dZ.offset + i * dZ.stride[0] + j * dZ.stride[1]] += share;
    }
  }
  for (let j = 0; j < units; j++) add(dTheta, j, -(share / m) * near[j]);
}

/** dP_j += dθ_j·∂θ/∂p: [p > 0], or θ = exp p. */
export function thresholdDelta(dP: View, dTheta: View, p: View, log: boolean): void {
  for (let j = 0; j < p.shape[0]; j++) {
    add(dP, j, at(dTheta, j) * (log ? Math.exp(at(p, j)) : Number(at(p, j) > 0)));
  }
}

/** (μ/m) Σ ‖D_j‖·relu(θ_j − z), of silent units alone where they are given. */
export function preActivationLoss(
  { dZ, dTheta, pull }: { readonly dZ: View; readonly dTheta: View; readonly pull: View },
  sums: Float64Array,
  slot: number,
  z: View,
  theta: View,
  squares: View,
  silence: { readonly counts: View; readonly limit: number } | null,
  mu: number,
  m: number,
): void {
  const [rows, units] = z.shape;
  for (let j = 0; j < units; j++) {
    const norm = Math.sqrt(at(squares, j));
    let below = 0;
    let sum = 0;
    if (silence === null || at(silence.counts, j) >= silence.limit) {
      for (let i = 0; i < rows; i++) {
        const gap = at(theta, j) - z.data[z.offset + i * z.stride[0] + j * z.stride[1]];
        if (gap <= 0) continue;
        below++;
        sum += gap;
        dZ.data[dZ.offset + i * dZ.stride[0] + j * dZ.stride[1]] -= mu * norm;
      }
    }
    sums[slot] += (mu / m) * norm * sum;
    add(dTheta, j, (mu / m) * norm * below);
    pull.data[pull.offset + j * pull.stride[0]] = norm > 0 ? ((mu / m) * sum) / norm : 0;
  }
}
