import type { Numbers } from '../../array/matrix.ts';
import type { View } from '../cpu-view.ts';

// A 3×2 tile of float64 accumulators. V8 computes all products of a round before it adds them, so a tile needs twice its
// sums in registers: six sums, six products and five operands just fit sixteen, and larger tiles spill. Blocks of A and B
// are packed into float64 panels, which serves every stride and both precisions with one inner loop.
const MR = 3;
const NR = 2;
/** Block sizes: rows of A (multiple of MR), columns of B (multiple of NR), and the shared dimension. */
const MC = 126;
const NC = 240;
const KC = 256;

export type Gemm = (out: View, a: View, b: View, alpha: number, beta: number) => void;

let shared: Gemm | undefined;

/**
 * out = α·a·b + β·out with float64 accumulation over the whole shared dimension; rounded once, at the store.
 * All reference kernels share one instance: where a closure exists once, V8 takes its panels for constants, which makes
 * the inner loop 1.7 times as fast (measured). The panels are scratch: a call leaves nothing in them that another reads.
 */
export function createGemm(): Gemm {
  shared ??= build();
  return shared;
}

function build(): Gemm {
  // Longer than any masked index of `multiplyTile`, so that V8 can leave its bounds checks out.
  const panelA = new Float64Array(2 ** 17);
  const panelB = new Float64Array(2 ** 17);
  const sums = new Float64Array(MC * NC);

  function gemm(out: View, a: View, b: View, alpha: number, beta: number): void {
    const [rows, columns] = out.shape;
    const depth = a.shape[1];
    for (let i = 0; i < rows; i += MC) {
      const mc = Math.min(MC, rows - i);
      for (let j = 0; j < columns; j += NC) {
        const nc = Math.min(NC, columns - j);
        sums.fill(0);
        for (let k = 0; k < depth; k += KC) {
          const kc = Math.min(KC, depth - k);
          pack(panelA, MR, a.data, a.offset + i * a.stride[0] + k * a.stride[1], a.stride[0], a.stride[1], mc, kc);
          pack(panelB, NR, b.data, b.offset + k * b.stride[0] + j * b.stride[1], b.stride[1], b.stride[0], nc, kc);
          multiplyBlock(mc, nc, kc);
        }
        const first = out.offset + i * out.stride[0] + j * out.stride[1];
        store(out.data, first, out.stride[0], out.stride[1], mc, nc, sums, alpha, beta);
      }
    }
  }

  /** sums += panelA·panelB over an (mc, nc) block with kc terms each, tile by tile. */
  function multiplyBlock(mc: number, nc: number, kc: number): void {
    for (let j = 0; j < nc; j += NR) {
      for (let i = 0; i < mc; i += MR) multiplyTile(i * NC + j, i * kc, j * kc, kc);
    }
  }

  /**
   * sums[at + i·NC + j] += Σₖ panelA[pa + k·MR + i]·panelB[pb + k·NR + j], i < 3, j < 2. The strides are written out: a
   * bundler may turn module constants into variables.
   */
  function multiplyTile(at: number, aStart: number, bStart: number, length: number): void {
    const pa = aStart & 0xffff; // no start reaches 2¹⁶, no length 2⁹: the masks only tell V8 so
    const pb = bStart & 0xffff;
    const depth = length & 0x1ff;
    let s00 = 0;
    let s01 = 0;
    let s10 = 0;
    let s11 = 0;
    let s20 = 0;
    let s21 = 0;
    for (let k = 0; k < depth; k++) {
      const p = pa + k * 3;
      const q = pb + k * 2;
      const b0 = panelB[q];
      const b1 = panelB[q + 1];
      const a0 = panelA[p];
      s00 += a0 * b0;
      s01 += a0 * b1;
      const a1 = panelA[p + 1];
      s10 += a1 * b0;
      s11 += a1 * b1;
      const a2 = panelA[p + 2];
      s20 += a2 * b0;
      s21 += a2 * b1;
    }
    sums[at] += s00;
    sums[at + 1] += s01;
    sums[at + 240] += s10;
    sums[at + 241] += s11;
    sums[at + 480] += s20;
    sums[at + 481] += s21;
  }

  return gemm;
}

/**
 * Packs `lines` lines of `depth` elements into panels of `width` lines: panel, then depth, then line within the panel.
 * The last panel is padded with zeros, so the tile kernel never looks at an edge.
 */
function pack(
  panel: Float64Array,
  width: number,
  data: Numbers,
  offset: number,
  lineStride: number,
  depthStride: number,
  lines: number,
  depth: number,
): void {
  for (let line = 0; line < lines; line += width) {
    const start = line * depth;
    for (let w = 0; w < width; w++) {
      const from = offset + (line + w) * lineStride;
      if (line + w < lines) packLine(panel, start + w, width, data, from, depthStride, depth);
      else for (let k = 0; k < depth; k++) panel[start + w + k * width] = 0;
    }
  }
}

/** panel[to + k·width] = data[from + k·stride], k < depth. */
function packLine(
  panel: Float64Array,
  to: number,
  width: number,
  data: Numbers,
  from: number,
  stride: number,
  depth: number,
): void {
  for (let k = 0; k < depth; k++) panel[to + k * width] = data[from + k * stride];
}

/** out = α·sums + β·out over an (mc, nc) block; β = 0 overwrites whatever out held. */
function store(
  data: Numbers,
  first: number,
  rowStride: number,
  columnStride: number,
  mc: number,
  nc: number,
  sums: Float64Array,
  alpha: number,
  beta: number,
): void {
  for (let i = 0; i < mc; i++) {
    let p = first + i * rowStride;
    for (let q = i * NC, end = q + nc; q < end; q++, p += columnStride) {
      data[p] = beta === 0 ? alpha * sums[q] : alpha * sums[q] + beta * data[p];
    }
  }
}
