import type { AnyNumbers } from '../../array/matrix.ts';
import type { View } from '../cpu-view.ts';

/** Rows and columns of a view. */
interface Extent {
  readonly rows: number;
  readonly columns: number;
}

/** A view of rank 1 counts as one row. */
export function extent(view: View<AnyNumbers>): Extent {
  const { shape } = view;
  return shape.length === 1 ? { rows: 1, columns: shape[0] } : { rows: shape[0], columns: shape[1] };
}

export function rowStride(view: View<AnyNumbers>): number {
  return view.stride.length === 1 ? 0 : view.stride[0];
}

export function columnStride(view: View<AnyNumbers>): number {
  return view.stride[view.stride.length - 1];
}

/** out = value. */
export function fill(out: View, value: number): void {
  const { rows, columns } = extent(out);
  const step = columnStride(out);
  for (let i = 0; i < rows; i++) {
    let p = out.offset + i * rowStride(out);
    for (let j = 0; j < columns; j++, p += step) out.data[p] = value;
  }
}

/** out = values, row-major. */
export function write(out: View, values: ArrayLike<number>): void {
  const { rows, columns } = extent(out);
  const step = columnStride(out);
  if (step === 1 && (rows === 1 || rowStride(out) === columns) && values.length === rows * columns) {
    out.data.set(values, out.offset); // many times as fast where both are typed arrays
    return;
  }
  for (let i = 0, q = 0; i < rows; i++) {
    let p = out.offset + i * rowStride(out);
    for (let j = 0; j < columns; j++, p += step) out.data[p] = values[q++];
  }
}

/** out = x. */
export function copy(out: View, x: View): void {
  const { rows, columns } = extent(out);
  const outStep = columnStride(out);
  const step = columnStride(x);
  for (let i = 0; i < rows; i++) {
    let p = out.offset + i * rowStride(out);
    let q = x.offset + i * rowStride(x);
    for (let j = 0; j < columns; j++, p += outStep, q += step) out.data[p] = x.data[q];
  }
}

/** out += α·x. */
export function axpy(out: View, alpha: number, x: View): void {
  const { rows, columns } = extent(out);
  const outStep = columnStride(out);
  const step = columnStride(x);
  const target = out.data;
  const source = x.data;
  for (let i = 0; i < rows; i++) {
    let p = out.offset + i * rowStride(out);
    let q = x.offset + i * rowStride(x);
    for (let j = 0; j < columns; j++, p += outStep, q += step) target[p] += alpha * source[q];
  }
}

/** out *= α. */
export function scale(out: View, alpha: number): void {
  const { rows, columns } = extent(out);
  const step = columnStride(out);
  for (let i = 0; i < rows; i++) {
    let p = out.offset + i * rowStride(out);
    for (let j = 0; j < columns; j++, p += step) out.data[p] *= alpha;
  }
}

/** out = α·x + β·y. */
export function blend(out: View, x: View, alpha: number, y: View, beta: number): void {
  const { rows, columns } = extent(out);
  const [outStep, xStep, yStep] = [columnStride(out), columnStride(x), columnStride(y)];
  for (let i = 0; i < rows; i++) {
    let p = out.offset + i * rowStride(out);
    let q = x.offset + i * rowStride(x);
    let r = y.offset + i * rowStride(y);
    for (let j = 0; j < columns; j++, p += outStep, q += xStep, r += yStep) {
      out.data[p] = alpha * x.data[q] + beta * y.data[r];
    }
  }
}

/** out += a ⊙ b. */
export function addProducts(out: View, a: View, b: View): void {
  const { rows, columns } = extent(out);
  const outStep = columnStride(out);
  const [aStep, bStep] = [columnStride(a), columnStride(b)];
  const [target, left, right] = [out.data, a.data, b.data];
  for (let i = 0; i < rows; i++) {
    let p = out.offset + i * rowStride(out);
    let q = a.offset + i * rowStride(a);
    let r = b.offset + i * rowStride(b);
    for (let j = 0; j < columns; j++, p += outStep, q += aStep, r += bStep) target[p] += left[q] * right[r];
  }
}

/** sums[slot] += Σ x·y. */
export function dot(sums: Float64Array, slot: number, x: View, y: View): void {
  const { rows, columns } = extent(x);
  const xStep = columnStride(x);
  const yStep = columnStride(y);
  const left = x.data;
  const right = y.data;
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    let p = x.offset + i * rowStride(x);
    let q = y.offset + i * rowStride(y);
    for (let j = 0; j < columns; j++, p += xStep, q += yStep) sum += left[p] * right[q];
  }
  sums[slot] += sum;
}

/** out_ij = row_j. */
export function broadcastRow(out: View, row: View): void {
  const { rows, columns } = extent(out);
  const step = columnStride(out);
  const rowStep = columnStride(row);
  for (let i = 0; i < rows; i++) {
    let p = out.offset + i * rowStride(out);
    let q = row.offset;
    for (let j = 0; j < columns; j++, p += step, q += rowStep) out.data[p] = row.data[q];
  }
}

/** out_ij += s_i·x_ij. */
export function addScaledRows(out: View, s: View, x: View): void {
  const [rows, columns] = out.shape;
  for (let i = 0; i < rows; i++) {
    const factor = s.data[s.offset + i * s.stride[0]];
    let p = out.offset + i * out.stride[0];
    let q = x.offset + i * x.stride[0];
    for (let j = 0; j < columns; j++, p += out.stride[1], q += x.stride[1]) out.data[p] += factor * x.data[q];
  }
}

/** out_ij += α u_i v_j. */
export function addOuter(out: View, alpha: number, u: View, v: View): void {
  const [rows, columns] = out.shape;
  for (let i = 0; i < rows; i++) {
    const factor = alpha * u.data[u.offset + i * columnStride(u)];
    let p = out.offset + i * out.stride[0];
    let q = v.offset;
    for (let j = 0; j < columns; j++, p += out.stride[1], q += columnStride(v)) out.data[p] += factor * v.data[q];
  }
}

/** out_i += α x_i·v. */
export function addRowDots(out: View, alpha: number, x: View, v: View): void {
  const [rows, columns] = x.shape;
  for (let i = 0; i < rows; i++) {
    let p = x.offset + i * x.stride[0];
    let q = v.offset;
    let sum = 0;
    for (let j = 0; j < columns; j++, p += x.stride[1], q += columnStride(v)) sum += x.data[p] * v.data[q];
    out.data[out.offset + i * columnStride(out)] += alpha * sum;
  }
}

/** out_i = Σⱼ x_ij². */
export function rowSquaredNorms(out: View, x: View): void {
  const [rows, columns] = x.shape;
  for (let i = 0; i < rows; i++) {
    let q = x.offset + i * x.stride[0];
    let sum = 0;
    for (let j = 0; j < columns; j++, q += x.stride[1]) sum += x.data[q] * x.data[q];
    out.data[out.offset + i * out.stride[0]] = sum;
  }
}

/** Row i of out = row rows[i] of data, divided by data's unit. */
export function gatherRows(out: View, data: View<AnyNumbers>, rows: Uint32Array): void {
  const { columns } = extent(out);
  const { unit = 1 } = data;
  const outStep = columnStride(out);
  const step = columnStride(data);
  for (let i = 0; i < rows.length; i++) {
    let p = out.offset + i * rowStride(out);
    let q = data.offset + rows[i] * rowStride(data);
    for (let j = 0; j < columns; j++, p += outStep, q += step) out.data[p] = data.data[q] / unit;
  }
}
