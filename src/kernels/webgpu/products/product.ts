import type { View } from '../../../array/matrix.ts';
import { call, program, type Stage, vectorOf } from '../call.ts';
import { each } from '../elementwise.ts';
import { bytesOf, extent, longest, steps } from '../pieces.ts';
import { alongRows, liesOf, type Product } from './lies.ts';
import { multiplySmall } from './small.ts';
import { type TileKind, tileProgram } from './tile.ts';

/** Groups that keep a device at work: with fewer, tiles are smaller, and then the depth is split. */
const LARGE_TILES = 160;
const GROUPS = 128;
/** Depth of a part at least. */
const LEAST_DEPTH = 128;
/** Bytes of workgroup memory for two stages. */
const TWO_STAGES = 32768;

/** out = α·Σ parts + β·start, in their order. */
const finish = program({
  name: 'gemm: sums of parts',
  views: { out: 'write', parts: 'read', start: 'read' },
  numbers: { count: 'u32', height: 'u32', alpha: 'f32', beta: 'f32' },
  code: `
fn each(i: u32, j: u32) {
  var sum = parts(i, j);
  for (var n = 1u; n < p.count; n++) { sum += parts(i + n * p.height, j); }
  if (p.beta == 0.0) { set_out(i, j, p.alpha * sum); }
  else { set_out(i, j, fma(p.alpha, sum, p.beta * start(i, j))); }
}`,
});

/**
 * out = α·a·b + β·start, in as many calls as it takes: none binds more than the device does, nor takes long enough for a driver to
 * end it. How it is cut depends on sizes alone, and so do the bits.
 */
export function multiply(stage: Stage, product: Product): void {
  const { device } = stage;
  const most = longest(device.info.limits.largestBinding);
  const pending = [product];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const halves = cut(next, most, device.longestWork);
    if (halves === null) run(stage, alongRows(next));
    else pending.push(halves[1], halves[0]);
  }
}

/** Two products that make a product; null where it need not be cut. */
function cut(product: Product, most: number, work: number): readonly [Product, Product] | null {
  const { out, a, b, start } = product;
  const [rows, depth] = extent(a);
  const columns = extent(b)[1];
  const axisOf = (view: View, [first, second]: readonly ['rows' | 'depth', 'depth' | 'columns']) => {
    const [down, across] = steps(view);
    const [length, width] = extent(view);
    if (bytesOf(view, length, width) <= most || length * width <= 1) return null;
    return width < 2 || (length > 1 && Math.abs(down) >= Math.abs(across)) ? first : second;
  };
  let axis =
    axisOf(out, ['rows', 'columns']) ??
    (start === null ? null : axisOf(start, ['rows', 'columns'])) ??
    axisOf(a, ['rows', 'depth']) ??
    axisOf(b, ['depth', 'columns']);
  if (axis === null && rows * columns * depth > work) {
    if (rows >= columns && rows > 128) axis = 'rows';
    else if (columns > 128) axis = 'columns';
    else if (depth > 128) axis = 'depth';
  }
  if (axis === null) return null;
  if (axis === 'rows') {
    const of = (first: number, count: number): Product => ({
      ...product,
      out: part(out, 0, first, count),
      a: part(a, 0, first, count),
      start: start === null ? null : part(start, 0, first, count),
    });
    const half = halfOf(rows);
    return [of(0, half), of(half, rows - half)];
  }
  if (axis === 'columns') {
    const of = (first: number, count: number): Product => ({
      ...product,
      out: part(out, 1, first, count),
      b: part(b, 1, first, count),
      start: start === null ? null : part(start, 1, first, count),
    });
    const half = halfOf(columns);
    return [of(0, half), of(half, columns - half)];
  }
  const half = halfOf(depth);
  return [
    { ...product, a: part(a, 1, 0, half), b: part(b, 0, 0, half) },
    { ...product, a: part(a, 1, half, depth - half), b: part(b, 0, half, depth - half), beta: 1, start: out },
  ];
}

/** A half, of whole tiles where there are some. */
function halfOf(length: number): number {
  return length > 256 ? Math.ceil(length / 256) * 128 : length > 128 ? 64 : Math.ceil(length / 2);
}

/** Some rows (axis 0) or columns of a matrix. */
function part({ data, shape, stride, offset }: View, axis: 0 | 1, first: number, count: number): View {
  return {
    data,
    shape: axis === 0 ? [count, shape[1]] : [shape[0], count],
    stride,
    offset: offset + first * stride[axis],
  };
}

/** A product that needs no cutting. */
function run(stage: Stage, product: Product): void {
  const { out, a, b, alpha, beta, start } = product;
  const [rows, depth] = extent(a);
  const columns = extent(b)[1];
  if (rows * columns === 0) return;
  const { device } = stage;
  if (rows * columns * depth <= device.smallWork) {
    multiplySmall(stage, product);
    return;
  }
  const tilesOf = (size: number) => Math.ceil(rows / size) * Math.ceil(columns / size);
  const size = tilesOf(128) >= LARGE_TILES ? 128 : 64;
  const tiles = tilesOf(size);
  const room = Math.floor(longest(device.info.limits.largestBinding) / (4 * rows * columns)) - 1;
  const wanted = tiles >= GROUPS ? 1 : Math.min(Math.floor(depth / LEAST_DEPTH), Math.ceil(GROUPS / tiles), room);
  const each_ = Math.ceil(depth / Math.max(1, wanted) / 32) * 32;
  const count = Math.max(1, Math.ceil(depth / Math.max(1, each_)));
  // Small tiles are enough for several groups at a time, which then hide what one waits for.
  const stages = size === 128 && device.gpu.limits.maxComputeWorkgroupStorageSize >= TWO_STAGES ? 2 : 1;
  const one = count === 1;
  const parts = one ? null : partsOf(stage, rows, columns, count);
  const target: Product = parts === null ? product : { ...product, out: parts, alpha: 1, beta: 0, start: null };
  const lies = liesOf(target);
  const kind: TileKind = { size, stages, ...lies };
  const wide = [lies.out && 'out', lies.a.wide && 'a', lies.b.wide && 'b', lies.from && 'start'];
  const numbers = {
    rows,
    columns,
    depth,
    each: each_,
    down: Math.ceil(rows / size),
    across: Math.ceil(columns / size),
    shift: one ? 0 : rows,
    alpha: target.alpha,
    beta: target.beta,
  };
  call(stage, tileProgram(kind), { out: target.out, a, b, start: target.start }, numbers, tiles * count, {
    wide: wide.filter((name) => name !== false),
    work: rows * columns * depth,
  });
  if (parts !== null) each(stage, finish, out, { out, parts, start }, { count, height: rows, alpha, beta });
}

/** Room for partial sums, one matrix under another. */
function partsOf(stage: Stage, rows: number, columns: number, count: number): View {
  const block = stage.scratch('parts of a product', 'numbers', count * rows * columns);
  return { ...vectorOf(block), shape: [count * rows, columns], stride: [columns, 1], offset: 0 };
}
