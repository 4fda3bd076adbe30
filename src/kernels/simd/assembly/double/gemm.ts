import { at, load2, store2 } from './lanes';

// Products of 5×4 tiles, 6×4 in the relaxed build: as ../gemm.ts, ../pack.ts and ../tile.ts have them of 5×8 and 6×8.

const ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;
const COLUMNS: i32 = 4;
/** Room for the sums of one tile at the start of a thread's own scratch; panels come behind it. */
const SUMS: usize = 512;

/** a·b + c: fused in the relaxed build. */
// @ts-ignore: decorator
@inline
function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

/** sums (5, 4) = a·b, from packed panels; (6, 4) in the relaxed build, which needs no register for the product. A function of its own: nothing else may hold registers. */
export function tile(sums: usize, a: usize, b: usize, depth: i32): void {
  let s00 = f64x2.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  let s40 = s00;
  let s41 = s00;
  let s50 = s00;
  let s51 = s00;
  for (let l = depth; l > 0; l--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f64>(a);
    s00 = multiplyAdd(a0, b0, s00);
    s01 = multiplyAdd(a0, b1, s01);
    const a1 = v128.load_splat<f64>(a, 8);
    s10 = multiplyAdd(a1, b0, s10);
    s11 = multiplyAdd(a1, b1, s11);
    const a2 = v128.load_splat<f64>(a, 16);
    s20 = multiplyAdd(a2, b0, s20);
    s21 = multiplyAdd(a2, b1, s21);
    const a3 = v128.load_splat<f64>(a, 24);
    s30 = multiplyAdd(a3, b0, s30);
    s31 = multiplyAdd(a3, b1, s31);
    const a4 = v128.load_splat<f64>(a, 32);
    s40 = multiplyAdd(a4, b0, s40);
    s41 = multiplyAdd(a4, b1, s41);
    if (ASC_FEATURE_RELAXED_SIMD) {
      const a5 = v128.load_splat<f64>(a, 40);
      s50 = multiplyAdd(a5, b0, s50);
      s51 = multiplyAdd(a5, b1, s51);
    }
    a += <usize>ROWS << 3;
    b += 32;
  }
  v128.store(sums, s00);
  v128.store(sums, s01, 16);
  v128.store(sums, s10, 32);
  v128.store(sums, s11, 48);
  v128.store(sums, s20, 64);
  v128.store(sums, s21, 80);
  v128.store(sums, s30, 96);
  v128.store(sums, s31, 112);
  v128.store(sums, s40, 128);
  v128.store(sums, s41, 144);
  if (ASC_FEATURE_RELAXED_SIMD) {
    v128.store(sums, s50, 160);
    v128.store(sums, s51, 176);
  }
}

/** Panels begin … end−1 of x: out[p][l][i] = x[(p·width + i)·laneStep + l·depthStep], 0 beyond the last lane. */
// @ts-ignore: decorator
@inline
function packPanels(
  width: i32,
  out: usize,
  x: usize,
  laneStep: i32,
  depthStep: i32,
  lanes: i32,
  depth: i32,
  begin: i32,
  end: i32,
): void {
  for (let p = begin; p < end; p++) {
    const first = p * width;
    const there = min(width, lanes - first);
    const source = at(x, first, laneStep);
    const panel = at(out, first, depth);
    if (laneStep == 1 && there == width) {
      let r = panel;
      let q = source;
      for (let l = 0; l < depth; l++) {
        v128.store(r, v128.load(q));
        v128.store(r, v128.load(q, 16), 16);
        if (width == 5) store<f64>(r, load<f64>(q, 32), 32);
        if (width == 6) v128.store(r, v128.load(q, 32), 32);
        q = at(q, 1, depthStep);
        r += width << 3;
      }
      continue;
    }
    for (let i = 0; i < width; i++) {
      let q = at(source, i, laneStep);
      let r = panel + (i << 3);
      for (let l = 0; l < depth; l++) {
        store<f64>(r, i < there ? load<f64>(q) : 0);
        q = at(q, 1, depthStep);
        r += width << 3;
      }
    }
  }
}

/** Panels of b. */
export function pack4(
  out: usize,
  x: usize,
  laneStep: i32,
  depthStep: i32,
  lanes: i32,
  depth: i32,
  begin: i32,
  end: i32,
): void {
  packPanels(4, out, x, laneStep, depthStep, lanes, depth, begin, end);
}

/** Panels of a for the plain tile. */
export function pack5(
  out: usize,
  x: usize,
  laneStep: i32,
  depthStep: i32,
  lanes: i32,
  depth: i32,
  begin: i32,
  end: i32,
): void {
  packPanels(5, out, x, laneStep, depthStep, lanes, depth, begin, end);
}

/** Panels of a for the relaxed tile. */
export function pack6(
  out: usize,
  x: usize,
  laneStep: i32,
  depthStep: i32,
  lanes: i32,
  depth: i32,
  begin: i32,
  end: i32,
): void {
  packPanels(6, out, x, laneStep, depthStep, lanes, depth, begin, end);
}

/** out (rows, columns) = α·a·b + β·out, a and b in panels. β = 0 does not read out. */
function multiplyPanels(
  out: usize,
  outRow: i32,
  outStep: i32,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  alpha: f64,
  beta: f64,
  sums: usize,
): void {
  const scale = f64x2.splat(alpha);
  const keep = f64x2.splat(beta);
  for (let j = 0; j < columns; j += COLUMNS) {
    for (let i = 0; i < rows; i += ROWS) {
      tile(sums, at(a, i, depth), at(b, j, depth), depth);
      const m = min(ROWS, rows - i);
      const n = min(COLUMNS, columns - j);
      for (let r = 0; r < m; r++) {
        let p = at(at(out, i + r, outRow), j, outStep);
        for (let d = 0; d < n; d += 2) {
          const scaled = f64x2.mul(scale, v128.load(sums + ((r * COLUMNS + d) << 3)));
          const sum = beta == 0 ? scaled : f64x2.add(scaled, f64x2.mul(keep, load2(p, outStep, n - d)));
          store2(p, outStep, n - d, sum);
          p = at(p, 2, outStep);
        }
      }
    }
  }
}

/** Blocks of rows of out: each packs its own rows of a into scratch; all of b is packed already. */
export function multiplyRows(
  out: usize,
  outRow: i32,
  outStep: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  packedB: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  alpha: f64,
  beta: f64,
  block: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  const panels = scratch + SUMS;
  for (let u = begin; u < end; u++) {
    const i = u * block;
    const m = min(block, rows - i);
    const count = (m + ROWS - 1) / ROWS;
    if (ROWS == 6) pack6(panels, at(a, i, aRow), aRow, aStep, m, depth, 0, count);
    else pack5(panels, at(a, i, aRow), aRow, aStep, m, depth, 0, count);
    multiplyPanels(at(out, i, outRow), outRow, outStep, panels, packedB, m, columns, depth, alpha, beta, scratch);
  }
}

/** Blocks of columns of out: each packs its own columns of b into scratch; all of a is packed already. */
export function multiplyColumns(
  out: usize,
  outRow: i32,
  outStep: i32,
  packedA: usize,
  b: usize,
  bRow: i32,
  bStep: i32,
  rows: i32,
  columns: i32,
  depth: i32,
  alpha: f64,
  beta: f64,
  block: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  const panels = scratch + SUMS;
  for (let u = begin; u < end; u++) {
    const j = u * block;
    const n = min(block, columns - j);
    pack4(panels, at(b, j, bStep), bStep, bRow, n, depth, 0, (n + COLUMNS - 1) / COLUMNS);
    multiplyPanels(at(out, j, outStep), outRow, outStep, packedA, panels, rows, n, depth, alpha, beta, scratch);
  }
}
