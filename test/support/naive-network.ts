import type { View } from '../../src/array/matrix.ts';
import type { KSparseSpec } from '../../src/layers/k-sparse.ts';
import type { Parameters } from '../../src/model/parameter-access.ts';
import type { LayerSpec, NetworkSpec } from '../../src/model/spec.ts';
import type { BuiltIn } from './activations.ts';
import type { Rows } from './naive-model.ts';

// Dense forward and backward over nested arrays, with explicit zeros where units do not survive. Written from the
// formulas, without kernels, strides or survivors' indices: data term only, no penalties.

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** f(z) and f′(z), each from z. */
export const formulas: Record<BuiltIn, readonly [(z: number) => number, (z: number) => number]> = {
  sigmoid: [sigmoid, (z) => sigmoid(z) * (1 - sigmoid(z))],
  tanh: [Math.tanh, (z) => 1 - Math.tanh(z) ** 2],
  relu: [(z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0)],
  softplus: [(z) => Math.log(1 + Math.exp(z)), sigmoid],
  linear: [(z) => z, () => 1],
};

const formulaOf = ({ f }: LayerSpec) => formulas[f.name as BuiltIn];

/** How many units of a layer survive; null where it is not k-sparse. */
function kOf({ choice: { spec } }: LayerSpec): number | null {
  return spec.kind === 'k-sparse' ? (spec as KSparseSpec).k : null;
}

/** 1 at the k largest of a row, by repeated search from the left; 0 elsewhere. */
function survivors(row: readonly number[], k: number): number[] {
  const mask = row.map(() => 0);
  for (let n = 0; n < k; n++) {
    let best = -1;
    row.forEach((value, j) => {
      if (mask[j] === 0 && (best < 0 || value > row[best])) best = j;
    });
    mask[best] = 1;
  }
  return mask;
}

export interface NaiveResult {
  /** Activations of every layer, zeros included. */
  readonly activations: readonly Rows[];
  readonly cost: number;
  /** ∂/∂θ of the data term, row-major, by name. */
  readonly gradient: Readonly<Record<string, number[]>>;
}

/** The data term of a spec and its gradient; `kept(l)` says how many units of k-sparse layer l survive, k by default. */
export function naiveNetwork(
  spec: NetworkSpec,
  p: Parameters,
  x: Rows,
  target: Rows,
  kept = (l: number) => kOf(spec.layers[l]) ?? 0,
): NaiveResult {
  const m = x.length;
  /** V_ij of layer l, V = Wᵀ or D. */
  const weight = (l: number) => {
    const { weight: name, use } = spec.layers[l];
    const stored: View & { get(i: number, j: number): number } = p[name];
    return (i: number, j: number) => (use === 'transposed' ? stored.get(j, i) : stored.get(i, j));
  };
  const pre: number[][][] = [];
  const masks: number[][][] = [];
  const activations: number[][][] = [];
  spec.layers.forEach((layer, l) => {
    const v = weight(l);
    const c = p[layer.bias];
    const z = (l === 0 ? x : activations[l - 1]).map((row) =>
      Array.from({ length: c.shape[0] }, (_, j) => row.reduce((sum, a, i) => sum + a * v(i, j), c.get(j))),
    );
    const mask = z.map((row) => (kOf(layer) === null ? row.map(() => 1) : survivors(row, kept(l))));
    pre.push(z);
    masks.push(mask);
    activations.push(z.map((row, e) => row.map((value, j) => mask[e][j] * formulaOf(layer)[0](value))));
  });

  const last = spec.layers.length - 1;
  const output = activations[last];
  let cost = 0;
  let upstream = output.map((row, e) => {
    if (spec.loss === 'softmax') {
      const total = row.reduce((sum, z) => sum + Math.exp(z), 0);
      return row.map((z, j) => {
        cost -= (target[e][j] * Math.log(Math.exp(z) / total)) / m;
        return Math.exp(z) / total - target[e][j];
      });
    }
    return row.map((value, j) => {
      cost += (value - target[e][j]) ** 2 / 2 / m;
      return value - target[e][j];
    });
  });

  const gradient: Record<string, number[]> = {};
  for (const { name, shape } of spec.parameters) gradient[name] = Array(shape.reduce((n, s) => n * s, 1)).fill(0);
  for (let l = last; l >= 0; l--) {
    const { weight: name, bias, use } = spec.layers[l];
    const below = l === 0 ? x : activations[l - 1];
    const delta = upstream.map((row, e) =>
      row.map((up, j) => masks[l][e][j] * up * formulaOf(spec.layers[l])[1](pre[l][e][j])),
    );
    const columns = p[name].shape[1];
    delta.forEach((row, e) => {
      row.forEach((d, j) => {
        gradient[bias][j] += d / m;
        below[e].forEach((a, i) => {
          gradient[name][use === 'transposed' ? j * columns + i : i * columns + j] += (a * d) / m;
        });
      });
    });
    const v = weight(l);
    upstream = below.map((row, e) => row.map((_, i) => delta[e].reduce((sum, d, j) => sum + d * v(i, j), 0)));
  }
  return { activations, cost, gradient };
}
