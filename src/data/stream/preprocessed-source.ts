import { type AnyNumbers, matrix, type Numbers, type Precision, type View, zeros } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import { refuseNonFinite } from '../finite.ts';
import { applyPreprocessing, type Preprocessing } from '../preprocessing/preprocessing.ts';
import { partsOf, type RowSource, readRowsOf, whereIn } from './row-source.ts';

const PIECE = 2 ** 21; // numbers that go through the steps at a time

/** The rows of a source after fitted steps, in the precision. Blocks are read and treated a piece at a time. */
export function preprocessedSource(
  source: RowSource,
  steps: readonly Preprocessing[],
  precision: Precision,
): RowSource {
  const [m, d] = source.shape;
  const width = steps.reduce((columns, step) => ('transform' in step ? step.transform.shape[0] : columns), d);
  const rows = Math.max(1, Math.floor(PIECE / d));
  return {
    shape: [m, width],
    where: (row) => whereIn(source, row),
    ...partsOf(source),
    async read(begin, end, old) {
      const size = (end - begin) * width;
      const out = again(old, size, precision) ?? zeros(size, precision);
      let raw: View<AnyNumbers> | undefined;
      for (let at = begin; at < end; at += rows) {
        const to = Math.min(at + rows, end);
        raw = await source.read(at, to, raw);
        const first = at;
        out.set(treat(raw, (row) => first + row).data, (at - begin) * width);
      }
      return matrix(out, end - begin, width);
    },
    async readRows(which, old) {
      const size = which.length * width;
      const out = again(old, size, precision) ?? zeros(size, precision);
      let raw: View<AnyNumbers> | undefined;
      for (let at = 0; at < which.length; at += rows) {
        const part = which.subarray(at, at + rows);
        raw = await readRowsOf(source, part, raw);
        out.set(treat(raw, (row) => part[row]).data, at * width);
      }
      return matrix(out, which.length, width);
    },
  };

  function treat(raw: View<AnyNumbers>, rowOf: (row: number) => number): View<Numbers> {
    refuseNonFinite(raw, 'data', (row) => whereIn(source, rowOf(row)));
    try {
      return applyPreprocessing(steps, raw, precision);
    } catch (error) {
      if (error instanceof InputError) throw new InputError(`${whereIn(source, rowOf(0))} and after: ${error.message}`);
      throw error;
    }
  }
}

/** The storage of an earlier block, if it is large enough: whole, as that of a short last block may be. */
function again(old: View<AnyNumbers> | undefined, size: number, precision: Precision): Numbers | null {
  if (old === undefined || old.data.buffer.byteLength < size * old.data.BYTES_PER_ELEMENT) return null;
  const { buffer } = old.data;
  return precision === 'float32' ? new Float32Array(buffer, 0, size) : new Float64Array(buffer, 0, size);
}
