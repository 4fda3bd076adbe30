import { matrixView, transposed, vectorView } from '../../../array/matrix.ts';
import type { View } from '../../../kernels/cpu-view.ts';
import type { CpuStorage } from '../../../kernels/kernels.ts';
import type { Machine } from '../../../kernels/simd/machine.ts';
import { JOB_BYTES } from '../../../kernels/simd/screening/job.ts';
import { ProductScreening } from '../../../kernels/simd/screening/product-screening.ts';
import type { Way } from '../../../kernels/simd/screening/ways.ts';
import { createSimdKernels } from '../../../kernels/simd/simd.ts';
import { between, type Ground, type NumbersOf, signed } from '../ground.ts';
import type { Case, Cases } from './case.ts';

/** Depths, by turns: of one block of the products, and of two. */
const DEPTHS = [37, 420];
/** Rows and units beside those of a shape, for products of fewer are not screened; and the most units. */
const [ROWS, UNITS, MOST_UNITS] = [48, 64, 400];
const K = 4;

/** What goes one way, whatever it takes. */
const always = (way: Way) => ({ next: () => way, took() {} });

/** Storage whose blocks are compared as they are left: panels and bounds, which decide what is looked at, too. */
function storageOn(ground: Ground): CpuStorage & { forget(): void } {
  const { kernels } = ground;
  const blocks: Uint32Array[] = [];
  return {
    ...kernels,
    allocateIndices(length) {
      const block = ground.indices(null, length).data as Uint32Array;
      blocks.push(block);
      return block;
    },
    release() {},
    /** Clears the job, whose pointers are no result. */
    forget() {
      for (const block of blocks) if (4 * block.length === JOB_BYTES) block.fill(0);
    },
  };
}

/** Products that are screened by the modules of their own: the k largest, what is above bounds, and candidates for them. */
export function screeningCases(machine: Machine): Cases {
  const caseOf = (way: Way, relaxed: boolean): Case => {
    const kernels = createSimdKernels(machine, { threads: 1, deterministic: !relaxed });
    return (ground, rows, columns) => {
      const [m, h] = [ROWS + rows, UNITS + Math.min(columns, MOST_UNITS)];
      const matrix = (n: number, d: number, values: NumbersOf) =>
        matrixView(ground.flat(n * d, values).data as Float32Array, n, d);
      const out = (n: number) => matrix(m, n, () => 7) as View;
      const d = DEPTHS[columns % 2];
      const weight = transposed(matrix(h, d, signed(7))) as View;
      const bias = ground.flat(h, signed(8)) as View;
      const product = { x: matrix(m, d, signed(6)) as View, weight, bias };
      const storage = storageOn(ground);
      const screening = new ProductScreening(machine, 1, kernels, storage, relaxed, always(way));
      const indices = matrixView(ground.indices(null, m * K).data as Uint32Array, m, K);
      screening.largest(out(K), indices, out(h), product, true);
      // Some 2 % of z lie above. The first call takes all of the product, and finds them to be few.
      const theta = vectorView(ground.flat(h, between(0.65 * Math.sqrt(d), 0.85 * Math.sqrt(d))).data as Float32Array);
      for (let call = 0; call < 2; call++) screening.above(out(h), product, theta);
      screening.candidates(out(h), product, theta);
      storage.forget();
      const { exact, again, left } = screening.counts;
      ground.doubles(3, (n) => [exact, again, left][n]);
    };
  };
  return {
    'screening int16': caseOf('int16', false),
    ...(machine.modules.screening?.relaxed
      ? { 'screening int16 relaxed': caseOf('int16', true), 'screening int8 relaxed': caseOf('int8', true) }
      : {}),
  };
}
