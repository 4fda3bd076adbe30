import * as assert from 'uvu/assert';
import type { Block, Numbers, View } from '../../../src/array/matrix.ts';
import type { CpuKernels, Kernels, Results } from '../../../src/kernels/kernels.ts';
import { createReferenceKernels } from '../../../src/kernels/reference/reference.ts';
import type { Cases } from '../../../src/node/turbo/cases/case.ts';
import { Ground, type Layout } from '../../../src/node/turbo/ground.ts';

type Stored = Float32Array | Float64Array | Uint32Array;

/** Shapes that no tile divides, and empty ones. */
export const SHAPES = [
  [1, 1],
  [3, 5],
  [7, 64],
  [33, 17],
  [5, 300],
  [70, 259],
] as const;

/** How far a number may be from the reference's: of itself, and of the largest beside it. */
export interface Tolerance {
  readonly relative: number;
  readonly ofLargest: number;
}

/** Kernels whose storage a case fills before they see it; `settle` brings what they have left there. */
interface Recorded {
  readonly kernels: CpuKernels;
  readonly stored: readonly Stored[];
  settle(): Promise<void>;
}

/** The oracle in float64, on numbers that float32 can hold. */
function recordReference(): Recorded {
  const inner = createReferenceKernels('float64');
  const stored: Stored[] = [];
  const seen = new Set<unknown>();
  const keep = <T extends Stored>(array: T): T => {
    stored.push(array);
    return array;
  };
  const doubles = new Set<unknown>();
  const round = (argument: unknown) => {
    const { data } = argument as { data?: unknown };
    if (!(data instanceof Float64Array) || seen.has(data) || doubles.has(data) || !stored.includes(data)) return;
    seen.add(data);
    for (let n = 0; n < data.length; n++) data[n] = Math.fround(data[n]);
  };
  const kernels = Object.fromEntries(
    Object.entries(inner).map(([name, value]) => [
      name,
      typeof value !== 'function'
        ? value
        : (...given: unknown[]) => {
            eachView(given, round);
            return (value as (...all: unknown[]) => unknown)(...given);
          },
    ]),
  ) as unknown as CpuKernels;
  return {
    kernels: {
      ...kernels,
      allocate: (length) => keep(inner.allocate(length)),
      allocateDoubles: (length) => {
        const array = keep(inner.allocateDoubles(length));
        doubles.add(array);
        return array;
      },
      allocateIndices: (length) => keep(inner.allocateIndices(length)),
      allocateResults: (length) => keep(new Float64Array(length)),
    },
    stored,
    settle: async () => {},
  };
}

/** Late kernels under arrays of this side. */
function recordGpu(gpu: Kernels): Recorded {
  const stored: Stored[] = [];
  const blocks = new Map<unknown, Block | Results>();
  const sent = new Set<unknown>();
  const keep = <T extends Stored>(array: T, block: Block | Results): T => {
    stored.push(array);
    blocks.set(array, block);
    return array;
  };
  const vector = (data: Block): View => ({ data, shape: [data.length], stride: [1], offset: 0 });
  const send = (argument: unknown) => {
    const { data } = argument as { data?: unknown };
    if (!blocks.has(data) || sent.has(data)) return;
    sent.add(data);
    gpu.write(vector(blocks.get(data) as Block), data as Stored);
  };
  const open = (argument: unknown): unknown => {
    if (argument === null || typeof argument !== 'object') return argument;
    if (blocks.has(argument)) return blocks.get(argument); // results
    if (ArrayBuffer.isView(argument) || Array.isArray(argument) || 'of' in argument) return argument;
    if ('shape' in argument) {
      const { data } = argument as View;
      return blocks.has(data) ? { ...argument, data: blocks.get(data) } : argument;
    }
    return Object.fromEntries(Object.entries(argument).map(([key, value]) => [key, open(value)]));
  };
  const kernels = Object.fromEntries(
    Object.entries(Object.getOwnPropertyDescriptors(gpu))
      .filter(([, { value }]) => typeof value === 'function')
      .map(([name, { value }]) => [
        name,
        (...given: unknown[]) => {
          eachView(given, send);
          return value(...given.map(open));
        },
      ]),
  ) as unknown as CpuKernels;
  return {
    kernels: {
      ...kernels,
      allocate: (length) => keep(new Float32Array(length) as Numbers, gpu.allocate(length)),
      allocateDoubles: (length) => keep(new Float64Array(length), gpu.allocateDoubles(length)),
      allocateIndices: (length) => keep(new Uint32Array(length), gpu.allocateIndices(length)),
      allocateResults: (length) => keep(new Float64Array(length), gpu.allocateResults(length)),
    },
    stored,
    async settle() {
      for (const array of stored) {
        const block = blocks.get(array);
        if (sent.has(array)) {
          const values = await gpu.copyOut(vector(block as Block));
          for (let n = 0; n < array.length; n++) array[n] = values[n];
        } else if (array instanceof Float64Array && isResults(block)) {
          array.set(await gpu.read(block as Results));
        }
        if (!isResults(block)) gpu.release(block as Block);
      }
    },
  };
}

function isResults(block: unknown): boolean {
  return (block as { results?: boolean }).results === true;
}

/** Calls `use` with every view among arguments, in objects too. */
function eachView(given: readonly unknown[], use: (view: object) => void): void {
  for (const argument of given) {
    if (argument === null || typeof argument !== 'object' || ArrayBuffer.isView(argument)) continue;
    if ('shape' in argument) use(argument);
    else if (!Array.isArray(argument) && !('of' in argument)) eachView(Object.values(argument), use);
  }
}

const LAYOUTS: readonly (readonly [Layout, Layout])[] = [
  ['rows', 'rows'],
  ['transposed', 'rows'],
  ['rows', 'transposed'],
  ['strided', 'reversed'],
  ['reversed', 'strided'],
];

/** Every case on a GPU gives what the reference gives in float64, in all layouts and on awkward shapes; nothing around the elements changes. */
export async function assertAgree(
  gpu: Kernels,
  cases: Cases,
  { relative, ofLargest }: Tolerance = { relative: 3e-6, ofLargest: 1e-6 },
  shapes: readonly (readonly [number, number])[] = SHAPES,
): Promise<void> {
  for (const [name, run] of Object.entries(cases)) {
    for (const [rows, columns] of shapes) {
      for (const [own, others] of LAYOUTS) {
        const exact = recordReference();
        const late = recordGpu(gpu);
        for (const { kernels } of [exact, late]) run(new Ground(kernels, own, others), rows, columns);
        await late.settle();
        const at = `${name}, ${rows}×${columns}, ${own}/${others}`;
        assert.is(late.stored.length, exact.stored.length, at);
        for (const [n, wanted] of exact.stored.entries()) {
          const got = late.stored[n];
          let largest = 0;
          for (const value of wanted) if (Math.abs(value) < 1e30) largest = Math.max(largest, Math.abs(value));
          const bad = wanted.findIndex((value, i) => {
            if (wanted instanceof Uint32Array) return value !== got[i];
            if (!Number.isFinite(Math.fround(value)))
              return !Object.is(Math.fround(value), got[i]) && !isSame(value, got[i]);
            return !(Math.abs(value - got[i]) <= relative * Math.abs(value) + ofLargest * largest + 1e-37);
          });
          assert.is(bad, -1, `${at}: block ${n} at ${bad} is ${got[bad]}, wanted ${wanted[bad]}`);
        }
      }
    }
  }
}

function isSame(wanted: number, got: number): boolean {
  return Number.isNaN(wanted) ? Number.isNaN(got) : Math.fround(wanted) === got;
}
