import type { Activation } from '../activations/activation.ts';
import { linear } from '../activations/linear.ts';
import type { View } from '../cpu-view.ts';
import { columnStride, copy, extent, rowStride } from './vectors.ts';

/** out_ij = f(z_ij). */
export function activate(out: View, z: View, f: Activation): void {
  if (f === linear) {
    if (out !== z) copy(out, z);
    return;
  }
  const { rows, columns } = extent(out);
  const [outStep, step] = [columnStride(out), columnStride(z)];
  for (let i = 0; i < rows; i++) {
    let p = out.offset + i * rowStride(out);
    let q = z.offset + i * rowStride(z);
    for (let j = 0; j < columns; j++, p += outStep, q += step) out.data[p] = f.of(z.data[q]);
  }
}

/** out_ij = (upstream_ij + push_j)·f′(z_ij); `push` null counts as 0. */
export function delta(out: View, upstream: View, push: View | null, a: View, f: Activation): void {
  const { rows, columns } = extent(out);
  const outStep = columnStride(out);
  const upStep = columnStride(upstream);
  const aStep = columnStride(a);
  for (let i = 0; i < rows; i++) {
    const first = out.offset + i * rowStride(out);
    let p = first;
    let q = upstream.offset + i * rowStride(upstream);
    if (push !== null) {
      const pushStep = columnStride(push);
      let s = push.offset;
      for (let j = 0; j < columns; j++, p += outStep, q += upStep, s += pushStep) {
        out.data[p] = upstream.data[q] + push.data[s];
      }
    } else if (out !== upstream) {
      for (let j = 0; j < columns; j++, p += outStep, q += upStep) out.data[p] = upstream.data[q];
    }
    if (f === linear) continue; // f′ = 1
    p = first;
    q = a.offset + i * rowStride(a);
    for (let j = 0; j < columns; j++, p += outStep, q += aStep) {
      const slope = f.first(a.data[q]);
      // Where a kink makes f flat, nothing passes, whatever comes from above: no 0·∞, and no −0.
      out.data[p] = slope === 0 && f.kink ? 0 : out.data[p] * slope;
    }
  }
}
