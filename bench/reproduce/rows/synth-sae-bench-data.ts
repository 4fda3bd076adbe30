import { type AnyNumbers, matrix, matrixView, rowRange, transposed, type View } from '../../../src/array/matrix.ts';
import type { Multiply, SynthSaeBenchOptions } from '../../../src/data/generated/synth-sae-bench/options.ts';
import { type SynthSaeBench, synthSaeBench } from '../../../src/data/generated/synth-sae-bench/synth-sae-bench.ts';
import type { RowSource } from '../../../src/data/stream/row-source.ts';
import { createKernels } from '../../../src/kernels/create.ts';
import type { TrueFeatures } from '../../../src/measures/true-features.ts';
import type { Source } from '../source.ts';

/** The rows at which evaluation and the choice of settings begin, behind all that anybody learns from. */
const EVALUATION = 2 ** 40;
export const VALIDATION = 2 ** 41;

/** Rows to learn from, made block by block, and rows to measure on. */
export interface BenchData {
  readonly train: Source;
  /** Of the rows that are measured on; the same for all dictionaries. */
  readonly evaluation: string;
  /** What they are, and what they are made of: 1 where a feature is on. Made when it is asked for, once. */
  readonly evaluate: () => Promise<{ readonly x: View<Float32Array>; readonly features: TrueFeatures }>;
}

/** Numbers of rows to learn from that are kept, half a gigabyte: more of them are made anew for every dictionary. */
const KEPT = 2 ** 27;

/** Nothing is made before it is read: a run whose steps are all kept takes no time. */
export function benchData(
  options: SynthSaeBenchOptions,
  samples: number,
  evaluated: number,
  from = EVALUATION,
): BenchData {
  const { features = 16_384, width = 768 } = options;
  const said = JSON.stringify(options);
  let making: Promise<SynthSaeBench> | undefined;
  const made = () => {
    making ??= synthSaeBench({ ...options, multiply: byKernels });
    return making;
  };
  let kept: View<AnyNumbers> | undefined;
  const source: RowSource = {
    shape: [samples, width],
    async read(begin, end, old) {
      const bench = await made();
      if (samples * width > KEPT) return bench.source(0, samples).read(begin, end, old);
      kept ??= bench.rows(0, samples);
      return rowRange(kept, begin, end);
    },
    where: (row) => `row ${row} of SynthSAEBench`,
    parts: async () => [{ name: 'SynthSAEBench', stamp: said, hash: async () => said }],
  };
  let evaluating: ReturnType<BenchData['evaluate']> | undefined;
  return {
    train: { name: `SynthSAEBench ${said} 0–${samples - 1}`, x: source },
    evaluation: `SynthSAEBench ${said} ${evaluated} rows from 2^${Math.log2(from)}`,
    evaluate() {
      evaluating ??= made().then((bench) => {
        const codes = bench.codes(from, from + evaluated);
        const on = new Uint8Array(evaluated * features);
        for (let k = 0, i = 0; k < evaluated; k++) {
          for (; i < codes.ends[k]; i++) on[k * features + codes.features[i]] = 1;
        }
        const x = bench.rows(from, from + evaluated);
        return { x, features: { directions: bench.directions, codes: matrix(on, evaluated, features) } };
      });
      return evaluating;
    },
  };
}

/** By the kernels of models, on one thread: a minute or two for what plain loops take half an hour for. */
const byKernels: Multiply = async (a, b, shape) => {
  const { rows, depth, columns } = shape;
  const k = createKernels('float32', { threads: 1 });
  try {
    const [lines, across] = shape.transposed ? [depth, rows] : [rows, depth];
    const left = matrixView(k.allocate(a.length), lines, across);
    const right = matrixView(k.allocate(b.length), depth, columns);
    const out = matrixView(k.allocate(rows * columns), rows, columns);
    k.write(left, a);
    k.write(right, b);
    k.gemm(out, shape.transposed ? transposed(left) : left, right, 1, 0);
    return (await k.copyOut(out)) as Float32Array;
  } finally {
    k.dispose();
  }
};
