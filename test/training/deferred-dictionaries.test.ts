import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, toFlat } from '../../src/array/matrix.ts';
import type { CpuKernels, Kernels } from '../../src/kernels/kernels.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import { gradientCases, INPUTS } from '../../src/proof/gradient-cases.ts';
import { checkCase } from '../../src/proof/gradient-suite.ts';
import { fit } from '../../src/training/fit.ts';
import { deserializeModel, serializeModel } from '../../src/training/model-file.ts';
import { createDeferredKernels } from '../support/deferred-kernels.ts';
import { dictionaries } from '../support/dictionaries.ts';
import { dictionaryCases, evaluateCase } from '../support/dictionary-cases.ts';
import { splitGroups } from '../support/split-group.ts';
import { randomView, uniforms } from '../support/views.ts';
import { bitsOf } from './runs.ts';

// Today's dictionaries on kernels that answer late: the bits of those that answer at once.

const soon = () => createReferenceKernels('float64');
const late = () => createDeferredKernels(soon());

test('cost, gradient, codes and state of every case have the bits of the reference', async () => {
  const x = matrix(uniforms(7 * INPUTS, 9, 0.1, 0.9), 7, INPUTS);
  let count = 0;
  for (const given of dictionaryCases()) {
    count++;
    assert.equal(await evaluateCase(given, late(), x), await evaluateCase(given, soon(), x), given.name);
  }
  assert.ok(count > 250, `${count}`);
});

test('the gradient check passes rows of each kind', async () => {
  const rows = [...gradientCases()].filter(({ hidden, objective }) => hidden[0] === 6 && !objective.includes('weight'));
  for (const given of rows.filter((_, i) => i % 4 === 0)) {
    const row = await checkCase(given, (precision) => createDeferredKernels(createReferenceKernels(precision)));
    assert.ok(row.passed, JSON.stringify(row));
  }
});

const M = 33;
const x = randomView(M, 9, 'rows', 'float64', 3);

async function run(config: Partial<AutoencoderConfig>, kernels: CpuKernels | Kernels, group?: FitGroup) {
  const full = parseConfig({ inputs: 9, hidden: 21, precision: 'float64', ...config });
  const model = Autoencoder.over(kernels, full);
  const apart = config.targets !== undefined || config.skip;
  const target = apart ? randomView(M, config.targets ?? 9, 'rows', 'float64', 4) : undefined;
  const optimizer = { kind: 'adam', learningRate: 0.01 } as const;
  const { history } = await fit(model, x, { epochs: 3, batchSize: 10, optimizer, target, group });
  const { model: again } = await deserializeModel(await serializeModel(model));
  return {
    bits: await bitsOf(model),
    costs: history.map(({ cost }) => cost),
    state: Object.entries(await model.engine.state.read()).map(([name, value]) => [name, [...toFlat(value)]]),
    codes: [...toFlat(await model.encode(x))],
    reconstruction: [...toFlat(await model.reconstruct(x))],
    reloaded: [...toFlat(await again.encode(x))],
  };
}

type FitGroup = ReturnType<typeof splitGroups>[number];

for (const [name, config] of Object.entries(dictionaries)) {
  test(`a run ends with the same bits, state, codes and file: ${name}`, async () => {
    const expected = await run(config, soon());
    assert.equal(await run(config, late()), expected);
    assert.equal(expected.codes, expected.reloaded);
    if (!name.includes('batch')) return;
    const ranks = await Promise.all(splitGroups(2).map((group) => run(config, soon(), group)));
    const deferred = await Promise.all(splitGroups(2).map((group) => run(config, late(), group)));
    assert.equal(deferred, ranks, 'two ranks that answer late');
  });
}

test.run();
