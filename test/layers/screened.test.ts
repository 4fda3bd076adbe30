import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, type Numbers } from '../../src/array/matrix.ts';
import { createKernels } from '../../src/kernels/create.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { getMachine } from '../../src/kernels/simd/machine.ts';
import { loadScreenings } from '../../src/kernels/simd/screening/on-demand.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { autoencoderSpec } from '../../src/model/autoencoder-spec.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import { Engine, evaluate, firstRows } from '../../src/model/engine.ts';
import { alone, type Group, shareOf } from '../../src/model/group.ts';
import { Loader } from '../../src/model/load.ts';
import { createLayout } from '../../src/model/parameters.ts';
import { fit } from '../../src/training/fit.ts';
import { splitGroups } from '../support/split-group.ts';
import { uniforms } from '../support/views.ts';

const machine = getMachine();
if (machine === null) throw new Error('these tests need WebAssembly SIMD and shared memory');
await loadScreenings(machine);

const INPUTS = 128;
const UNITS = 8192;

const models: Readonly<Record<string, Partial<AutoencoderConfig>>> = {
  'top-k': { sparsity: { kind: 'top-k', k: 8 } },
  'top-k, centred, with dead units': {
    sparsity: { kind: 'top-k', k: 8 },
    center: true,
    auxiliary: { kind: 'aux-k', k: 16, deadAfter: 200 },
  },
  'top-k by norms of the decoder, which is not screened': { sparsity: { kind: 'top-k', k: 8, decoderNorm: true } },
  'k-sparse, linear': { sparsity: { kind: 'k-sparse', k: 6, alpha: 2, annealFrom: 40 } },
  'k-sparse, relu': { sparsity: { kind: 'k-sparse', k: 6, annealOver: 0 }, activation: 'relu' },
  'top-k, annealed': { sparsity: { kind: 'top-k', k: 8, annealFrom: 300 } },
  'batch-top-k': { sparsity: { kind: 'batch-top-k', k: 4 } },
  'batch-top-k, annealed': { sparsity: { kind: 'batch-top-k', k: 4, annealFrom: 300 } },
  'batch-top-k with dead units': {
    sparsity: { kind: 'batch-top-k', k: 4 },
    auxiliary: { kind: 'aux-k', k: 16, deadAfter: 200 },
  },
  'jump-relu': {
    sparsity: { kind: 'jump-relu', threshold: 1.2, bandwidth: 0.1, penalty: { kind: 'l0', weight: 1e-4 } },
  },
  'jump-relu by its input too': {
    sparsity: {
      kind: 'jump-relu',
      threshold: 1.2,
      bandwidth: 0.1,
      toInput: true,
      penalty: { kind: 'target-l0', target: 9, weight: 1 },
    },
  },
  'relu and L1': { sparsity: { kind: 'l1', weight: 0.01 }, activation: 'relu', output: 'linear', tied: false },
};

/** The same kernels without screening. */
const unscreened = (kernels: Kernels): Kernels => Object.create(kernels, { screening: { value: undefined } });

/** Numbers of a run: what is trained, codes and reconstructions after it. */
async function run(config: Partial<AutoencoderConfig>, screens: boolean, deterministic: boolean) {
  const m = 300;
  const x = matrix(Float32Array.from(uniforms(m * INPUTS, 9, -2, 2)), m, INPUTS);
  const full = parseConfig({ inputs: INPUTS, hidden: UNITS, seed: 4, ...config } as AutoencoderConfig);
  const kernels = createKernels('float32', { threads: 2, deterministic });
  const model = Autoencoder.over(screens ? kernels : unscreened(kernels), full);
  await fit(model, x, { epochs: 4, batchSize: 100, optimizer: { kind: 'adam', learningRate: 0.003 } });
  const bytes: Numbers[] = [];
  for (const { data } of Object.values(await model.parameters())) bytes.push(data);
  return [...bytes, (await model.encode(x)).data, (await model.reconstruct(x)).data];
}

for (const [name, config] of Object.entries(models)) {
  test(`screened or not, a model trains and encodes to the same bits: ${name}`, async () => {
    for (const deterministic of [true, false]) {
      const [screened, whole] = [await run(config, true, deterministic), await run(config, false, deterministic)];
      assert.is(screened.length, whole.length);
      for (const [i, numbers] of screened.entries()) {
        const at = numbers.findIndex((value, p) => !Object.is(value, whole[i][p]));
        assert.is(at, -1, `array ${i} at ${at}: ${numbers[at]} for ${whole[i][at]}`); // a difference of arrays is a long text
      }
    }
  });
}

/** Of BatchTopK one after the other: batches whose least survivor is a guess of the next one's, with other data each time. */
test('batch-top-k: a batch of far smaller activations has the survivors that it has unscreened', async () => {
  const config = parseConfig({ inputs: INPUTS, hidden: UNITS, seed: 4, sparsity: { kind: 'batch-top-k', k: 4 } });
  const batches = [1, 1, 0.01, 3, 0.5, 1e-4].map((scale, i) => {
    const numbers = Float32Array.from(uniforms(100 * INPUTS, i, -2, 2), (value) => scale * value);
    return matrix(numbers, 100, INPUTS);
  });
  const gradients = async (screens: boolean) => {
    const kernels = createKernels('float32', { threads: 2, deterministic: true });
    const model = Autoencoder.over(screens ? kernels : unscreened(kernels), config);
    const found: Numbers[] = [];
    for (const x of batches) found.push((await model.costAndGradient(x)).gradient['encoder.weight'].data.slice());
    model.dispose();
    return found;
  };
  const [screened, whole] = [await gradients(true), await gradients(false)];
  for (const [i, numbers] of screened.entries()) {
    const at = numbers.findIndex((value, p) => !Object.is(value, whole[i][p]));
    assert.is(at, -1, `batch ${i} at ${at}: ${numbers[at]} for ${whole[i][at]}`);
  }
});

test('batch-top-k over two processes, of which one screens: the survivors of one that does not', async () => {
  const spec = autoencoderSpec(
    parseConfig({ inputs: INPUTS, hidden: UNITS, seed: 4, sparsity: { kind: 'batch-top-k', k: 4 } }),
  );
  const theta = uniforms(createLayout(spec.parameters).length, 5, -0.1, 0.1);
  const m = 60;
  const codes = async (screens: boolean, group: Group) => {
    const kernels = createKernels('float32', { threads: 1, deterministic: true });
    const engine = new Engine(screens ? kernels : unscreened(kernels), spec, theta);
    const network = engine.createNetwork();
    const found: Numbers[] = [];
    for (const [i, scale] of [1, 1, 0.01, 3, 0.5, 1e-4].entries()) {
      const x = matrix(
        Float32Array.from(uniforms(m * INPUTS, i, -2, 2), (value) => scale * value),
        m,
        INPUTS,
      );
      const own = shareOf(firstRows(m), group);
      const pass = new Loader(network).load(x, own, 0, undefined, own, m);
      await evaluate(network, pass, { group });
      found.push(await engine.kernels.copyOut(pass.layers[0].code.a));
    }
    engine.dispose();
    return found;
  };
  const whole = await codes(false, alone);
  const [one, two] = splitGroups(2);
  const ranks = await Promise.all([codes(true, one), codes(false, two)]);
  whole.forEach((numbers, batch) => {
    const both = [...ranks[0][batch], ...ranks[1][batch]];
    assert.ok(both.length === numbers.length && numbers.filter((a) => a > 0).length === 4 * m);
    const at = numbers.findIndex((value, p) => !Object.is(value, both[p]));
    assert.is(at, -1, `batch ${batch} at ${at}: ${both[at]} for ${numbers[at]}`);
  });
});

test.run();
