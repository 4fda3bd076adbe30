import { at } from './lanes';
import { pack5, pack6, pack8, pack16 } from './pack';
import { storeCorner, storeTile } from './store';
import { tile5x8, tile6x8 } from './tile';
import { tile5x16 } from './wide-tile';

// What is shared by products of 5×8 tiles (6×8 in the relaxed build) and, `wide`, of 5×16 tiles. The exported functions fix
// which. The depth is cut into blocks of `height`, the last may be lower: panels of a block lie together, block after block.

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

/** Tiles that so many lanes fill, the last perhaps in part. */
// @ts-ignore: decorator
@inline
function tilesOf(lanes: i32, tile: i32): i32 {
  return (lanes + tile - 1) / tile;
}

/** Room for the sums of one tile at the start of a thread's own scratch; panels come behind it. */
const SUMS: usize = 512;

/**
 * out (rows, columns) = α·a·b + β·from, a and b in panels. A strip of out as wide as a tile gets all blocks of the depth,
 * the first over `from`, before the next strip has its turn: it is fetched once.
 */
function multiplyPanels(
  wide: bool,
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
  alpha: f32,
  beta: f32,
  sums: usize,
): void {
  for (let j = 0; j < columns; j += tileColumns(wide)) {
    const n = min(tileColumns(wide), columns - j);
    let before = at(from, j, fromStep);
    let beforeRow = fromRow;
    let beforeStep = fromStep;
    let keep = beta;
    let l = 0;
    do {
      const inner = min(height, depth - l);
      const panel = at(at(b, l, bLanes), j, inner);
      for (let i = 0; i < rows; i += tileRows(wide)) {
        const p = at(at(out, i, outRow), j, outStep);
        const q = at(before, i, beforeRow);
        const m = min(tileRows(wide), rows - i);
        const left = at(at(a, l, aLanes), i, inner);
        if (ASC_FEATURE_RELAXED_SIMD && wide) tile5x16(sums, left, panel, inner);
        else if (ASC_FEATURE_RELAXED_SIMD) tile6x8(sums, left, panel, inner);
        else tile5x8(sums, left, panel, inner);
        if (outStep == 1 && beforeStep == 1 && n == tileColumns(wide)) {
          storeTile(p, outRow, q, beforeRow, sums, tileColumns(wide), m, alpha, keep);
        } else {
          storeCorner(p, outRow, outStep, q, beforeRow, beforeStep, sums, tileColumns(wide), m, n, alpha, keep);
        }
      }
      before = at(out, j, outStep);
      beforeRow = outRow;
      beforeStep = outStep;
      keep = 1;
      l += height;
    } while (l < depth);
  }
}

/**
 * out = α·a·b + β·from in `units` blocks of rows (`byRows`), each of which packs its own rows of a, all of b being packed
 * already, or in blocks of columns, which pack their own columns of b. Blocks differ by one tile at most.
 */
function multiplyBlocks(
  wide: bool,
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
  alpha: f32,
  beta: f32,
  units: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  const panels = scratch + SUMS;
  const tile = byRows != 0 ? tileRows(wide) : tileColumns(wide);
  const lanes = byRows != 0 ? rows : columns;
  const tiles = <i64>tilesOf(lanes, tile);
  const aAll = tilesOf(rows, tileRows(wide)) * tileRows(wide);
  const bAll = tilesOf(columns, tileColumns(wide)) * tileColumns(wide);
  for (let u = begin; u < end; u++) {
    const first = <i32>((tiles * u) / units) * tile;
    const count = min(lanes, <i32>((tiles * (u + 1)) / units) * tile) - first;
    const all = tilesOf(count, tile) * tile;
    const x = at(own, first, ownLane);
    const blocks = max(1, tilesOf(depth, max(1, height)));
    const parts = tilesOf(count, tile) * blocks;
    if (byRows != 0) {
      if (tileRows(wide) == 6) pack6(panels, x, ownLane, ownDepth, count, depth, height, 0, parts);
      else pack5(panels, x, ownLane, ownDepth, count, depth, height, 0, parts);
    } else if (ASC_FEATURE_RELAXED_SIMD && wide) pack16(panels, x, ownLane, ownDepth, count, depth, height, 0, parts);
    else pack8(panels, x, ownLane, ownDepth, count, depth, height, 0, parts);
    multiplyPanels(
      wide,
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
  alpha: f32,
  beta: f32,
  units: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  multiplyBlocks(
    false, byRows, out, outRow, outStep, from, fromRow, fromStep, packed, own, ownLane, ownDepth, rows, columns,
    depth, height, alpha, beta, units, begin, end, scratch,
  );
}

export function multiplyWide(
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
  alpha: f32,
  beta: f32,
  units: i32,
  begin: i32,
  end: i32,
  scratch: usize,
): void {
  multiplyBlocks(
    true, byRows, out, outRow, outStep, from, fromRow, fromStep, packed, own, ownLane, ownDepth, rows, columns,
    depth, height, alpha, beta, units, begin, end, scratch,
  );
}

export { pack5, pack6, pack8, pack16 };
