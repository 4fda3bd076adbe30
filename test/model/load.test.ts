import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, toFlat } from '../../src/array/matrix.ts';
import { corrupt } from '../../src/corruption/corrupt.ts';
import type { CorruptionSpec } from '../../src/corruption/corruption.ts';
import { createKernels } from '../../src/kernels/create.ts';
import { autoencoderSpec } from '../../src/model/autoencoder-spec.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import { Engine, firstRows } from '../../src/model/engine.ts';
import { Loader } from '../../src/model/load.ts';
import { assertClose } from '../support/close.ts';
import { randomEngine } from '../support/engines.ts';
import { rowsOf } from '../support/naive-model.ts';
import { naiveNetwork } from '../support/naive-network.ts';
import { layouts, precisions, randomView } from '../support/views.ts';

const [M, D] = [30, 6];
const masking: CorruptionSpec = { kind: 'masking', fraction: 0.5 };
const corruptions: CorruptionSpec[] = [
  masking,
  { kind: 'masking', fraction: 0.5, exact: false },
  { kind: 'salt-and-pepper', fraction: 0.5 },
  { kind: 'gaussian', deviation: 0.2 },
];
const specOf = (extra: Partial<AutoencoderConfig>) =>
  autoencoderSpec(parseConfig({ inputs: D, hidden: 4, corruption: masking, seed: 9, precision: 'float64', ...extra }));
const x = randomView(M, D, 'rows', 'float64', 1, 0.1, 0.9);
const exact = { rtol: 0, atol: 0 };

function loaderOf(spec = specOf({}), precision: 'float32' | 'float64' = 'float64') {
  const engine = new Engine(createKernels(precision), spec, []);
  return new Loader(engine.createNetwork());
}

/** x̃ and the mask of all examples, straight from `corrupt`. */
function direct(corruption: CorruptionSpec, epoch: number, seed = 9) {
  const out = new Float64Array(M * D);
  const mask = new Uint8Array(M * D);
  corrupt(corruption, out, mask, x.data as Float64Array, firstRows(M), D, { seed, epoch });
  return { rows: rowsOf(matrix(out, M, D)), mask };
}

test('Loader gives the encoder x̃ and the loss the clean x, whatever the corruption', () => {
  for (const corruption of corruptions) {
    const pass = loaderOf(specOf({ corruption })).load(x, firstRows(M), 3);
    assert.equal(rowsOf(pass.x), direct(corruption, 3).rows);
    assertClose(pass.target, x, exact);
    assert.not.equal(rowsOf(pass.x), rowsOf(x));
    assert.is(pass.emphasis, null);
  }
});

test('Loader corrupts an example alike in any batch and order, from data of any layout', () => {
  const { rows } = direct(masking, 2);
  for (const layout of layouts) {
    const data = randomView(M, D, layout, 'float64', 1, 0.1, 0.9);
    const loader = loaderOf();
    for (const batch of [[0], [29, 3, 11, 3], [5, 4, 3, 2, 1, 0], [17]]) {
      const pass = loader.load(data, Uint32Array.from(batch), 2);
      assert.is(pass.m, batch.length);
      assert.equal(
        rowsOf(pass.x),
        batch.map((row) => rows[row]),
      );
      assert.equal(
        rowsOf(pass.target),
        batch.map((row) => rowsOf(x)[row]),
      );
    }
  }
});

test('Loader draws anew for another epoch and another seed of the model, and alike when asked again', () => {
  const loader = loaderOf();
  const at = (epoch: number) => rowsOf(loader.load(x, firstRows(M), epoch).x);
  const [first, second] = [at(0), at(1)];
  assert.not.equal(first, second);
  assert.equal(at(0), first);
  assert.not.equal(rowsOf(loaderOf(specOf({ seed: 10 })).load(x, firstRows(M), 0).x), first);
});

test('Loader rounds to the precision of the kernels, after the same draw', () => {
  for (const precision of precisions) {
    const pass = loaderOf(specOf({ precision }), precision).load(x, firstRows(M), 1);
    assertClose(pass.x, direct(masking, 1).rows.flat(), { rtol: precision === 'float32' ? 2 ** -24 : 0, atol: 0 });
  }
});

test('Loader weighs corrupted and untouched coordinates where they are emphasised', () => {
  for (const corruption of corruptions) {
    const loader = loaderOf(specOf({ corruption, emphasis: { corrupted: 2, untouched: 0.25 } }));
    for (const epoch of [0, 4]) {
      const { emphasis } = loader.load(x, firstRows(M), epoch);
      assert.ok(emphasis !== null);
      const expected = Array.from(direct(corruption, epoch).mask, (hit) => (hit === 1 ? 2 : 0.25));
      assertClose(emphasis ?? [], expected, exact);
    }
  }
});

test('Loader without corruption gives encoder and loss one storage', () => {
  const pass = loaderOf(specOf({ corruption: null })).load(x, Uint32Array.of(4, 2), 0);
  assert.is(pass.x, pass.target);
  assert.equal(rowsOf(pass.x), [rowsOf(x)[4], rowsOf(x)[2]]);
});

test('costAndGradient of a denoising model is that of the corrupted input against the clean one', async () => {
  for (const corruption of corruptions) {
    const { engine, x: data, parameters } = randomEngine(specOf({ corruption }), M);
    const noisy = toFlat(data) as Float64Array;
    corrupt(corruption, noisy, null, noisy, firstRows(M), D, { seed: 9, epoch: 0 });
    const naive = naiveNetwork(engine.spec, parameters, rowsOf(matrix(noisy, M, D)), rowsOf(data));
    const { cost, gradient } = await engine.costAndGradient(data);
    assertClose([cost], [naive.cost], { rtol: 1e-13 });
    assertClose(
      gradient,
      engine.layout.parameters.flatMap(({ name }) => naive.gradient[name]),
      { rtol: 1e-11, atol: 1e-15 },
    );
  }
});

test('costAndGradient with both emphases 1 is the plain one to the bit, and is linear in them', async () => {
  const at = async (corrupted: number, untouched: number) =>
    (await randomEngine(specOf({ emphasis: { corrupted, untouched } })).engine.costAndGradient(x)).cost;
  const plain = await randomEngine(specOf({})).engine.costAndGradient(x);
  assert.is(await at(1, 1), plain.cost);
  assertClose([(await at(1, 0)) + (await at(0, 1))], [plain.cost]);
  assertClose([await at(2, 0.5)], [2 * (await at(1, 0)) + 0.5 * (await at(0, 1))]);
  assert.is(await at(0, 0), 0);
});

test.run();
