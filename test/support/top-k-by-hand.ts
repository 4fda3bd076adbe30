import { type Matrix, toFlat } from '../../src/array/matrix.ts';
import type { Parameters } from '../../src/model/parameter-access.ts';
import type { AuxKSpec } from '../../src/terms/aux-k.ts';
import { rowsOf } from './naive-model.ts';

/** What a top-k dictionary is, beside its parameters. */
export interface ByHand {
  readonly k: number;
  readonly decoderNorm?: boolean;
  readonly prefixes?: readonly number[];
  readonly auxiliary?: AuxKSpec;
  /** Examples since each unit fired, this batch not among them. */
  readonly silence?: readonly number[];
}

/** The columns of the n largest, the lower first of equal ones. */
function largest(values: readonly number[], among: readonly number[], n: number): number[] {
  return [...among].sort((p, q) => values[q] - values[p] || p - q).slice(0, n);
}

/** Cost, terms, codes and gradient of a top-k dictionary, line by line from the formulas, in float64. */
export function topKByHand(parameters: Parameters, examples: Matrix, given: ByHand) {
  const [W, D] = ['encoder.weight', 'decoder.weight'].map((name) => rowsOf(parameters[name] as Matrix));
  const [b, c] = ['encoder.bias', 'decoder.bias'].map((name) => [...toFlat(parameters[name])]);
  const X = rowsOf(examples);
  const m = X.length;
  const units = b.map((_, j) => j);
  const { k, decoderNorm = false, prefixes = [b.length], auxiliary, silence = units.map(() => 0) } = given;
  const dot = (u: readonly number[], v: readonly number[]) => u.reduce((sum, value, i) => sum + value * v[i], 0);
  const decoded = (a: readonly number[], width: number, bias: readonly number[]) =>
    bias.map((start, i) => units.slice(0, width).reduce((sum, j) => sum + a[j] * D[j][i], start));

  const gradient = {
    'encoder.weight': W.map((row) => row.map(() => 0)),
    'encoder.bias': b.map(() => 0),
    'decoder.weight': D.map((row) => row.map(() => 0)),
    'decoder.bias': c.map(() => 0),
  };
  /** `share` of ∂/∂z_j at example x. */
  const toEncoder = (x: readonly number[], j: number, dz: number) => {
    gradient['encoder.bias'][j] += dz;
    for (const [i, value] of x.entries()) gradient['encoder.weight'][j][i] += dz * value;
  };
  const toDecoder = (a: number, j: number, delta: readonly number[]) => {
    for (const [i, value] of delta.entries()) gradient['decoder.weight'][j][i] += a * value;
  };
  const toBias = (delta: readonly number[]) => {
    for (const [i, value] of delta.entries()) gradient['decoder.bias'][i] += value;
  };

  const z = X.map((x) => units.map((j) => dot(W[j], x) + b[j]));
  const norms = D.map((row) => (decoderNorm ? Math.sqrt(dot(row, row)) : 1));
  const codes = z.map((row) => {
    const scores = row.map((value, j) => Math.max(0, value) * norms[j]);
    const chosen = largest(scores, units, k);
    return row.map((value, j) => (chosen.includes(j) ? Math.max(0, value) : 0));
  });

  let reconstruction = 0;
  const share = 1 / prefixes.length / m;
  for (const width of prefixes) {
    codes.forEach((a, n) => {
      const delta = decoded(a, width, c).map((value, i) => share * (value - X[n][i]));
      reconstruction += dot(delta, delta) / (2 * share);
      toBias(delta);
      for (const j of units.slice(0, width)) {
        toDecoder(a[j], j, delta);
        if (a[j] > 0) toEncoder(X[n], j, dot(delta, D[j]));
      }
    });
  }

  const result = { gradient, codes, norms, reconstruction, auxiliary: 0, negative: 0, dead: 0 };
  if (auxiliary === undefined) return result;
  const { k: most = 1, weight = 1 / 32, deadAfter = 1e7, variant = 'paper' } = auxiliary;
  const next = units.map((j) => (codes.some((a) => a[j] !== 0) ? 0 : silence[j] + m));
  const dead = units.filter((j) => next[j] >= deadAfter);
  const e = codes.map((a, n) => decoded(a, b.length, c).map((value, i) => X[n][i] - value));
  const mean = c.map((_, i) => e.reduce((sum, row) => sum + row[i] / m, 0));
  const spread = e.reduce((sum, row) => sum + row.reduce((s, value, i) => s + (value - mean[i]) ** 2, 0), 0);
  const scale = variant === 'saelens' ? (weight / m) * Math.min(dead.length / most, 1) : weight / spread;
  z.forEach((row, n) => {
    const chosen = largest(row, dead, most);
    const a = units.map((j) => (chosen.includes(j) ? (variant === 'saelens' ? row[j] : Math.max(0, row[j])) : 0));
    const gap = decoded(
      a,
      b.length,
      c.map(() => 0),
    ).map((value, i) => value - e[n][i]);
    result.auxiliary += scale * dot(gap, gap);
    result.negative += chosen.filter((j) => row[j] < 0).length;
    const delta = gap.map((value) => 2 * scale * value);
    if (variant === 'openai') toBias(delta);
    for (const j of chosen) {
      toDecoder(a[j], j, delta);
      if (variant === 'saelens' || row[j] > 0) toEncoder(X[n], j, dot(delta, D[j]));
    }
  });
  return { ...result, dead: dead.length };
}
