import type { View } from '../cpu-view.ts';
import { depthBlocks } from './depth-blocks.ts';
import { type Machine, PANEL_BYTES, SCRATCH_BYTES } from './machine.ts';
import { columnStep, pointer, rowStep } from './operands.ts';
import type { Tile, TileChoice } from './tiles.ts';

/** Rows or columns that a thread packs for itself at a time, of as many blocks of the depth as there is room for: of two. */
const OWN_LANES = 80;
/** Bytes that a thread has room for behind the sums of a tile: see assembly/gemm.ts. */
const OWN_BYTES = SCRATCH_BYTES - 512;
/** Units of rows a thread, so that threads end together though one may be held up; each reads all panels of b. */
const UNITS = 12;
/** Units of columns, which read the few rows of a, are as small as so many multiplications: some twenty microseconds. */
const LEAST_WORK = 1e6;

/** One product, and how it is cut. */
interface Product {
  readonly tile: Tile;
  readonly out: View;
  readonly a: View;
  readonly b: View;
  readonly alpha: number;
  /** Whether threads share the rows of out, each with its own of a; else the columns, with those of b. */
  readonly byRows: boolean;
  /** Of a block of the depth. */
  readonly height: number;
}

/** A part of it: `count` lanes of the operand that is shared, and `depth` terms of every sum, over β·from. */
interface Part {
  readonly lane: number;
  readonly count: number;
  readonly above: number;
  readonly depth: number;
  readonly from: View;
  readonly beta: number;
}

/** An operand as its panels see it. */
interface Lanes {
  readonly begin: number;
  readonly lane: number;
  readonly depth: number;
}

/**
 * out = α·a·b + β·from, `from` being out where it is not given: both operands are packed into panels, whatever their strides;
 * the one with fewer lanes is shared. `size`: bytes a number, which the machine's kernels and the tiles are for.
 */
export function createGemm(machine: Machine, threads: number, tiles: Pick<TileChoice, 'for'>, size: 4 | 8 = 4) {
  return function gemm(out: View, a: View, b: View, alpha: number, beta: number, from = out): void {
    // A transposed out is the product of the transposed operands.
    if (columnStep(out) !== 1 && rowStep(out) === 1) multiply(flip(out), flip(b), flip(a), alpha, beta, flip(from));
    else multiply(out, a, b, alpha, beta, from);
  };

  function multiply(out: View, a: View, b: View, alpha: number, beta: number, from: View): void {
    const [rows, columns] = out.shape;
    const depth = a.shape[1];
    const tile = tiles.for(rows * columns * depth);
    const height = Math.max(1, depthBlocks(depth, size).height);
    const together = height * Math.max(1, Math.floor(OWN_BYTES / (size * OWN_LANES * height)));
    const byRows = rows >= columns;
    const product = { tile, out, a, b, alpha, byRows, height };
    const [lanes, width] = byRows ? [columns, tile.columns] : [rows, tile.rows];
    for (let above = 0; above === 0 || above < depth; above += together) {
      const part = { above, depth: Math.min(together, depth - above) };
      const over = above === 0 ? { from, beta } : { from: out, beta: 1 };
      const most = Math.floor(PANEL_BYTES / (size * width * Math.max(1, part.depth))) * width;
      for (let lane = 0; lane < lanes; lane += most) {
        multiplyPart(product, { ...part, ...over, lane, count: Math.min(most, lanes - lane) });
      }
    }
  }

  function multiplyPart({ tile, out, a, b, alpha, byRows, height }: Product, part: Part): void {
    const { lane, count, above, depth, from, beta } = part;
    const left = { begin: pointer(a) + size * above * columnStep(a), lane: rowStep(a), depth: columnStep(a) };
    const right = { begin: pointer(b) + size * above * rowStep(b), lane: columnStep(b), depth: rowStep(b) };
    const [own, shared] = byRows ? [left, right] : [right, left];
    const packed = pack(shared, part, byRows ? tile.columns : tile.rows, height);
    const place = (view: View) => {
      const [row, column] = [rowStep(view), columnStep(view)];
      return [pointer(view) + size * lane * (byRows ? column : row), row, column];
    };
    const [rows, columns] = byRows ? [out.shape[0], count] : [count, out.shape[1]];
    const many = byRows ? UNITS * threads : Math.floor((rows * columns * depth) / LEAST_WORK);
    const units = byRows ? unitsOf(many, rows, tile.rows) : unitsOf(many, columns, tile.columns);
    const operands = [...place(out), ...place(from), packed, own.begin, own.lane, own.depth];
    const scalars = [rows, columns, depth, height, alpha, beta, units];
    machine.run(tile.multiply, threads, units, 1, Number(byRows), ...operands, ...scalars);
  }

  /** Packs lanes into the shared panels, threads taking panels in turn. Where they lie. */
  function pack(
    { begin, lane: step, depth: deep }: Lanes,
    { lane, count, depth }: Part,
    width: number,
    height: number,
  ) {
    const panels = machine.sharedPanels;
    const pieces = Math.ceil(count / width) * Math.max(1, Math.ceil(depth / height));
    const grain = Math.ceil(16_384 / (width * height));
    const args = [panels, begin + size * lane * step, step, deep, count, depth, height];
    machine.run(`pack${width}`, threads, pieces, grain, ...args);
    return panels;
  }

  /** Blocks of lanes: `many`, none larger than a thread has room for, and as many for each thread. */
  function unitsOf(many: number, lanes: number, tile: number): number {
    const count = Math.ceil(lanes / tile);
    const least = Math.ceil(count / Math.floor(OWN_LANES / tile));
    if (threads === 1) return least;
    return Math.min(count, Math.ceil(Math.max(least, many) / threads) * threads);
  }
}

function flip(view: View): View {
  const { data, shape, stride, offset } = view;
  return { data, shape: [shape[1], shape[0]], stride: [stride[1], stride[0]], offset };
}
