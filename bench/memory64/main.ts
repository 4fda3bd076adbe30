// npm run bench:memory64: what a memory of 64-bit addresses costs the kernels, on the same shapes, by turns. Needs an engine
// that has one, such as Node 24.
import { fillUniform, stream } from '../../src/array/random.ts';
import { effort, measure, type Subject } from '../harness/measure.ts';
import { publish } from '../harness/publish.ts';
import { digits, duration, type Report } from '../harness/report.ts';
import { createBoth, type Kernels, pointer } from './kernels.ts';

/** Products of 512×512×392: one block of depth, both operands packed as in src/kernels/simd/gemm.ts. */
const [M, N, DEPTH, OWN] = [512, 512, 392, 80];
const A = 2 ** 16;
const B = A + 4 * M * DEPTH;
const OUT = B + 4 * N * DEPTH;
const PACKED = OUT + 4 * M * N;
const SCRATCH = PACKED + 4 * (N + 16) * DEPTH;
const X = SCRATCH + 2 ** 20;
const [ROWS, COLUMNS] = [4096, 1024];
const Y = X + 4 * ROWS * COLUMNS;
const END = Y + 4 * ROWS * COLUMNS;

interface Case {
  readonly name: string;
  /** Where the result lies, and how many numbers it is. */
  readonly result: readonly [number, number];
  run(kernels: Kernels): () => void;
}

function product(module: 'plain' | 'relaxed', wide: boolean): Case {
  const [ending, width, rows] = wide ? ['Wide', 16, 5] : ['', 8, module === 'relaxed' ? 6 : 5];
  const own = Math.floor(OWN / rows) * rows;
  return {
    name: `A·B, ${module}, tile ${rows}×${width}`,
    result: [OUT, M * N],
    run: (kernels) => {
      const panels = [pointer(PACKED), pointer(B), 1, N, N, DEPTH, 0, Math.ceil(N / width)];
      const pack = kernels.call('plain', `pack${width}`, panels);
      const operands = [pointer(OUT), N, 1, pointer(A), DEPTH, 1, pointer(PACKED), M, N, DEPTH, 1, 0, own];
      const blocks = [...operands, 0, Math.ceil(M / own), pointer(SCRATCH)];
      const multiply = kernels.call(module, `multiplyRows${ending}`, blocks);
      return () => {
        pack();
        multiply();
      };
    },
  };
}

function axpy(name: string, rows: number, columns: number, step: number): Case {
  const walk = [
    columns,
    rows * columns,
    pointer(Y),
    columns * step,
    step,
    pointer(X),
    columns * step,
    step,
    0.001,
    0,
    rows,
  ];
  return { name, result: [Y, rows * columns * step], run: (kernels) => kernels.call('plain', 'axpy', walk) };
}

const CASES: readonly Case[] = [
  product('plain', false),
  product('relaxed', false),
  product('relaxed', true),
  axpy('axpy, 64×256, in level 2', 64, 256, 1),
  axpy('axpy, 4096×1024, in memory', ROWS, COLUMNS, 1),
  axpy('axpy, 64×256, steps of 3: gathered', 64, 256, 3),
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
