import type { View } from '../../array/matrix.ts';
import type { Kernels, Results } from '../kernels.ts';
import { encode, type GpuBlock, toPair, WIDTH } from './block.ts';
import { call, program, type Stage, vectorOf } from './call.ts';
import { sumColumns } from './columns.ts';
import { blendOf, copyPairs, kindOf } from './doubles.ts';
import { each, flattened } from './elementwise.ts';
import { PRODUCTS } from './pair-products.ts';
import { inRows } from './row-blocks.ts';
import { slotOf, sumTo } from './sums.ts';

const fill = program({
  name: 'fill',
  views: { out: 'write' },
  numbers: { value: 'f32' },
  code: 'fn each(i: u32, j: u32) { set_out(i, j, p.value); }',
});
const copy = program({
  name: 'copy',
  views: { out: 'write', x: 'read' },
  numbers: {},
  code: 'fn each(i: u32, j: u32) { set_out(i, j, x(i, j)); }',
});
const axpy = program({
  name: 'axpy',
  views: { out: 'write', x: 'read' },
  numbers: { alpha: 'f32' },
  code: 'fn each(i: u32, j: u32) { set_out(i, j, out(i, j) + p.alpha * x(i, j)); }',
});
const scale = program({
  name: 'scale',
  views: { out: 'write' },
  numbers: { alpha: 'f32' },
  code: 'fn each(i: u32, j: u32) { set_out(i, j, p.alpha * out(i, j)); }',
});
const blend = program({
  name: 'blend',
  views: { out: 'write', x: 'read', y: 'read' },
  numbers: { alpha: 'f32', beta: 'f32' },
  code: 'fn each(i: u32, j: u32) { set_out(i, j, p.alpha * x(i, j) + p.beta * y(i, j)); }',
});
const addProducts = program({
  name: 'addProducts',
  views: { out: 'write', a: 'read', b: 'read' },
  numbers: {},
  code: 'fn each(i: u32, j: u32) { set_out(i, j, out(i, j) + a(i, j) * b(i, j)); }',
});
const dot = program({
  name: 'dot',
  views: { x: 'read', y: 'read' },
  numbers: {},
  code: `${PRODUCTS}
fn value_pair(i: u32, j: u32) -> vec2<f32> { return product_pair(x(i, j), y(i, j)); }`,
});
const broadcastRow = program({
  name: 'broadcastRow',
  views: { out: 'write', row: 'read' },
  numbers: {},
  code: 'fn each(i: u32, j: u32) { set_out(i, j, row1(j)); }',
});
const addScaledRows = program({
  name: 'addScaledRows',
  views: { out: 'write', s: 'read', x: 'read' },
  numbers: {},
  code: 'fn each(i: u32, j: u32) { set_out(i, j, out(i, j) + s1(i) * x(i, j)); }',
});
const addOuter = program({
  name: 'addOuter',
  views: { out: 'write', u: 'read', v: 'read' },
  numbers: { alpha: 'f32' },
  code: 'fn each(i: u32, j: u32) { set_out(i, j, out(i, j) + p.alpha * u1(i) * v1(j)); }',
});
/** A group a row. */
const rowSums = (name: string, value: string) =>
  program({
    name,
    views: { out: 'write', x: 'read', v: 'read' },
    numbers: { columns: 'u32', alpha: 'f32' },
    code: `
fn run(group: u32, lane: u32) {
  var own = vec2<f32>(0.0, 0.0);
  for (var j = lane; j < p.columns; j += 256u) { own = add_to_pair(own, x(group, j) * ${value}); }
  let sum = sum_lanes(lane, own);
  if (lane == 0u) { set_out1(group, ${name === 'addRowDots' ? 'out1(group) + ' : ''}p.alpha * (sum.x + sum.y)); }
}`,
  });
const rowSquaredNorms = rowSums('rowSquaredNorms', 'x(group, j)');
const addRowDots = rowSums('addRowDots', 'v1(j)');
const columnSums = {
  ...program({
    name: 'addColumnSums',
    views: { a: 'read' },
    numbers: {},
    code: 'fn values(i: u32, j: u32) -> array<f32, 1> { return array<f32, 1>(a(i, j)); }',
  }),
  sums: 1,
};
const weightedRows = {
  ...program({
    name: 'addWeightedRows',
    views: { s: 'read', x: 'read' },
    numbers: {},
    code: 'fn values(i: u32, j: u32) -> array<f32, 1> { return array<f32, 1>(s1(i) * x(i, j)); }',
  }),
  sums: 1,
};
type Of = Pick<
  Kernels,
  | 'write'
  | 'fill'
  | 'copy'
  | 'axpy'
  | 'scale'
  | 'blend'
  | 'addProducts'
  | 'dot'
  | 'broadcastRow'
  | 'addScaledRows'
  | 'rowSquaredNorms'
  | 'addOuter'
  | 'addRowDots'
  | 'addWeightedRows'
  | 'addColumnSums'
>;

/** Vectors and matrices, products aside. */
export function createVectors(stage: Stage): Of {
  const copied = (out: View, x: View) => {
    const [o, from] = flattened(out, x);
    const pairs = kindOf(out) === 'doubles' && kindOf(x) === 'doubles';
    each(stage, pairs ? copyPairs : copy, o, { out: o, x: from }, {});
  };
  const write = (out: View, values: ArrayLike<number>) => {
    const block = out.data as GpuBlock;
    const [flat] = flattened(out);
    const columnStride = flat.stride.length === 0 ? 1 : flat.stride[flat.stride.length - 1];
    const rows = flat.shape.length === 2 ? flat.shape[0] : 1;
    const isDense = rows === 1 && columnStride === 1;
    if (isDense && isZero(values)) {
      stage.device.clear(block, out.offset * WIDTH[block.kind], values.length * WIDTH[block.kind]);
      return;
    }
    const bytes = new Uint8Array(encode(values, block.kind).buffer);
    if (isDense) {
      stage.device.upload(block, out.offset * WIDTH[block.kind], bytes);
      return;
    }
    const given = stage.scratch('written', block.kind, values.length);
    stage.device.upload(given, 0, bytes);
    const columns = out.shape[out.shape.length - 1];
    const x =
      out.shape.length === 2
        ? { data: given, shape: out.shape, stride: [columns, 1], offset: 0 }
        : vectorOf(given, columns);
    copied(out, x);
  };
  return {
    write,
    fill(out, value) {
      const [o] = flattened(out);
      each(stage, fill, o, { out: o }, { value });
    },
    copy: copied,
    axpy(out, alpha, x) {
      const [o, from] = flattened(out, x);
      each(stage, axpy, o, { out: o, x: from }, { alpha });
    },
    scale(out, alpha) {
      const [o] = flattened(out);
      each(stage, scale, o, { out: o }, { alpha });
    },
    blend(out, x, alpha, y, beta) {
      const [o, a, b] = flattened(out, x, y);
      const views = { out: o, x: a, y: b };
      const wide = blendOf(out, x, y);
      if (wide === null) {
        each(stage, blend, o, views, { alpha, beta });
        return;
      }
      const [[, alpha_low], [, beta_low]] = [toPair(alpha), toPair(beta)];
      each(stage, wide, o, views, { alpha, alpha_low, beta, beta_low });
    },
    addProducts(out, a, b) {
      const [o, l, r] = flattened(out, a, b);
      each(stage, addProducts, o, { out: o, a: l, b: r }, {});
    },
    dot(results: Results, slot, x, y) {
      const [l, r] = flattened(x, y);
      sumTo(stage, dot, l, { x: l, y: r }, {}, slotOf(results, slot), 1);
    },
    broadcastRow: (out, row) => each(stage, broadcastRow, out, { out, row }, {}),
    addScaledRows: (out, s, x) => each(stage, addScaledRows, out, { out, s, x }, {}),
    rowSquaredNorms: (out, x) =>
      inRows(stage, x.shape[0], [x], (part, count) =>
        call(stage, rowSquaredNorms, { out: part(out), x: part(x), v: null }, { columns: x.shape[1], alpha: 1 }, count),
      ),
    addOuter: (out, alpha, u, v) => each(stage, addOuter, out, { out, u, v }, { alpha }),
    addRowDots: (out, alpha, x, v) =>
      inRows(stage, x.shape[0], [x], (part, count) =>
        call(stage, addRowDots, { out: part(out), x: part(x), v }, { columns: x.shape[1], alpha }, count),
      ),
    addWeightedRows: (out, alpha, s, x) => sumColumns(stage, weightedRows, x, { s, x }, {}, [out], [alpha]),
    addColumnSums: (out, a, alpha) => sumColumns(stage, columnSums, a, { a }, {}, [out], [alpha]),
  };
}

/** Whether there are 0s alone, which need not be sent; of other numbers the first tells as a rule. */
function isZero(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Object.is(values[i], 0)) return false;
  return true;
}
