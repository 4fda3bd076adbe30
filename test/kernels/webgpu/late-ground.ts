import * as assert from 'uvu/assert';
import type { View } from '../../../src/array/matrix.ts';
import type { Kernels, Results } from '../../../src/kernels/kernels.ts';

/** How a matrix lies in a block. */
export type Lie = 'rows' | 'transposed' | 'gaps' | 'reversed';
export const LIES = ['rows', 'transposed', 'gaps', 'reversed'] as const;

const GUARD = -7777;
const MARK = 0xffff_fff0;

/** Views in storage of late kernels, and what lies there afterwards. */
export class LateGround {
  readonly k: Kernels;
  private readonly placed: { view: View; guard: number }[] = [];

  constructor(k: Kernels) {
    this.k = k;
  }

  matrix(rows: number, columns: number, values: (i: number, j: number) => number, lie: Lie = 'rows'): View {
    const gap = lie === 'gaps' || lie === 'reversed' ? 2 : 0;
    const wide = columns + gap;
    const room = rows * wide + 2 * gap + 1;
    const [stride, offset] =
      lie === 'transposed'
        ? [[1, rows], 0]
        : lie === 'reversed'
          ? [[-wide, -1], rows * wide + gap]
          : [[wide, 1], gap === 0 ? 0 : 1];
    const view = { data: this.k.allocate(room), shape: [rows, columns], stride, offset };
    return this.fill(view, room, GUARD, (n) => values(Math.floor(n / columns), n % columns));
  }

  doubles(length: number, values: (n: number) => number): View {
    const view = { data: this.k.allocateDoubles(2 * length + 2), shape: [length], stride: [2], offset: 1 };
    return this.fill(view, 2 * length + 2, GUARD, values);
  }

  vector(length: number, values: (n: number) => number): View {
    const view = { data: this.k.allocate(2 * length + 2), shape: [length], stride: [2], offset: 1 };
    return this.fill(view, 2 * length + 2, GUARD, values);
  }

  indices(rows: number, columns: number, values: (i: number, t: number) => number = () => MARK): View {
    const room = rows * (columns + 2) + 3;
    const view = {
      data: this.k.allocateIndices(room),
      shape: [rows, columns],
      stride: [columns + 2, 1],
      offset: 2,
    };
    return this.fill(view, room, MARK, (n) => values(Math.floor(n / columns), n % columns));
  }

  lengths(rows: number, values: (i: number) => number = () => MARK): View {
    const view = { data: this.k.allocateIndices(2 * rows + 1), shape: [rows], stride: [2], offset: 1 };
    return this.fill(view, 2 * rows + 1, MARK, values);
  }

  async rowsOf(view: View): Promise<number[][]> {
    const flat = await this.k.copyOut(view);
    const [rows, columns] = view.shape;
    return Array.from({ length: rows }, (_, i) => [...flat.subarray(i * columns, (i + 1) * columns)]);
  }

  async listOf(view: View): Promise<number[]> {
    return [...(await this.k.copyOut(view))];
  }

  async slots(count: number, use: (results: Results) => void): Promise<number[]> {
    const results = this.k.allocateResults(count);
    use(results);
    return [...(await this.k.read(results))];
  }

  /** Fails where storage outside of a view was written; gives storage back. */
  async end(): Promise<void> {
    for (const { view, guard } of this.placed) {
      const inside = new Set(elementsOf(view));
      const { data } = view;
      const all = await this.k.copyOut({ data, shape: [data.length], stride: [1], offset: 0 });
      const bad = [...all].findIndex((value, n) => !inside.has(n) && value !== guard);
      assert.is(bad, -1, `element ${bad} outside of a view of ${view.shape} was written`);
      this.k.release(data);
    }
    this.placed.length = 0;
  }

  private fill(view: View, room: number, guard: number, values: (n: number) => number): View {
    const all = new Array(room).fill(guard);
    for (const [n, at] of elementsOf(view).entries()) all[at] = values(n);
    this.k.write(
      { data: view.data, shape: [view.data.length], stride: [1], offset: 0 },
      all.slice(0, view.data.length),
    );
    this.placed.push({ view, guard });
    return view;
  }
}

function elementsOf({ shape, stride, offset }: View): number[] {
  const [rows, columns] = shape.length === 2 ? shape : [1, shape[0]];
  const [down, right] = stride.length === 2 ? stride : [0, stride[0]];
  return Array.from(
    { length: rows * columns },
    (_, n) => offset + Math.floor(n / columns) * down + (n % columns) * right,
  );
}

/** Where two lists differ first; −1 where they do not. 0 equals −0, a NaN a NaN. */
export function difference(found: readonly number[], wanted: readonly number[]): number {
  if (found.length !== wanted.length) return Math.min(found.length, wanted.length);
  return wanted.findIndex((value, n) => found[n] !== value && !(Number.isNaN(value) && Number.isNaN(found[n])));
}
