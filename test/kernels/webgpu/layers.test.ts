import { test } from 'uvu';
import { layerCases } from '../../../src/node/turbo/cases/layers.ts';
import { optimizerCases } from '../../../src/node/turbo/cases/optimizers.ts';
import { gpuKernels } from '../../support/gpu.ts';
import { assertAgree } from './agree.ts';

const gpu = await gpuKernels();

for (const [name, run] of Object.entries({ ...layerCases(), ...optimizerCases })) {
  test(`WebGPU agrees with the reference: ${name}`, async () => {
    if (gpu !== null) await assertAgree(gpu, { [name]: run });
  });
}

test.run();
