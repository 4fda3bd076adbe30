import { type Matrix, toFlat } from '../../src/array/matrix.ts';
import type { GatedSpec } from '../../src/layers/gated.ts';
import type { Parameters } from '../../src/model/parameter-access.ts';
import { rowsOf } from './naive-model.ts';

/** Terms, codes and gradient of a gated dictionary, line by line from the formulas, in float64. */
export function gatedByHand(
  parameters: Parameters,
  examples: Matrix,
  { spec, center }: { readonly spec: GatedSpec; readonly center: boolean },
) {
  const [W, D] = ['encoder.weight', 'decoder.weight'].map((name) => rowsOf(parameters[name] as Matrix));
  const vectors = ['encoder.gate.bias', 'encoder.magnitude.bias', 'encoder.magnitude.scale', 'decoder.bias'];
  const [gateBias, magnitudeBias, r, c] = vectors.map((name) => [...toFlat(parameters[name])]);
  const X = rowsOf(examples);
  const m = X.length;
  const units = gateBias.map((_, j) => j);
  const { weight, decoderNorm = false, live = false } = spec;
  const dot = (u: readonly number[], v: readonly number[]) => u.reduce((sum, value, i) => sum + value * v[i], 0);
  const decoded = (a: readonly number[]) => c.map((start, i) => units.reduce((sum, j) => sum + a[j] * D[j][i], start));
  const norms = D.map((row) => (decoderNorm ? Math.sqrt(dot(row, row)) : 1));

  const gradient = {
    'encoder.weight': W.map((row) => row.map(() => 0)),
    'encoder.gate.bias': units.map(() => 0),
    'encoder.magnitude.bias': units.map(() => 0),
    'encoder.magnitude.scale': units.map(() => 0),
    'decoder.weight': D.map((row) => row.map(() => 0)),
    'decoder.bias': c.map(() => 0),
  };
  const terms = { reconstruction: 0, sparsity: 0 };
  const codes: number[] = [];
  for (const x of X) {
    const seen = x.map((value, i) => value - (center ? c[i] : 0));
    const u = units.map((j) => dot(W[j], seen));
    const gate = u.map((value, j) => value + gateBias[j]);
    const magnitude = u.map((value, j) => Math.exp(r[j]) * value + magnitudeBias[j]);
    const a = magnitude.map((value, j) => (gate[j] > 0 ? Math.max(0, value) : 0));
    const pi = gate.map((value) => Math.max(0, value));
    const error = decoded(a).map((value, i) => value - x[i]);
    const other = decoded(pi).map((value, i) => value - x[i]);
    codes.push(...a);
    terms.reconstruction += dot(error, error) / 2 / m;
    terms.sparsity += (dot(other, other) / 2 + weight * dot(pi, norms)) / m;
    for (const j of units) {
      const mu = a[j] > 0 ? dot(error, D[j]) : 0;
      const own = gate[j] > 0 ? dot(other, D[j]) + weight * norms[j] : 0;
      const du = own + Math.exp(r[j]) * mu;
      gradient['encoder.gate.bias'][j] += own / m;
      gradient['encoder.magnitude.bias'][j] += mu / m;
      gradient['encoder.magnitude.scale'][j] += (mu * Math.exp(r[j]) * u[j]) / m;
      for (const [i, value] of seen.entries()) {
        gradient['encoder.weight'][j][i] += (du * value) / m;
        gradient['decoder.weight'][j][i] += (a[j] * error[i] + (live ? pi[j] * other[i] : 0)) / m;
        if (decoderNorm) gradient['decoder.weight'][j][i] += (weight * pi[j] * D[j][i]) / norms[j] / m;
        if (center) gradient['decoder.bias'][i] -= (du * W[j][i]) / m;
      }
    }
    for (const i of c.keys()) gradient['decoder.bias'][i] += (error[i] + (live ? other[i] : 0)) / m;
  }
  return { terms, codes, gradient };
}
