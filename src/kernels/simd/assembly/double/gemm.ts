import { at, load2, store2 } from './lanes';
import { pack4, pack5, pack6 } from './pack';
import { COLUMNS, ROWS, tile } from './tile';

// Products of 5×4 tiles, 6×4 in the relaxed build: as ../gemm.ts has them of 5×8 and 6×8.

/** Room for the sums of one tile at the start of a thread's own scratch; panels come behind it. */
const SUMS: usize = 512;

/** Tiles that so many lanes fill, the last perhaps in part. */
// @ts-ignore: decorator
@inline
function tilesOf(lanes: i32, width: i32): i32 {
  return (lanes + width - 1) / width;
}

/** out = α·sums + β·from for a tile of m rows and n columns. β = 0 does not read from. */
// @ts-ignore: decorator
@inline
function storeTile(
  out: usize,
  outRow: i32,
  outStep: i32,
  from: usize,
  fromRow: i32,
  fromStep: i32,
  sums: usize,
  m: i32,
  n: i32,
  alpha: f64,
  beta: f64,
): void {
  const scale = f64x2.splat(alpha);
  const keep = f64x2.splat(beta);
  for (let r = 0; r < m; r++) {
    let p = at(out, r, outRow);
    let q = at(from, r, fromRow);
    for (let d = 0; d < n; d += 2) {
      const scaled = f64x2.mul(scale, v128.load(sums + ((r * COLUMNS + d) << 3)));
      const sum = beta == 0 ? scaled : f64x2.add(scaled, f64x2.mul(keep, load2(q, fromStep, n - d)));
      store2(p, outStep, n - d, sum);
      p = at(p, 2, outStep);
      q = at(q, 2, fromStep);
    }
  }
}

/** out (rows, columns) = α·a·b + β·from, a and b in panels. A strip of out gets all blocks of the depth before the next. */
function multiplyPanels(
  out: usize,
  outRow: i32,
  outStep: i32,
  from: usize,
  fromRow: i32,
  fromStep: i32,
  a: usize,
  b: usize,
  aLanes: i32,
  bLanes: i32,
  rows: i32,
  columns: i32,
  depth: i32,
  height: i32,
  alpha: f64,
  beta: f64,
  sums: usize,
): void {
  for (let j = 0; j < columns; j += COLUMNS) {
    const n = min(COLUMNS, columns - j);
    const strip = at(out, j, outStep);
    let before = at(from, j, fromStep);
    let beforeRow = fromRow;
    let beforeStep = fromStep;
    let keep = beta;
    let l = 0;
    do {
      const inner = min(height, depth - l);
      const panel = at(at(b, l, bLanes), j, inner);
      for (let i = 0; i < rows; i += ROWS) {
        const m = min(ROWS, rows - i);
        tile(sums, at(at(a, l, aLanes), i, inner), panel, inner);
        const q = at(before, i, beforeRow);
        storeTile(at(strip, i, outRow), outRow, outStep, q, beforeRow, beforeStep, sums, m, n, alpha, keep);
      }
      before = strip;
      beforeRow = outRow;
      beforeStep = outStep;
      keep = 1;
      l += height;
    } while (l < depth);
  }
}

/** out = α·a·b + β·from in `units` blocks of rows or of columns, each of which packs its own operand: see ../gemm.ts. */
export function multiply(
  byRows: i32,
  out: usize,
  outRow: i32,
  outStep: i32,
  from: usize,
  fromRow: i32,
  fromStep: i32,
  packed: usize,
  own: usize,
  ownLane: i32,
  ownDepth: i32,
  rows: i32,
  columns: i32,
  depth: i32,
  height: i32,
  alpha: f64,
  beta: f64,
  units: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  const panels = scratch + SUMS;
  const width = byRows != 0 ? ROWS : COLUMNS;
  const lanes = byRows != 0 ? rows : columns;
  const tiles = <i64>tilesOf(lanes, width);
  const aAll = tilesOf(rows, ROWS) * ROWS;
  const bAll = tilesOf(columns, COLUMNS) * COLUMNS;
  const blocks = max(1, tilesOf(depth, max(1, height)));
  for (let u = begin; u < end; u++) {
    const first = <i32>((tiles * u) / units) * width;
    const count = min(lanes, <i32>((tiles * (u + 1)) / units) * width) - first;
    const all = tilesOf(count, width) * width;
    const x = at(own, first, ownLane);
    const parts = tilesOf(count, width) * blocks;
    if (byRows == 0) pack4(panels, x, ownLane, ownDepth, count, depth, height, 0, parts);
    else if (ROWS == 6) pack6(panels, x, ownLane, ownDepth, count, depth, height, 0, parts);
    else pack5(panels, x, ownLane, ownDepth, count, depth, height, 0, parts);
    multiplyPanels(
      at(out, first, byRows != 0 ? outRow : outStep),
      outRow,
      outStep,
      at(from, first, byRows != 0 ? fromRow : fromStep),
      fromRow,
      fromStep,
      byRows != 0 ? panels : packed,
      byRows != 0 ? packed : panels,
      byRows != 0 ? all : aAll,
      byRows != 0 ? bAll : all,
      byRows != 0 ? count : rows,
      byRows != 0 ? columns : count,
      depth,
      height,
      alpha,
      beta,
      scratch,
    );
  }
}
