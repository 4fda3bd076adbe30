import type { Context } from './context.ts';
import { benchDictionaryStep } from './dictionary/dictionary-step.ts';
import { benchDictionaryGrowth } from './dictionary/growth.ts';
import { benchFit } from './fit/fit.ts';
import { benchGemm } from './gemm/gemm.ts';
import { benchScaling } from './growth/scaling.ts';
import { benchThreads } from './growth/threads.ts';
import type { Report } from './harness/report.ts';
import { benchElementwise } from './kernels/elementwise.ts';
import { benchTopK } from './kernels/top-k.ts';
import { benchProfile } from './profile/profile.ts';
import { benchOneExample } from './small/one-example.ts';
import { benchTrainingStep } from './step/training-step.ts';
import { benchStepsProducts } from './steps/products.ts';
import { benchSteps } from './steps/steps.ts';

/** Every benchmark by its name, in the order they run. */
export const benchmarks: Readonly<Record<string, (context: Context) => Promise<Report>>> = {
  steps: benchSteps,
  'steps-products': benchStepsProducts,
  gemm: benchGemm,
  elementwise: benchElementwise,
  'top-k': benchTopK,
  'training-step': benchTrainingStep,
  'dictionary-step': benchDictionaryStep,
  'dictionary-growth': benchDictionaryGrowth,
  'one-example': benchOneExample,
  fit: benchFit,
  scaling: benchScaling,
  threads: benchThreads,
  profile: benchProfile,
};
