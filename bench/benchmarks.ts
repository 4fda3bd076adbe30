import type { Context } from './context.ts';
import { benchGemm } from './gemm/gemm.ts';
import type { Report } from './harness/report.ts';
import { benchTrainingStep } from './step/training-step.ts';

/** Every benchmark by its name, in the order they run. */
export const benchmarks: Readonly<Record<string, (context: Context) => Promise<Report>>> = {
  gemm: benchGemm,
  'training-step': benchTrainingStep,
};
