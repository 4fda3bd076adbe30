import type { AnyNumbers } from '../../array/matrix.ts';
import { TwoByteNumbers, widened } from '../../array/two-byte.ts';
import { typeOf } from '../../array/type-of.ts';
import type { View } from '../cpu-view.ts';
import type { Kernels } from '../kernels.ts';
import type { Machine } from './machine.ts';
import { columnStep, rowStep, rowWalk, runWalk } from './operands.ts';

/** Row i of out = row rows[i] of data. The caller's data lie outside of WebAssembly memory: rows are copied in whole. */
export function createGatherRows(
  machine: Machine,
  threads: number,
  otherwise: Kernels['gatherRows'],
): Kernels['gatherRows'] {
  return function gatherRows(out: View, data: View<AnyNumbers>, rows: Uint32Array): void {
    const { data: source, unit = 1 } = data;
    if (columnStep(data) !== 1 || rows.length === 0) otherwise(out, data, rows);
    else if (isFloat(source) && unit === 1 && columnStep(out) === 1) copyRows(out, data, source, rows);
    else if (source instanceof TwoByteNumbers) widenRows(out, data, source, rows);
    else if (isBytes(source) && Math.fround(unit) === unit) convertRows(out, data, source, rows, unit);
    else otherwise(out, data, rows);
  };

  /** Bytes are copied as they are, and become numbers, divided by the unit, in WebAssembly. */
  function convertRows(
    out: View,
    data: View<AnyNumbers>,
    source: Uint8Array | Uint8ClampedArray,
    rows: Uint32Array,
    unit: number,
  ): void {
    const columns = out.shape[1];
    const bytes = machine.staging.bytes(rows.length * columns + 3); // the kernel reads them in fours
    for (let i = 0; i < rows.length; i++) {
      const from = data.offset + rows[i] * rowStep(data);
      bytes.set(source.subarray(from, from + columns), i * columns);
    }
    runWalk(machine, threads, 'convertBytes', rowWalk(out), bytes.byteOffset, unit);
  }
}

function copyRows(out: View, data: View<AnyNumbers>, source: Float32Array, rows: Uint32Array): void {
  const columns = out.shape[1];
  for (let i = 0; i < rows.length; i++) {
    const from = data.offset + rows[i] * rowStep(data);
    out.data.set(source.subarray(from, from + columns), out.offset + i * rowStep(out));
  }
}

/** The float32 numbers that the words stand for are looked up, which takes no longer than the rest of a step notices. */
function widenRows(out: View, x: View<AnyNumbers>, { bits, kind }: TwoByteNumbers, rows: Uint32Array): void {
  const values = widened(kind);
  const { unit = 1 } = x;
  const { data } = out;
  const step = columnStep(out);
  const columns = out.shape[1];
  for (let i = 0; i < rows.length; i++) {
    const from = x.offset + rows[i] * rowStep(x);
    const to = out.offset + i * rowStep(out);
    if (unit === 1 && step === 1) for (let j = 0; j < columns; j++) data[to + j] = values[bits[from + j]];
    else for (let j = 0; j < columns; j++) data[to + j * step] = values[bits[from + j]] / unit;
  }
}

function isBytes(source: AnyNumbers): source is Uint8Array | Uint8ClampedArray {
  return typeOf(source).startsWith('Uint8');
}

function isFloat(source: AnyNumbers): source is Float32Array {
  return typeOf(source) === 'Float32Array';
}
