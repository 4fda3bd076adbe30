import type { Block, View } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import type { Python } from '../beside/python.ts';
import type { Timing } from '../harness/measure.ts';
import { timing } from '../harness/measure.ts';
import { REPEAT } from './repeat.ts';

/** Elements that are checked, against sums in float64. */
const CHECKED = 256;
const PRODUCTS = [
  ['A·B', false, false],
  ['Aᵀ·B', true, false],
  ['A·Bᵀ', false, true],
  ['Aᵀ·Bᵀ', true, true],
] as const;

export interface ProductRow extends Timing {
  readonly who: string;
  readonly gflops: number;
}

/** Square products in all four transposes, ours and PyTorch's, each checked before it is timed. */
export async function benchProducts(
  kernels: Kernels,
  torch: Python | null,
  n: number,
  samples: number,
  calls: number,
): Promise<ProductRow[]> {
  const [x, y] = [1, 2].map((seed) => fillUniform(new Float32Array(n * n), { seed, stream: stream.testing }, -1, 1));
  const place = (values: Float32Array | null): View => {
    const view: View = { data: kernels.allocate(n * n), shape: [n, n], stride: [n, 1], offset: 0 };
    if (values !== null) kernels.write(view, values);
    return view;
  };
  const [a, b, out] = [place(x), place(y), place(null)];
  const results = kernels.allocateResults(1);
  const turned = (view: View, isTurned: boolean): View => (isTurned ? { ...view, stride: [1, n] } : view);
  const rows: ProductRow[] = [];
  for (const [name, transposeA, transposeB] of PRODUCTS) {
    const row = (who: string, times: readonly number[]) => {
      const one = timing(`${name} ${n}³`, times);
      rows.push({ ...one, who, gflops: (2 * n ** 3) / one.median / 1e6 });
    };
    const check = (who: string, got: ArrayLike<number>) => assertElements(who, got, x, y, n, transposeA, transposeB);
    const [left, right] = [turned(a, transposeA), turned(b, transposeB)];
    kernels.gemm(out, left, right, 1, 0);
    check(`rhohat ${name}`, await kernels.copyOut(out));
    const times: number[] = [];
    for (let s = 0; s < samples; s++) {
      const begin = performance.now();
      for (let c = 0; c < calls; c++) kernels.gemm(out, left, right, 1, 0);
      await kernels.read(results); // waits for all of them
      times.push((performance.now() - begin) / calls);
    }
    row('rhohat', times);
    if (torch === null) continue;
    const path = torch.path();
    const how = { a: torch.send(x, [n, n]), b: torch.send(y, [n, n]), transposeA, transposeB, out: path };
    const id = await torch.prepare('gemm', how);
    check(`PyTorch ${name}`, torch.receive(path, 'float32'));
    const ms = await torch.subject(name, id).samples(200, 1500);
    row(
      'PyTorch',
      ms.map((each) => each / REPEAT),
    );
    await torch.forget(id);
  }
  for (const { data } of [a, b, out]) kernels.release(data as Block);
  return rows;
}

/** @throws Error where an element is not what float64 gives: nothing is timed then. */
function assertElements(
  who: string,
  got: ArrayLike<number>,
  x: Float32Array,
  y: Float32Array,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
): void {
  for (let c = 0; c < CHECKED; c++) {
    const [i, j] = [(c * 7919) % n, (c * 104729 + 3 * c) % n];
    let [sum, magnitude] = [0, 0];
    for (let k = 0; k < n; k++) {
      const product = x[transposeA ? k * n + i : i * n + k] * y[transposeB ? j * n + k : k * n + j];
      sum += product;
      magnitude += Math.abs(product);
    }
    if (!(Math.abs(got[i * n + j] - sum) <= (n + 2) * 2 ** -24 * magnitude))
      throw new Error(`${who}: (${i}, ${j}) is ${got[i * n + j]}, not ${sum}: nothing was timed`);
  }
}
