import type { View } from '../cpu-view.ts';
import { depthBlocks } from './depth-blocks.ts';
import type { Machine } from './machine.ts';
import { columnStep, pointer, rowStep } from './operands.ts';

/** Rows or columns of the operand that is packed for all threads at once; `sharedPanels` has room for a tile more. */
const SHARED_LANES = 4096;
/** Rows or columns that a thread packs for itself at a time; a multiple of every tile. */
const OWN_LANES = 80;

/** A tile, and the kernels that use it. */
export interface DoubleTile {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly multiplyRows: string;
  readonly multiplyColumns: string;
}

/** out = α·a·b + β·out: both operands are packed into panels, whatever their strides; the one with fewer lanes is shared. */
export function createDoubleGemm(machine: Machine, threads: number, tile: DoubleTile) {
  const size = 8;
  return function gemm(out: View, a: View, b: View, alpha: number, beta: number): void {
    // A transposed out is the product of the transposed operands.
    if (columnStep(out) !== 1 && rowStep(out) === 1) multiply(flip(out), flip(b), flip(a), alpha, beta);
    else multiply(out, a, b, alpha, beta);
  };

  function multiply(out: View, a: View, b: View, alpha: number, beta: number): void {
    const [rows, columns] = out.shape;
    const depth = a.shape[1];
    const { blocks, height } = depthBlocks(depth, size);
    const [outRow, outStep, aRow, aStep] = [rowStep(out), columnStep(out), rowStep(a), columnStep(a)];
    const [bRow, bStep] = [rowStep(b), columnStep(b)];
    for (let block = 0; block < blocks; block++) {
      const inner = Math.min(height, depth - block * height);
      const keep = block === 0 ? beta : 1;
      const aBlock = pointer(a) + size * block * height * aStep;
      const bBlock = pointer(b) + size * block * height * bRow;
      if (rows >= columns) {
        for (let j = 0; j < columns; j += SHARED_LANES) {
          const n = Math.min(SHARED_LANES, columns - j);
          const packed = pack(bBlock + size * j * bStep, bStep, bRow, tile.columns, n, inner);
          const own = ownLanes(rows, tile.rows);
          const target = [pointer(out) + size * j * outStep, outRow, outStep];
          const args = [...target, aBlock, aRow, aStep, packed, rows, n, inner, alpha, keep, own];
          machine.run(tile.multiplyRows, threads, Math.ceil(rows / own), 1, ...args);
        }
      } else {
        for (let i = 0; i < rows; i += SHARED_LANES) {
          const m = Math.min(SHARED_LANES, rows - i);
          const packed = pack(aBlock + size * i * aRow, aRow, aStep, tile.rows, m, inner);
          const own = ownLanes(columns, tile.columns);
          const target = [pointer(out) + size * i * outRow, outRow, outStep];
          const args = [...target, packed, bBlock, bRow, bStep, m, columns, inner, alpha, keep, own];
          machine.run(tile.multiplyColumns, threads, Math.ceil(columns / own), 1, ...args);
        }
      }
    }
  }

  /** Packs lanes into the shared panels, threads taking panels in turn. Where they lie. */
  function pack(x: number, laneStep: number, depthStep: number, width: number, lanes: number, depth: number): number {
    const panels = machine.sharedPanels;
    const grain = Math.max(1, Math.ceil(16_384 / (width * Math.max(1, depth))));
    const args = [panels, x, laneStep, depthStep, lanes, depth];
    machine.run(`pack${width}`, threads, Math.ceil(lanes / width), grain, ...args);
    return panels;
  }

  /** Lanes a block, a multiple of the tile. Every thread gets some. */
  function ownLanes(lanes: number, tile: number): number {
    const most = Math.floor(OWN_LANES / tile) * tile;
    if (threads === 1) return most;
    const share = Math.ceil(lanes / (threads * 12) / tile) * tile;
    return Math.min(most, Math.max(tile, share));
  }
}

function flip(view: View): View {
  const { data, shape, stride, offset } = view;
  return { data, shape: [shape[1], shape[0]], stride: [stride[1], stride[0]], offset };
}
