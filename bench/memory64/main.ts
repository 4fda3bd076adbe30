// npm run bench:memory64: what a memory of 64-bit addresses costs the kernels, on the same shapes, by turns. Needs an engine
// that has one, such as Node 24.
import { type Matrix, matrix } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import { PLAIN, RELAXED, type Tile, WIDE } from '../../src/kernels/simd/tiles.ts';
import { effort, measure, type Subject } from '../harness/measure.ts';
import { publish } from '../harness/publish.ts';
import { digits, duration, type Report } from '../harness/report.ts';
import { BEGIN, createBoth, type Kernels } from './kernels.ts';

const [M, N, DEPTH] = [512, 512, 512];
const [ROWS, COLUMNS] = [4096, 1024];
const A = BEGIN;
const B = A + 4 * M * DEPTH;
const OUT = B + 4 * N * DEPTH;
const X = OUT + 4 * M * N;
const Y = X + 4 * ROWS * COLUMNS;
const END = Y + 4 * ROWS * COLUMNS;

interface Case {
  readonly name: string;
  /** Where the result lies, and how many numbers it is. */
  readonly result: readonly [number, number];
  run(kernels: Kernels): () => void;
}

function product(tile: Tile): Case {
  return {
    name: `A·B, 512³, ${tile.name}, tile ${tile.rows}×${tile.columns}`,
    result: [OUT, M * N],
    run: (kernels) => {
      const view = (at: number, rows: number, columns: number): Matrix<Float32Array> =>
        matrix(new Float32Array(kernels.memory.buffer, at, rows * columns), rows, columns);
      const [out, a, b] = [view(OUT, M, N), view(A, M, DEPTH), view(B, DEPTH, N)];
      const gemm = kernels.gemm(tile);
      return () => gemm(out, a, b, 1, 0);
    },
  };
}

function axpy(name: string, rows: number, columns: number, step: number): Case {
  const walk = [columns, rows * columns, Y, columns * step, step, X, columns * step, step, 0.001];
  return {
    name: `axpy, ${name}`,
    result: [Y, rows * columns * step],
    run: (kernels) => () => kernels.run('axpy', 1, rows, 1, ...walk),
  };
}

const CASES: readonly Case[] = [
  ...[PLAIN, RELAXED, WIDE].map(product),
  axpy('64×256, in level 2', 64, 256, 1),
  axpy('4096×1024, in memory', ROWS, COLUMNS, 1),
  axpy('64×256, steps of 3: gathered', 64, 256, 3),
];

/** @throws Error unless both give the same bits: nothing is timed then. */
function assertSame({ name, result: [at, length], run }: Case, both: readonly Kernels[]): void {
  const bits = both.map((kernels) => {
    const values = fillUniform(new Float32Array((END - A) / 4), { seed: 1, stream: stream.testing }, -1, 1);
    new Float32Array(kernels.memory.buffer, A, values.length).set(values);
    run(kernels)();
    return new Uint32Array(kernels.memory.buffer, at, length).slice();
  });
  const differs = bits[0].findIndex((value, i) => value !== bits[1][i]);
  if (differs >= 0) throw new Error(`${name}: number ${differs} differs: nothing was timed`);
}

async function bench(): Promise<Report> {
  const both = createBoth(END);
  const rows: string[][] = [];
  const records: Record<string, unknown>[] = [];
  for (const each of CASES) {
    assertSame(each, both);
    const subjects: Subject[] = both.map((kernels) => ({ name: `${kernels.bits} bits`, run: each.run(kernels) }));
    const [narrow, wide] = await measure(subjects, { ...effort.full, rounds: 9, roundTime: 60 });
    const over = wide.median / narrow.median;
    rows.push([each.name, duration(narrow.median), duration(wide.median), `${digits(over)}×`]);
    records.push({ row: each.name, narrow, wide, over });
  }
  return {
    title: 'Kernels over memories of 32-bit and of 64-bit addresses, one thread',
    checked: 'both give the same bits, before timing',
    columns: ['kernel', '32 bits', '64 bits', '64 over 32'],
    rows,
    records,
    notes: [
      'the same sources: a 32-bit address cannot pass the guard pages behind its memory, a 64-bit one is checked at every load and store',
    ],
  };
}

publish('bench:memory64', 'memory64', await bench());
