import ndarray from 'ndarray';
import type { Matrix } from '../../src/array/matrix.ts';
import type { CpuStorage } from '../../src/kernels/kernels.ts';

/** The same view, guards and gaps included, in storage that kernels allocated. */
export function inStorage(storage: CpuStorage, view: Matrix): Matrix {
  const data = storage.allocate(view.data.length);
  data.set(view.data);
  return ndarray(data, view.shape, view.stride, view.offset);
}
