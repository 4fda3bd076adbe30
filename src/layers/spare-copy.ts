import { type Block, matrixView, type View } from '../array/matrix.ts';
import type { Kernels, Storage } from '../kernels/kernels.ts';

/** Copies matrices into storage that grows to the largest of them; a copy holds until the next one. */
export function spareCopy(k: Kernels, storage: Storage): (a: View) => View {
  let spare: Block | null = null;
  let room = 0;
  return (a) => {
    const [m, columns] = a.shape;
    if (spare === null || m * columns > room) {
      if (spare !== null) storage.release(spare);
      room = m * columns;
      spare = storage.allocate(room);
    }
    const copy = matrixView(spare, m, columns);
    k.copy(copy, a);
    return copy;
  };
}
