import { matrixView, vectorView } from '../../../array/matrix.ts';
import type { View } from '../../cpu-view.ts';
import type { CpuKernels, CpuStorage } from '../../kernels.ts';
import { type Indices, type Product, turned } from './rows.ts';

/** What it works with. */
interface Place {
  readonly kernels: CpuKernels;
  readonly storage: CpuStorage;
  /** Z of a product. */
  multiply(z: View, product: Product): void;
}

/** As `selectSilent`: z of silent units alone is computed, from their rows of W gathered, for as a rule they are few or none. */
export function largestOfSilent(
  out: { readonly values: View; readonly indices: Indices; readonly lengths: Indices },
  { x, weight, bias }: Product,
  { silence, limit }: { readonly silence: View; readonly limit: number },
  { kernels, storage, multiply }: Place,
): void {
  const { values, indices, lengths } = out;
  const [m, width] = values.shape;
  const silent: number[] = [];
  for (let j = 0; j < silence.shape[0]; j++) {
    if (silence.data[silence.offset + j * silence.stride[0]] >= limit) silent.push(j);
  }
  const n = Math.min(width, silent.length);
  for (let i = 0; i < m; i++) lengths.data[lengths.offset + i * lengths.stride[0]] = n;
  if (n === 0) return;
  const all = silent.length;
  const blocks = [storage.allocate(all * x.shape[1]), storage.allocate(all), storage.allocate(m * all)];
  const [w, b, z] = [matrixView(blocks[0], all, x.shape[1]), vectorView(blocks[1]), matrixView(blocks[2], m, all)];
  kernels.gatherRows(w, turned(weight), Uint32Array.from(silent));
  for (const [t, j] of silent.entries()) b.data[t] = bias.data[bias.offset + j * bias.stride[0]];
  multiply(z, { x, weight: turned(w), bias: b });
  kernels.selectLargest({ ...values, shape: [m, n] }, { ...indices, shape: [m, n] }, z);
  for (let i = 0; i < m; i++) {
    const at = indices.offset + i * indices.stride[0];
    for (let t = at; t < at + n; t++) indices.data[t] = silent[indices.data[t]];
  }
  for (const block of blocks) storage.release(block);
}
