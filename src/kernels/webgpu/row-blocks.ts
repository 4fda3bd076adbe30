import type { View } from '../../array/matrix.ts';
import { type GpuBlock, WIDTH } from './block.ts';
import type { Stage } from './call.ts';
import { bytesOf, extent, longest, steps } from './pieces.ts';

/** `count` rows of a matrix, or numbers of a vector, from one on. */
export function rowsOf<V extends View | null>(view: V, begin: number, count: number): V {
  if (view === null) return view;
  return { ...view, shape: [count, ...view.shape.slice(1)], offset: view.offset + begin * view.stride[0] };
}

/** Rows that each of these matrices can be bound with. */
export function rowsAtOnce({ device }: Stage, views: readonly (View | null)[]): number {
  const most = longest(device.info.limits.largestBinding);
  const fit = views.map((view) => {
    if (view === null) return Number.POSITIVE_INFINITY;
    const bytes = Math.abs(steps(view)[0]) * WIDTH[(view.data as GpuBlock).kind];
    return bytes === 0 ? Number.POSITIVE_INFINITY : 1 + Math.floor((most - bytesOf(view, 1, extent(view)[1])) / bytes);
  });
  return Math.max(1, Math.min(...fit));
}

/** Calls `use` with blocks of rows no longer than these matrices, which kernels go through row by row, can be bound with. */
export function inRows(
  stage: Stage,
  rows: number,
  views: readonly (View | null)[],
  use: (part: <V extends View | null>(view: V) => V, count: number, begin: number) => void,
): void {
  const most = rowsAtOnce(stage, views);
  for (let begin = 0; begin < rows; begin += most) {
    const count = Math.min(most, rows - begin);
    use((view) => rowsOf(view, begin, count), count, begin);
  }
}
