import { test } from 'uvu';
import { dictionaryCases } from '../../../src/node/turbo/cases/dictionaries.ts';
import { layerCases } from '../../../src/node/turbo/cases/layers.ts';
import { optimizerCases } from '../../../src/node/turbo/cases/optimizers.ts';
import { gpuKernels } from '../../support/gpu.ts';
import { assertAgree, SHAPES } from './agree.ts';

const gpu = await gpuKernels();

/** What of dictionaries is no selection and no silence. */
const names = /^(jumpRelu|l0|preActivation|gated|scaleColumns|norm|tanh|project)/;
const own = Object.fromEntries(Object.entries(dictionaryCases).filter(([name]) => names.test(name)));

for (const [name, run] of Object.entries({ ...layerCases(), ...optimizerCases, ...own })) {
  test(`WebGPU agrees with the reference: ${name}`, async () => {
    // of one coordinate nothing is left but rounding
    const shapes = name === 'projectRows' ? SHAPES.filter(([, columns]) => columns > 1) : SHAPES;
    if (gpu !== null) await assertAgree(gpu, { [name]: run }, undefined, shapes);
  });
}

test.run();
