import { at } from './lanes';
import { packPanels } from './pack';
import { tile4x8 } from './tile';
import { tile5x16 } from './wide-tile';

// What is shared by products of 4×8 tiles and, `wide`, of 5×16 tiles. The exported functions fix which.

// @ts-ignore: decorator
@inline
function tileRows(wide: bool): i32 {
  return wide ? 5 : 4;
}

// @ts-ignore: decorator
@inline
function tileColumns(wide: bool): i32 {
  return wide ? 16 : 8;
}

/** Room for the sums of one tile at the start of a thread's own scratch; panels come behind it. */
const CORNER: usize = 512;

/** out_ij = α·sum_ij + β·out_ij for a part of a tile, or for any strides: the same arithmetic as a whole tile. */
function storeCorner(
  out: usize,
  outRow: i32,
  outStep: i32,
  sums: usize,
  width: i32,
  rows: i32,
  columns: i32,
  alpha: f32,
  beta: f32,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const p = at(at(out, i, outRow), j, outStep);
      const scaled = alpha * load<f32>(at(sums, i * width + j, 1));
      store<f32>(p, beta == 0 ? scaled : scaled + beta * load<f32>(p));
    }
  }
}

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
  corner: usize,
): void {
  for (let j = 0; j < columns; j += tileColumns(wide)) {
    for (let i = 0; i < rows; i += tileRows(wide)) {
      const p = at(at(out, i, outRow), j, outStep);
      const m = min(tileRows(wide), rows - i);
      const n = min(tileColumns(wide), columns - j);
      const whole = outStep == 1 && m == tileRows(wide) && n == tileColumns(wide);
      const target = whole ? p : corner;
      const targetRow = whole ? at(0, 1, outRow) : tileColumns(wide) << 2;
      const scale: f32 = whole ? alpha : 1;
      const keep: f32 = whole ? beta : 0;
      if (wide) tile5x16(target, targetRow, at(a, i, depth), at(b, j, depth), depth, scale, keep);
      else tile4x8(target, targetRow, at(a, i, depth), at(b, j, depth), depth, scale, keep);
      if (!whole) storeCorner(p, outRow, outStep, corner, tileColumns(wide), m, n, alpha, beta);
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
  const panels = scratch + CORNER;
  for (let u = begin; u < end; u++) {
    const i = u * block;
    const m = min(block, rows - i);
    packPanels(panels, at(a, i, aRow), aRow, aStep, tileRows(wide), m, depth, 0, (m + tileRows(wide) - 1) / tileRows(wide));
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
  const panels = scratch + CORNER;
  for (let u = begin; u < end; u++) {
    const j = u * block;
    const n = min(block, columns - j);
    packPanels(panels, at(b, j, bStep), bStep, bRow, tileColumns(wide), n, depth, 0, (n + tileColumns(wide) - 1) / tileColumns(wide));
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

export { packPanels };

export { packPanels };
