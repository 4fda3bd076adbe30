import { test } from 'uvu';
import { vectorCases } from '../../../src/node/turbo/cases/vectors.ts';
import { gpuKernels } from '../../support/gpu.ts';
import { assertAgree } from './agree.ts';

const gpu = await gpuKernels();

for (const [name, run] of Object.entries(vectorCases)) {
  test(`WebGPU agrees with the reference: ${name}`, async () => {
    if (gpu !== null) await assertAgree(gpu, { [name]: run });
  });
}

test.run();
