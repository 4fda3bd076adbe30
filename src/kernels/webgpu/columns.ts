import type { View } from '../../array/matrix.ts';
import { call, extent, program, type Stage, vectorOf } from './call.ts';
import { PIECE, piecesOfCall } from './pieces.ts';
import type { Program } from './program.ts';

/** Rows that a lane goes through: they depend on the size alone, and so do the bits. */
const ROWS = 32;
/** Partial sums of a column at most. */
const PARTS = 64;

/** out_j += factor Σ parts_pj, in their order. */
const finish = program({
  name: 'finish sums of columns',
  views: { out: 'write', parts: 'read' },
  numbers: { piece_column: 'u32', piece_columns: 'u32', count: 'u32', base: 'u32', factor: 'f32' },
  code: `
fn run(group: u32, lane: u32) {
  let j = group * 256u + lane;
  if (j >= p.piece_columns) { return; }
  var sum = vec2<f32>(0.0, 0.0);
  for (var n = 0u; n < p.count; n++) { sum = add_pairs(sum, parts_pair(0u, (p.base + n) * p.piece_columns + j)); }
  let product = p.factor * sum.x;
  var left = fma(p.factor, sum.x, -product) + p.factor * sum.y;
  if (!(abs(product) < 3.4e38)) { left = 0.0; } // no ∞ − ∞
  finish_out(p.piece_column + j, vec2<f32>(product, left));
}`,
});

/**
 * A kernel whose code is `fn values(i: u32, j: u32) -> array<f32, N>` for every element (it may visit each in passing), N the number
 * of sums; what each column gives is added to `outs`: numbers (out.kind 'numbers') or doubles.
 */
export interface ByColumn extends Program {
  /** N. */
  readonly sums: number;
}

const whole = new WeakMap<ByColumn, Program>();

/** out_n,j += factor_n Σᵢ values(i, j)[n] over the columns of `shape`, in float32 pairs and one fixed order. A null out is left alone. */
export function sumColumns<K extends ByColumn>(
  stage: Stage,
  kernel: K,
  shape: View,
  views: { readonly [name in keyof K['views']]: View | null },
  numbers: { readonly [name in keyof K['numbers']]: number },
  outs: readonly (View | null)[],
  factors: readonly number[],
): void {
  const [rows, columns] = extent(shape);
  if (columns === 0 || rows === 0) return;
  let summing = whole.get(kernel);
  if (summing === undefined) {
    const { sums } = kernel;
    summing = {
      ...kernel,
      views: { ...kernel.views, parts: 'write' },
      numbers: { ...PIECE, each: 'u32', across: 'u32', ...kernel.numbers },
      code: `${kernel.code}
fn run(group: u32, lane: u32) {
  let j = (group % p.across) * 256u + lane;
  let part = group / p.across;
  if (j >= p.piece_columns) { return; }
  var sums: array<vec2<f32>, ${sums}>;
  let end = min(p.piece_rows, (part + 1u) * p.each);
  for (var i = part * p.each; i < end; i++) {
    let v = values(p.piece_row + i, p.piece_column + j);
    for (var n = 0u; n < ${sums}u; n++) { sums[n] = add_to_pair(sums[n], v[n]); }
  }
  let parts = p.groups / p.across;
  for (var n = 0u; n < ${sums}u; n++) { set_parts_pair(0u, (n * parts + part) * p.piece_columns + j, sums[n]); }
}`,
    };
    whole.set(kernel, summing);
  }
  for (const { piece, numbers: own, touched } of piecesOfCall(shape, views, stage.device.info.limits.largestBinding)) {
    const partCount = Math.min(PARTS, Math.ceil(piece.rows / ROWS));
    const rowsEach = Math.ceil(piece.rows / partCount);
    const count = Math.ceil(piece.rows / rowsEach);
    const across = Math.ceil(piece.columns / 256);
    const parts = vectorOf(stage.scratch('column parts', 'doubles', kernel.sums * count * piece.columns));
    const all = { ...own, each: rowsEach, across, ...numbers };
    call(stage, summing, { ...views, parts }, all as never, across * count, { touched });
    for (const [n, out] of outs.entries()) {
      if (out === null) continue;
      const program = (out.data as { kind?: string }).kind === 'doubles' ? finishDoubles : finishNumbers;
      const how = {
        piece_column: piece.column,
        piece_columns: piece.columns,
        count,
        base: n * count,
        factor: factors[n],
      };
      call(stage, program, { out, parts }, how, across);
    }
  }
}

const finishNumbers = {
  ...finish,
  code: `fn finish_out(j: u32, sum: vec2<f32>) { set_out1(j, out1(j) + (sum.x + sum.y)); }\n${finish.code}`,
};
const finishDoubles = {
  ...finish,
  code: `fn finish_out(j: u32, sum: vec2<f32>) { set_out_pair(0u, j, add_pairs(out_pair(0u, j), sum)); }\n${finish.code}`,
};
