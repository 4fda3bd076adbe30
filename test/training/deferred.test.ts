import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, type Precision, vectorView } from '../../src/array/matrix.ts';
import { createKernels } from '../../src/kernels/create.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { inspect } from '../../src/measures/inspection.ts';
import { measure } from '../../src/measures/metrics.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import { parseClassifierConfig } from '../../src/model/classifier-config.ts';
import { parseConfig } from '../../src/model/config.ts';
import { gradientCases } from '../../src/proof/gradient-cases.ts';
import { checkCase } from '../../src/proof/gradient-suite.ts';
import { createDeferredKernels } from '../support/deferred-kernels.ts';
import { knownRuns, type Maker } from './known-runs.ts';

// Everything that trains, on kernels that answer late and whose blocks nobody can look into: what a GPU will ask for.

const deferred = (precision: Precision) => createDeferredKernels(createReferenceKernels(precision));
const maker: Maker = {
  async autoencoder(config) {
    const full = parseConfig(config);
    return Autoencoder.over(deferred(full.precision), full);
  },
  async classifier(config) {
    const full = parseClassifierConfig(config);
    return Classifier.over(deferred(full.precision), full);
  },
};

test('deferred kernels refuse whoever looks into a block, and read what came before', async () => {
  const k = deferred('float64');
  const block = k.allocate(3);
  assert.is(block.length, 3);
  assert.throws(() => (block as Float64Array)[0], /looked into: 0/);
  assert.throws(() => {
    (block as Float64Array)[0] = 1;
  }, /written to: 0/);
  const x = vectorView(block);
  const values = [1, 2, 3];
  k.write(x, values);
  values.fill(9); // taken as they were
  const before = k.copyOut(x);
  k.scale(x, 2);
  assert.equal(await before, Float64Array.of(1, 2, 3));
  assert.equal(await k.copyOut(x), Float64Array.of(2, 4, 6));
  k.release(block);
  assert.throws(() => k.fill(x, 0), /given back/);
});

const known: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(join(process.cwd(), 'test/training/known-bits.json'), 'utf8'),
);

for (const [name, run] of knownRuns) {
  test(`deferred kernels give the known bits: ${name}`, async () => {
    assert.is(await run('float64', maker), known[name].float64);
  });
}

test('deferred kernels: measures and inspections of every kind of model are those of the reference', async () => {
  const x = matrix(
    Float64Array.from({ length: 300 * 6 }, (_, i) => ((i * 7919) % 97) / 100),
    300,
    6,
  );
  for (const extra of [
    {},
    { activation: 'tanh' },
    { sparsity: { kind: 'k-sparse', k: 2 } },
    { loss: 'cross-entropy' },
  ]) {
    const config = parseConfig({ inputs: 6, hidden: [5, 4], precision: 'float64', ...extra } as never);
    const late = Autoencoder.over(deferred('float64'), config);
    const soon = Autoencoder.over(createReferenceKernels('float64'), config);
    assert.equal(await measure(late, x), await measure(soon, x));
    assert.equal(await inspect(late, x), await inspect(soon, x));
  }
});

test('deferred kernels: every row of the gradient suite passes, with the numbers of the others', async () => {
  let rows = 0;
  for (const given of gradientCases()) {
    rows++;
    if (rows % 7 !== 0 && process.env.RHOHAT_ALL_ROWS !== '1') continue; // all of them in a minute
    const row = await checkCase(given, (precision) => createDeferredKernels(createKernels(precision)));
    assert.ok(row.passed, JSON.stringify(row));
  }
  assert.ok(rows > 2000);
});

test.run();
