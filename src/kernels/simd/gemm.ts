import type { View } from '../../array/matrix.ts';
import type { Machine } from './machine.ts';
import { columnStep, pointer, rowStep } from './operands.ts';

/** A tile and the kernels that use it. All tiles add the products of an element in the same order. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly multiplyRows: string;
  readonly multiplyColumns: string;
}

/** The depth is cut into equal blocks of at most this: a panel of b then fits the first cache, for every tile alike. */
const DEPTH = 256;
/** Rows or columns of the operand that is packed for all threads at once. */
const SHARED_LANES = 4096;
/** Rows or columns that a thread packs for itself at a time; a multiple of every tile. */
const OWN_LANES = 80;

/** out = α·a·b + β·out: both operands are packed into panels, whatever their strides; the one with fewer lanes is shared. */
export function createGemm(machine: Machine, threads: number, tileFor: (work: number) => Tile) {
  const shared = machine.heap.allocate(4 * DEPTH * (SHARED_LANES + 16));

  return function gemm(out: View, a: View, b: View, alpha: number, beta: number): void {
    // A transposed out is the product of the transposed operands.
    if (columnStep(out) !== 1 && rowStep(out) === 1) multiply(flip(out), flip(b), flip(a), alpha, beta);
    else multiply(out, a, b, alpha, beta);
  };

  function multiply(out: View, a: View, b: View, alpha: number, beta: number): void {
    const [rows, columns] = out.shape;
    const depth = a.shape[1];
    const blocks = Math.max(1, Math.ceil(depth / DEPTH)); // an empty sum still scales out by β
    const height = Math.ceil(depth / blocks);
    const tile = tileFor(rows * columns * depth);
    const [aRow, aStep, bRow, bStep] = [rowStep(a), columnStep(a), rowStep(b), columnStep(b)];
    for (let l = 0, first = true; first || l < depth; l += height, first = false) {
      const inner = Math.min(height, depth - l);
      const keep = first ? beta : 1;
      const [aBlock, bBlock] = [pointer(a) + 4 * l * aStep, pointer(b) + 4 * l * bRow];
      if (rows >= columns) {
        for (let j = 0; j < columns; j += SHARED_LANES) {
          const n = Math.min(SHARED_LANES, columns - j);
          pack(bBlock + 4 * j * bStep, bStep, bRow, tile.columns, n, inner);
          const target = pointer(out) + 4 * j * columnStep(out);
          const block = ownLanes(rows, tile.rows);
          const [units, grain] = [Math.ceil(rows / block), 1];
          const outSteps = [rowStep(out), columnStep(out)] as const;
          const sizes = [rows, n, inner, alpha, keep, block] as const;
          machine.run(
            tile.multiplyRows,
            threads,
            units,
            grain,
            target,
            ...outSteps,
            aBlock,
            aRow,
            aStep,
            shared,
            ...sizes,
          );
        }
      } else {
        for (let i = 0; i < rows; i += SHARED_LANES) {
          const m = Math.min(SHARED_LANES, rows - i);
          pack(aBlock + 4 * i * aRow, aRow, aStep, tile.rows, m, inner);
          const target = pointer(out) + 4 * i * rowStep(out);
          const block = ownLanes(columns, tile.columns);
          const [units, grain] = [Math.ceil(columns / block), 1];
          const outSteps = [rowStep(out), columnStep(out)] as const;
          const sizes = [m, columns, inner, alpha, keep, block] as const;
          machine.run(
            tile.multiplyColumns,
            threads,
            units,
            grain,
            target,
            ...outSteps,
            shared,
            bBlock,
            bRow,
            bStep,
            ...sizes,
          );
        }
      }
    }
  }

  /** Packs lanes into the shared panels, threads taking panels in turn. */
  function pack(x: number, laneStep: number, depthStep: number, width: number, lanes: number, depth: number): void {
    const grain = Math.max(1, Math.ceil(16_384 / (width * Math.max(1, depth))));
    machine.run(
      'packPanels',
      threads,
      Math.ceil(lanes / width),
      grain,
      shared,
      x,
      laneStep,
      depthStep,
      width,
      lanes,
      depth,
    );
  }

  /** Lanes a block: all threads get some, and a block is a multiple of the tile. */
  function ownLanes(lanes: number, tile: number): number {
    if (threads === 1) return OWN_LANES;
    const share = Math.ceil(lanes / (threads * 4) / tile) * tile;
    return Math.min(OWN_LANES, Math.max(tile, share));
  }
}

function flip(view: View): View {
  const { data, shape, stride, offset } = view;
  return { data, shape: [shape[1], shape[0]], stride: [stride[1], stride[0]], offset };
}
