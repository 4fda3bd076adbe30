import { type Matrix, toFlat } from '../../src/array/matrix.ts';
import type { JumpReluSpec } from '../../src/layers/jump-relu.ts';
import type { Parameters } from '../../src/model/parameter-access.ts';
import { rowsOf } from './naive-model.ts';

/** What a jump-relu dictionary is, beside its parameters. */
export interface ByHand {
  readonly spec: JumpReluSpec;
  readonly center: boolean;
  /** Examples since each unit fired, this batch not among them. */
  readonly silence: readonly number[];
}

/** Cost, terms and what stands for the gradient of a jump-relu dictionary, line by line from the formulas, in float64. */
export function jumpReluByHand(parameters: Parameters, examples: Matrix, { spec, center, silence }: ByHand) {
  const [W, D] = ['encoder.weight', 'decoder.weight'].map((name) => rowsOf(parameters[name] as Matrix));
  const [b, c, p] = ['encoder.bias', 'decoder.bias', 'encoder.threshold'].map((name) => [...toFlat(parameters[name])]);
  const X = rowsOf(examples);
  const m = X.length;
  const [h, d] = [W.length, c.length];
  const units = Array.from({ length: h }, (_, j) => j);
  const { bandwidth: epsilon, parameter = 'raw', toInput = false, penalty } = spec;
  const dot = (u: readonly number[], v: readonly number[]) => u.reduce((sum, value, i) => sum + value * v[i], 0);

  // ── forward ──
  const seen = X.map((x) => x.map((value, i) => value - (center ? c[i] : 0)));
  const theta = p.map((value) => (parameter === 'log' ? Math.exp(value) : Math.max(value, 0)));
  const z = seen.map((x) => units.map((j) => dot(W[j], x) + b[j]));
  const on = z.map((row) => row.map((value, j) => value > theta[j]));
  const a = z.map((row, k) => row.map((value, j) => (on[k][j] ? value : 0)));
  const error = a.map((row, k) =>
    X[k].map((x, i) => c[i] + row.reduce((sum, value, j) => sum + value * D[j][i], 0) - x),
  );
  const K = z.map((row) => row.map((value, j) => (Math.abs(value - theta[j]) < epsilon / 2 ? 1 : 0)));
  const norms = D.map((row) => Math.sqrt(dot(row, row)));
  const reconstruction = error.reduce((sum, row) => sum + dot(row, row) / 2 / m, 0);
  const L0 = on.flat().filter(Boolean).length / m;

  // ── the penalty, and what it adds ──
  let sparsity = 0;
  let slope = 0; // λ of λ·L0
  const dA = error.map((row) => units.map((j) => dot(row, D[j])));
  const dZ = z.map(() => units.map(() => 0));
  const dTheta = units.map(() => 0);
  const dD = D.map((row) => row.map(() => 0));
  if (penalty.kind === 'l0') [sparsity, slope] = [penalty.weight * L0, penalty.weight];
  if (penalty.kind === 'target-l0') {
    sparsity = penalty.weight * (L0 / penalty.target - 1) ** 2;
    slope = (2 * penalty.weight * (L0 / penalty.target - 1)) / penalty.target;
  }
  if (penalty.kind === 'tanh') {
    const { weight, scale, preActivation } = penalty;
    const fired = units.map((j) => a.some((row) => row[j] !== 0));
    const dead = units.map((j) => (fired[j] ? 0 : silence[j] + m) >= (preActivation?.deadAfter ?? 1e7));
    const counts = units.map((j) => preActivation !== undefined && (preActivation.over === 'all' || dead[j]));
    for (let k = 0; k < m; k++) {
      for (const j of units) {
        const t = Math.tanh(scale * a[k][j] * norms[j]);
        const bend = 1 - t * t;
        sparsity += (weight * t) / m;
        dA[k][j] += weight * scale * norms[j] * bend;
        const gap = counts[j] ? Math.max(0, theta[j] - z[k][j]) : 0;
        const mu = preActivation?.weight ?? 0;
        sparsity += (mu * norms[j] * gap) / m;
        if (gap > 0) dZ[k][j] -= mu * norms[j];
        if (gap > 0) dTheta[j] += (mu * norms[j]) / m;
        for (let i = 0; i < d; i++) dD[j][i] += ((weight * scale * a[k][j] * bend + mu * gap) * D[j][i]) / norms[j] / m;
      }
    }
  }

  // ── backward ──
  for (let k = 0; k < m; k++) {
    for (const j of units) {
      const toTheta = -(theta[j] / epsilon) * K[k][j] * dA[k][j] - (slope / epsilon) * K[k][j];
      dTheta[j] += toTheta / m;
      dZ[k][j] += (on[k][j] ? dA[k][j] : 0) - (toInput ? toTheta : 0);
      for (let i = 0; i < d; i++) dD[j][i] += (a[k][j] * error[k][i]) / m;
    }
  }
  const db = units.map((j) => dZ.reduce((sum, row) => sum + row[j] / m, 0));
  const dW = units.map((j) => W[j].map((_, i) => dZ.reduce((sum, row, k) => sum + (row[j] * seen[k][i]) / m, 0)));
  const dc = c.map((_, i) => {
    const own = error.reduce((sum, row) => sum + row[i] / m, 0);
    return center ? own - units.reduce((sum, j) => sum + db[j] * W[j][i], 0) : own;
  });
  const dp = units.map((j) => dTheta[j] * (parameter === 'log' ? theta[j] : Number(p[j] > 0)));
  const alive = K.flat().filter(Boolean).length;
  return {
    terms: { reconstruction, sparsity },
    gradient: {
      'encoder.weight': dW.flat(),
      'encoder.bias': db,
      'encoder.threshold': dp,
      'decoder.weight': dD.flat(),
      'decoder.bias': dc,
    } as Readonly<Record<string, number[]>>,
    codes: a.flat(),
    /** Pairs within the window: the estimators say something. */
    alive,
  };
}
