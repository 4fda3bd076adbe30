import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { createKernels } from '../../src/kernels/create.ts';
import { getMachine } from '../../src/kernels/simd/machine.ts';
import { loadScreenings } from '../../src/kernels/simd/screening/on-demand.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import type { Group } from '../../src/model/group.ts';
import { fit } from '../../src/training/fit.ts';
import { assertNear, joined } from '../support/shared-latents.ts';
import { splitGroups } from '../support/split-group.ts';
import { uniforms } from '../support/views.ts';

// Layers wide enough to be screened, whole and shared: the same to rounding in float32, whether each screens its own or not.

const machine = getMachine();
if (machine === null) throw new Error('these tests need WebAssembly SIMD and shared memory');
await loadScreenings(machine);

const [INPUTS, UNITS, ROWS] = [256, 8192, 120];
const x = matrix(Float32Array.from(uniforms(ROWS * INPUTS, 4)), ROWS, INPUTS);

const models: Readonly<Record<string, Partial<AutoencoderConfig>>> = {
  'top-k': { sparsity: { kind: 'top-k', k: 8 } },
  'top-k, centred, with dead units': {
    ...{ sparsity: { kind: 'top-k', k: 8 }, center: true, unitNorm: true },
    auxiliary: { kind: 'aux-k', k: 16, deadAfter: 80 },
  },
  'batch-top-k': { sparsity: { kind: 'batch-top-k', k: 4 } },
  'batch-top-k with dead units': {
    ...{ sparsity: { kind: 'batch-top-k', k: 4 }, center: true },
    auxiliary: { kind: 'aux-k', k: 16, deadAfter: 80 },
  },
};

/** `screens`: whether the kernels have screenings. */
async function run(given: Partial<AutoencoderConfig>, screens: boolean, latents?: Group) {
  const config = parseConfig({ inputs: INPUTS, hidden: UNITS, ...given });
  const kernels = createKernels('float32', { threads: 1 });
  let asked = 0;
  const screening: typeof kernels.screening = (...args) => {
    asked++;
    return screens ? (kernels.screening?.(...args) ?? null) : null;
  };
  const model = Autoencoder.over(Object.create(kernels, { screening: { value: screening } }), config, { latents });
  const costs: number[] = [];
  await fit(model, x, {
    ...{ epochs: 2, batchSize: 40, optimizer: { kind: 'sgd', learningRate: 0.02, momentum: 0.9 } },
    onProgress: ({ cost }) => void costs.push(cost),
  });
  assert.ok(asked > 0, 'the layer is wide enough to be screened');
  const kept = { ...(await model.parameters()), ...(await model.state()) } as never;
  model.dispose();
  return { kept, costs: { costs: Float64Array.from(costs) } };
}

for (const [name, config] of Object.entries(models)) {
  test(`shared latents are screened each by itself: ${name}`, async () => {
    const whole = await run(config, true);
    for (const screens of [
      [true, true],
      [true, false],
      [false, true],
    ]) {
      const parts = await Promise.all(splitGroups(2).map((group, rank) => run(config, screens[rank], group)));
      for (const { costs } of parts) assertNear(costs, whole.costs, 1e-5, `${name}, ${screens}`);
      assertNear(joined(parts.map(({ kept }) => kept)), joined([whole.kept]), 1e-4, `${name}, ${screens}`);
    }
  });
}

test.run();
