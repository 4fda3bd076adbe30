import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, toFlat } from '../../src/array/matrix.ts';
import type { KSparseSpec } from '../../src/layers/k-sparse.ts';
import { type LayerChoice, layerKinds, plainLayer } from '../../src/layers/table.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { autoencoderSpec } from '../../src/model/autoencoder-spec.ts';
import { classifierSpec, parseClassifierConfig } from '../../src/model/classifier-config.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import { namedArrays } from '../../src/model/parameters.ts';
import type { NetworkSpec } from '../../src/model/spec.ts';
import { assertClose } from '../support/close.ts';
import { labelsInTurn, randomEngine } from '../support/engines.ts';
import { rowsOf } from '../support/naive-model.ts';
import { naiveNetwork } from '../support/naive-network.ts';
import { randomView } from '../support/views.ts';

const kSparse = (k: number, more: Partial<KSparseSpec> = {}): KSparseSpec => ({ kind: 'k-sparse', k, ...more });
const specOf = (extra: Partial<AutoencoderConfig>) =>
  autoencoderSpec(parseConfig({ inputs: 5, hidden: 6, precision: 'float64', ...extra }));
const chosen = (k: number) => ({ kind: layerKinds['k-sparse'], spec: kSparse(k) }) as unknown as LayerChoice;
/** The same network with k-sparse layers where `ks` is not 0. */
const withSurvivors = (spec: NetworkSpec, ks: readonly number[]): NetworkSpec => ({
  ...spec,
  layers: spec.layers.map((layer, l) => ({ ...layer, choice: ks[l] > 0 ? chosen(ks[l]) : plainLayer })),
});

/** Fails unless cost and the gradient of every parameter equal those of dense sums with explicit zeros. */
async function assertEqualsNaive(spec: NetworkSpec): Promise<void> {
  const { engine, x, parameters } = randomEngine(spec);
  const labels = spec.dataTerm === 'classification' ? labelsInTurn(7, 3) : undefined;
  const naive = naiveNetwork(spec, parameters, rowsOf(x), rowsOf(labels ?? x));
  const { cost, gradient } = await engine.costAndGradient(x, labels);
  assertClose([cost], [naive.cost], { rtol: 1e-13 });
  for (const [name, view] of Object.entries(namedArrays(engine.layout, gradient))) {
    assert.ok(
      naive.gradient[name].some((g) => g !== 0),
      `${name} has no gradient at all`,
    );
    assertClose(toFlat(view), naive.gradient[name], { rtol: 1e-12, atol: 1e-15 });
  }
}

for (const tied of [true, false]) {
  test(`costAndGradient of k-sparse units equals dense sums with explicit zeros, ${tied ? 'tied' : 'untied'}`, async () => {
    for (const k of [1, 2, 5, 6]) {
      for (const activation of ['linear', 'sigmoid', 'tanh', 'softplus', 'relu'] as const) {
        for (const output of ['linear', 'sigmoid'] as const) {
          await assertEqualsNaive(specOf({ sparsity: kSparse(k), tied, activation, output }));
        }
      }
    }
  });
}

test('costAndGradient with all units surviving equals the dense model', async () => {
  const dense = randomEngine(specOf({ tied: true, activation: 'linear', output: 'linear' }));
  const sparse = randomEngine(specOf({ sparsity: kSparse(6) }));
  const [expected, actual] = [
    await dense.engine.costAndGradient(dense.x),
    await sparse.engine.costAndGradient(sparse.x),
  ];
  assertClose([actual.cost], [expected.cost]);
  assertClose(actual.gradient, expected.gradient, { rtol: 1e-12, atol: 1e-15 });
});

test('costAndGradient of a k-sparse layer anywhere in a deep model equals dense sums', async () => {
  const deep = specOf({ hidden: [6, 4, 3], activation: 'tanh', output: 'linear' });
  for (const ks of [
    [2, 0, 0],
    [0, 2, 0],
    [0, 0, 1],
    [0, 0, 0, 2],
  ]) {
    await assertEqualsNaive(withSurvivors(deep, ks));
  }
});

test('costAndGradient of two and three k-sparse layers in a row equals dense sums, tied and untied', async () => {
  for (const tied of [true, false]) {
    const deep = specOf({ hidden: [6, 4, 3], activation: ['linear', 'tanh', 'sigmoid'], output: 'linear', tied });
    for (const ks of [
      [3, 2],
      [0, 2, 2],
      [3, 0, 2],
      [3, 2, 2],
      [3, 2, 2, 2],
    ]) {
      await assertEqualsNaive(withSurvivors(deep, ks));
    }
  }
});

test('costAndGradient of classifiers on k-sparse layers equals dense sums', async () => {
  const config = { inputs: 5, hidden: [6, 4], classes: 3, activation: 'tanh', precision: 'float64' } as const;
  for (const layers of [
    [kSparse(2), null],
    [null, kSparse(2)],
    [kSparse(2, { alpha: 1.5 }), kSparse(2)],
  ]) {
    await assertEqualsNaive(classifierSpec(parseClassifierConfig({ ...config, layers })));
  }
});

const config: AutoencoderConfig = { inputs: 5, hidden: 12, sparsity: kSparse(3, { alpha: 2.5 }), precision: 'float64' };
const x = randomView(40, 5, 'rows', 'float64', 1);
const counts = (rows: number[][]) => [...new Set(rows.map((row) => row.filter((a) => a !== 0).length))];

test('encode keeps round(αk) units, the largest, and reconstruct keeps k', async () => {
  const model = await Autoencoder.create(config);
  const spec = autoencoderSpec(model.config);
  const run = async (kept: number) => naiveNetwork(spec, await model.parameters(), rowsOf(x), rowsOf(x), () => kept);
  const codes = await model.encode(x);
  assert.equal(counts(rowsOf(codes)), [8]); // 7.5 rounds up
  assertClose(codes, fromRows((await run(8)).activations[0] as number[][]));
  assertClose(await model.reconstruct(x), fromRows((await run(3)).activations[1] as number[][]));
  assertClose(await model.decode(codes), fromRows((await run(8)).activations[1] as number[][]));
  const { terms } = await model.costAndGradient(x);
  assertClose([terms.reconstruction], [(await run(3)).cost]);
});

test('decode reads codes as they stand, however many of them are not 0', async () => {
  const model = await Autoencoder.create({ ...config, tied: false });
  const codes = randomView(4, 12, 'rows', 'float64', 2);
  const { 'decoder.weight': d, 'decoder.bias': c } = await model.parameters();
  const expected = rowsOf(codes).map((row) =>
    Array.from({ length: 5 }, (_, i) => row.reduce((sum, a, j) => sum + a * d.get(j, i), c.get(i))),
  );
  assertClose(await model.decode(codes), fromRows(expected), { atol: 1e-13 });
});

test('encode in float32 keeps exactly αk as well, on more examples than are computed at a time', async () => {
  const model = await Autoencoder.create({ ...config, precision: 'float32' });
  assert.equal(counts(rowsOf(await model.encode(randomView(2100, 5, 'rows', 'float32', 3)))), [8]);
});

test.run();
