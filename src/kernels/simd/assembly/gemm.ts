import { at } from './lanes';
import { pack5, pack6, pack8, pack16 } from './pack';
import { storeCorner, storeTile } from './store';
import { tile5x8, tile6x8 } from './tile';
import { tile5x16 } from './wide-tile';

// What is shared by products of 5×8 tiles (6×8 in the relaxed build) and, `wide`, of 5×16 tiles. The exported functions fix
// which.

// @ts-ignore: decorator
@inline
function tileRows(wide: bool): i32 {
  return !wide && ASC_FEATURE_RELAXED_SIMD ? 6 : 5;
}

// @ts-ignore: decorator
@inline
function tileColumns(wide: bool): i32 {
  return wide ? 16 : 8;
}

/** Room for the sums of one tile at the start of a thread's own scratch; panels come behind it. */
const SUMS: usize = 512;

/** out (rows, columns) = α·a·b + β·out, a and b in panels. */
// @ts-ignore: decorator
@inline
function multiplyPanels(
  wide: bool,
  out: usize,
  outRow: i32,
  outStep: i32,
  a: usize,
  b: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  alpha: f32,
  beta: f32,
  sums: usize,
): void {
  for (let j = 0; j < columns; j += tileColumns(wide)) {
    for (let i = 0; i < rows; i += tileRows(wide)) {
      const p = at(at(out, i, outRow), j, outStep);
      const m = min(tileRows(wide), rows - i);
      const n = min(tileColumns(wide), columns - j);
      if (wide) tile5x16(sums, at(a, i, depth), at(b, j, depth), depth);
      else if (ASC_FEATURE_RELAXED_SIMD) tile6x8(sums, at(a, i, depth), at(b, j, depth), depth);
      else tile5x8(sums, at(a, i, depth), at(b, j, depth), depth);
      if (outStep == 1 && n == tileColumns(wide)) storeTile(p, outRow, sums, tileColumns(wide), m, alpha, beta);
      else storeCorner(p, outRow, outStep, sums, tileColumns(wide), m, n, alpha, beta);
    }
  }
}

/** Blocks of rows of out: each packs its own rows of a into scratch; all of b is packed already. */
// @ts-ignore: decorator
@inline
function rowBlocks(
  wide: bool,
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
  alpha: f32,
  beta: f32,
  block: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  const panels = scratch + SUMS;
  for (let u = begin; u < end; u++) {
    const i = u * block;
    const m = min(block, rows - i);
    const count = (m + tileRows(wide) - 1) / tileRows(wide);
    if (tileRows(wide) == 6) pack6(panels, at(a, i, aRow), aRow, aStep, m, depth, 0, count);
    else pack5(panels, at(a, i, aRow), aRow, aStep, m, depth, 0, count);
    multiplyPanels(wide, at(out, i, outRow), outRow, outStep, panels, packedB, m, columns, depth, alpha, beta, scratch);
  }
}

/** Blocks of columns of out: each packs its own columns of b into scratch; all of a is packed already. */
// @ts-ignore: decorator
@inline
function columnBlocks(
  wide: bool,
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
  alpha: f32,
  beta: f32,
  block: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  const panels = scratch + SUMS;
  for (let u = begin; u < end; u++) {
    const j = u * block;
    const n = min(block, columns - j);
    const count = (n + tileColumns(wide) - 1) / tileColumns(wide);
    if (wide) pack16(panels, at(b, j, bStep), bStep, bRow, n, depth, 0, count);
    else pack8(panels, at(b, j, bStep), bStep, bRow, n, depth, 0, count);
    multiplyPanels(wide, at(out, j, outStep), outRow, outStep, packedA, panels, rows, n, depth, alpha, beta, scratch);
  }
}

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
  alpha: f32,
  beta: f32,
  block: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  rowBlocks(false, out, outRow, outStep, a, aRow, aStep, packedB, rows, columns, depth, alpha, beta, block, begin, end, scratch);
}

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
  alpha: f32,
  beta: f32,
  block: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  columnBlocks(false, out, outRow, outStep, packedA, b, bRow, bStep, rows, columns, depth, alpha, beta, block, begin, end, scratch);
}

export function multiplyRowsWide(
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
  alpha: f32,
  beta: f32,
  block: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  rowBlocks(true, out, outRow, outStep, a, aRow, aStep, packedB, rows, columns, depth, alpha, beta, block, begin, end, scratch);
}

export function multiplyColumnsWide(
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
  alpha: f32,
  beta: f32,
  block: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  columnBlocks(true, out, outRow, outStep, packedA, b, bRow, bStep, rows, columns, depth, alpha, beta, block, begin, end, scratch);
}

export { pack5, pack6, pack8, pack16 };

export { pack5, pack6, pack8, pack16 };
