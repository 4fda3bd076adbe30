import type { Numbers, View } from '../../array/matrix.ts';

// A 4×3 tile of float64 accumulators: twelve sums and seven operands stay in registers (measured: larger tiles spill,
// smaller ones load more than they multiply). Blocks of A and B are packed into float64 panels, which serves every
// stride and both precisions with one inner loop and keeps it monomorphic.
const MR = 4;
const NR = 3;
/** Block sizes: rows of A (multiple of MR), columns of B (multiple of NR), and the shared dimension. */
const MC = 128;
const NC = 240;
const KC = 256;

export type Gemm = (out: View, a: View, b: View, alpha: number, beta: number) => void;

/** out = α·a·b + β·out with float64 accumulation over the whole shared dimension; rounded once, at the store. */
export function createGemm(): Gemm {
  const panelA = new Float64Array(MC * KC);
  const panelB = new Float64Array(KC * NC);
  const sums = new Float64Array(MC * NC);

  return function gemm(out, a, b, alpha, beta) {
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
          for (let jj = 0; jj < nc; jj += NR) {
            for (let ii = 0; ii < mc; ii += MR) {
              multiplyTile(sums, ii * NC + jj, panelA, ii * kc, panelB, jj * kc, kc);
            }
          }
        }
        const first = out.offset + i * out.stride[0] + j * out.stride[1];
        store(out.data, first, out.stride[0], out.stride[1], mc, nc, sums, alpha, beta);
      }
    }
  };
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
  let q = 0;
  for (let line = 0; line < lines; line += width) {
    const full = Math.min(width, lines - line);
    for (let k = 0; k < depth; k++) {
      let p = offset + line * lineStride + k * depthStride;
      for (let w = 0; w < full; w++, p += lineStride) panel[q++] = data[p];
      for (let w = full; w < width; w++) panel[q++] = 0;
    }
  }
}

/** sums[at + i·NC + j] += Σₖ a[k·MR + i]·b[k·NR + j], i < 4, j < 3. */
function multiplyTile(
  sums: Float64Array,
  at: number,
  a: Float64Array,
  pa: number,
  b: Float64Array,
  pb: number,
  depth: number,
): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  for (const end = pa + depth * MR; pa < end; pa += MR, pb += NR) {
    const b0 = b[pb];
    const b1 = b[pb + 1];
    const b2 = b[pb + 2];
    const a0 = a[pa];
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    const a1 = a[pa + 1];
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    const a2 = a[pa + 2];
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    const a3 = a[pa + 3];
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
  }
  sums[at] += s00;
  sums[at + 1] += s01;
  sums[at + 2] += s02;
  sums[at + NC] += s10;
  sums[at + NC + 1] += s11;
  sums[at + NC + 2] += s12;
  sums[at + 2 * NC] += s20;
  sums[at + 2 * NC + 1] += s21;
  sums[at + 2 * NC + 2] += s22;
  sums[at + 3 * NC] += s30;
  sums[at + 3 * NC + 1] += s31;
  sums[at + 3 * NC + 2] += s32;
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
