import type { View } from '../../array/matrix.ts';
import { type GpuBlock, toPair } from './block.ts';
import { call, element, extent, groupsOf, program, type Stage, vectorOf } from './call.ts';
import { PRODUCTS } from './pair-products.ts';
import { PIECE, piecesOfCall, visiting } from './pieces.ts';
import type { Program } from './program.ts';

/** Elements that a group sums at least, and groups at most: they depend on the size alone, and so do the bits. */
const LEAST = 4096;
const MOST = 1024;

/** total += factor Σ parts, in their order. */
const finish = program({
  name: 'finish a sum',
  views: { total: 'write', parts: 'read' },
  numbers: { count: 'u32', factor: 'f32', factor_low: 'f32' },
  code: `${PRODUCTS}
fn run(group: u32, lane: u32) {
  var own = vec2<f32>(0.0, 0.0);
  for (var n = lane; n < p.count; n += 256u) { own = add_pairs(own, parts_pair(0u, n)); }
  let sum = sum_lanes(lane, own);
  if (lane == 0u) {
    let old = total_pair(0u, 0u);
    set_total_pair(0u, 0u, add_pairs(old, multiply_pairs(vec2<f32>(p.factor, p.factor_low), sum)));
  }
}`,
});

/**
 * A kernel whose code is `fn value(i: u32, j: u32) -> f32` for every element, which it may visit in passing, or `fn value_pair` that
 * gives a pair; their sum times a factor is added to a number in doubles.
 */
export type Summing = Program;

const whole = new WeakMap<Summing, Program>();

/** results[slot] += factor Σ value(i, j) over the extent of `shape`, in float32 pairs and one fixed order. */
export function sumTo<S extends Summing>(
  stage: Stage,
  kernel: S,
  shape: View,
  views: { readonly [name in keyof S['views']]: View | null },
  numbers: { readonly [name in keyof S['numbers']]: number },
  target: View,
  factor: number,
): void {
  const [rows, columns] = extent(shape);
  if (rows * columns === 0) return;
  let summing = whole.get(kernel);
  if (summing === undefined) {
    const pairs = kernel.code.includes('fn value_pair(');
    summing = {
      ...kernel,
      views: { ...kernel.views, parts: 'write' },
      numbers: { ...PIECE, ...kernel.numbers },
      code: `${kernel.code}
fn run(group: u32, lane: u32) {
  var own = vec2<f32>(0.0, 0.0);
  for (var e = group * 256u + lane; e < p.piece_rows * p.piece_columns; e += p.groups * 256u) {
    var v: ${pairs ? 'vec2<f32>' : 'f32'};
    ${visiting((i, j) => `v = ${pairs ? 'value_pair' : 'value'}(${i}, ${j});`)}
    own = ${pairs ? 'add_pairs' : 'add_to_pair'}(own, v);
  }
  let sum = sum_lanes(lane, own);
  if (lane == 0u) { set_parts_pair(0u, group, sum); }
}`,
    };
    whole.set(kernel, summing);
  }
  const parts = vectorOf(stage.scratch('parts', 'doubles', MOST));
  const [high, low] = toPair(factor);
  for (const part of piecesOfCall(shape, views, stage.device.info.limits.largestBinding)) {
    const groups = Math.min(MOST, groupsOf(part.elements, LEAST));
    const all = { ...part.numbers, ...numbers };
    call(stage, summing, { ...views, parts }, all as never, groups, { touched: part.touched });
    call(stage, finish, { total: target, parts }, { count: groups, factor: high, factor_low: low }, 1);
  }
}

/** A slot of results as a view. */
export function slotOf(results: unknown, slot: number): View {
  return element(vectorOf(results as GpuBlock), slot);
}
