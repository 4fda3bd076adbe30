import type { AnyNumbers, Numbers, View } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { CpuKernels, Kernels } from '../kernels/kernels.ts';
import type { LayerPass } from '../layers/layer.ts';
import { forward } from './cost.ts';
import { assertStored } from './examples-check.ts';
import { alone, type Group } from './group.ts';
import type { Network } from './network.ts';

/** How many examples go through the network at a time where no gradient is needed. */
const CHUNK = 1024;
/** Of the first chunk: 0, 1, 2, … */
const FIRST = Uint32Array.from({ length: CHUNK }, (_, i) => i);

const ONE = FIRST.subarray(0, 1);

/** Layers begin … end−1 of a network, as a way for examples. */
export interface Way {
  readonly network: Network;
  readonly begin: number;
  readonly end: number;
}

/**
 * Calls `use` with the numbers of the rows of every chunk and the chunk's own, one after another; of a group, those of the
 * chunks that this process takes: neighbours, as many as the others take, to within one.
 */
export async function eachChunk(
  m: number,
  use: (rows: Uint32Array, chunk: number) => Promise<void>,
  { rank, size }: Pick<Group, 'rank' | 'size'> = alone,
): Promise<void> {
  const chunks = chunksOf(m);
  const end = Math.floor(((rank + 1) * chunks) / size);
  for (let c = Math.floor((rank * chunks) / size); c < end; c++) await use(chunkAt(c * CHUNK, m), c);
}

/** How many chunks m examples are. */
export function chunksOf(m: number): number {
  return Math.ceil(m / CHUNK);
}

/** out ← the activations of the last layer, row-major; `last` works on them before they are read. */
export async function propagate(way: Way, x: View<AnyNumbers>, out: Numbers, last?: (a: View) => void): Promise<void> {
  const { kernels } = way.network;
  await eachChunk(x.shape[0], async (rows) => {
    const { layers, a, part } = entered(way, x, rows, out);
    await forward({ layers, m: rows.length }, alone, rows[0] > 0);
    last?.(a);
    await kernels.copyOut(a, part);
  });
}

/** The same at once. @throws InputError where kernels answer late, or a layer selects over all examples of a call. */
export function propagateNow(name: string, way: Way, x: View<AnyNumbers>, out: Numbers): void {
  const { kernels } = way.network;
  if (!isImmediate(kernels)) {
    throw new InputError(
      `${name} was called, and kernels ${kernels.name} answer later: use the method that gives a promise`,
    );
  }
  for (let begin = 0; begin < x.shape[0]; begin += CHUNK) {
    const { layers, a, part } = entered(way, x, chunkAt(begin, x.shape[0]), out);
    for (const layer of layers) {
      if (layer.select !== undefined) {
        throw new InputError(
          `${name} was called, and a layer selects over all examples of a call: use the method that gives a promise`,
        );
      }
      layer.forward(undefined, begin > 0);
    }
    kernels.copyNow(a, part);
  }
}

function isImmediate(kernels: Kernels): kernels is CpuKernels & Kernels {
  return 'copyNow' in kernels;
}

function chunkAt(begin: number, m: number): Uint32Array {
  if (m === 1) return ONE;
  const rows = FIRST.subarray(0, Math.min(CHUNK, m - begin));
  return begin === 0 ? rows : rows.map((i) => begin + i);
}

/** Rows of x where they go in; the layers that are left, what they end in, and its part of `out`. */
function entered({ network, begin, end }: Way, x: View<AnyNumbers>, rows: Uint32Array, out: Numbers) {
  const pass = network.pass(rows.length);
  const all = pass.layers;
  const { a } = all[end - 1].code;
  const columns = a.shape[1];
  const input = begin === 0 ? pass.x : all[begin - 1].code.a;
  assertStored(x);
  network.kernels.gatherRows(input, x, rows);
  if (begin > 0) all[begin - 1].spoiled?.();
  let layers: readonly LayerPass[] = end - begin === all.length ? all : all.slice(begin, end);
  if (begin > 0) {
    // Codes that come from outside may have any number of active units: they are read as they stand.
    const bound = network.bind(begin, rows.length, { a: input, z: input, sparse: null }, pass.x);
    layers = [{ ...bound, forward: () => bound.forward() }, ...layers.slice(1)];
  }
  const size = rows.length * columns;
  return { layers, a, part: size === out.length ? out : out.subarray(rows[0] * columns, rows[0] * columns + size) };
}
