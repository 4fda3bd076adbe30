import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { corrupt } from '../../src/corruption/corrupt.ts';
import { type CorruptionSpec, corruptionOf, corruptionSchema } from '../../src/corruption/corruption.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { checkGradient } from '../../src/proof/gradient-check.ts';
import { parse } from '../../src/validate.ts';
import { refused } from '../data/refused.ts';
import { assertClose } from '../support/close.ts';
import { randomView } from '../support/views.ts';

const [m, d] = [600, 37];
const rows = Uint32Array.from({ length: m }, (_, i) => i);
const run = (spec: CorruptionSpec, clean: Float64Array, draw = { seed: 1, epoch: 0 }) => {
  const out = new Float64Array(clean.length).fill(Number.NaN);
  const mask = new Uint8Array(clean.length).fill(7);
  corrupt(spec, out, mask, clean, rows.subarray(0, clean.length / d), d, draw);
  return { out, mask };
};
const multiplicative = { kind: 'multiplicative', deviation: 0.3 } as const;

test('corrupt multiplicative scales every coordinate by 1 + N(0, σ²), whatever its size and sign', () => {
  const clean = Float64Array.from({ length: m * d }, (_, p) => [0.5, -2, 1e-3][p % 3]);
  const { out, mask } = run(multiplicative, clean);
  assert.ok(mask.every((bit) => bit === 1));
  for (let kind = 0; kind < 3; kind++) {
    const z = out.filter((_, p) => p % 3 === kind).map((value, q) => (value / clean[3 * q + kind] - 1) / 0.3);
    // E z^k is 0, 1, 0, 3; the variance of z^k is 1, 2, 15, 96.
    [0, 1, 0, 3].forEach((moment, k) => {
      const mean = z.reduce((sum, value) => sum + value ** (k + 1), 0) / z.length;
      const error = Math.sqrt([1, 2, 15, 96][k] / z.length);
      assert.ok(Math.abs(mean - moment) < 6 * error, `moment ${k + 1} is ${mean}`);
    });
  }
});

test('corrupt multiplicative leaves zeros at 0, and everything where σ is 0', () => {
  const zeros = new Float64Array(4 * d);
  assert.ok(run(multiplicative, zeros).out.every((value) => value === 0));
  const clean = Float64Array.from({ length: 4 * d }, (_, p) => p / 10);
  assert.equal(run({ ...multiplicative, deviation: 0 }, clean).out, clean);
});

test('corrupt multiplicative uses the noise of gaussian at the same address: x·(1 + n) beside x + n', () => {
  const ones = new Float64Array(6 * d).fill(1);
  assertClose(run(multiplicative, ones).out, run({ kind: 'gaussian', deviation: 0.3 }, ones).out);
});

test('corrupt multiplicative draws anew for another epoch, seed or example, and again alike', () => {
  const ones = new Float64Array(3 * d).fill(1);
  const outs = [
    { seed: 1, epoch: 0 },
    { seed: 1, epoch: 1 },
    { seed: 2, epoch: 0 },
  ].map((draw) => run(multiplicative, ones, draw).out);
  assert.is(new Set(outs.map((out) => out.join())).size, 3);
  assert.equal(run(multiplicative, ones).out, outs[0]);
  assert.not.equal(outs[0].slice(0, d), outs[0].slice(d, 2 * d));
  const alone = new Float64Array(d).fill(1);
  corrupt(multiplicative, alone, null, alone, Uint32Array.of(2), d, { seed: 1, epoch: 0 });
  assert.equal(alone, outs[0].slice(2 * d));
});

test('corruptionSchema knows multiplicative, and names what is not allowed', async () => {
  const check = (value: unknown) => parse(corruptionSchema, value, 'corruption');
  assert.equal(check(corruptionOf('multiplicative', 0.5)), { kind: 'multiplicative', deviation: 0.5 });
  for (const deviation of [-0.1, Number.POSITIVE_INFINITY, Number.NaN, '1']) {
    await refused(() => check({ kind: 'multiplicative', deviation }), /^corruption\.deviation is .* at least 0/);
  }
  await refused(() => check({ kind: 'multiplicative', fraction: 0.5 }), /^corruption\.(deviation|fraction) /);
});

test('checkGradient passes with multiplicative noise on the input and emphasis on all of it', async () => {
  const config = { inputs: 6, hidden: 4, precision: 'float64', corruption: multiplicative, seed: 2 } as const;
  const x = randomView(7, 6, 'rows', 'float64', 1, 0.1, 0.9);
  const model = await Autoencoder.create(config);
  assert.ok((await checkGradient(model, x)).normRelativeError <= 1e-8);
  const { cost } = await model.costAndGradient(x);
  const doubled = await Autoencoder.create({ ...config, emphasis: { corrupted: 2, untouched: 0 } });
  assertClose([(await doubled.costAndGradient(x)).cost], [2 * cost]);
  const clean = await Autoencoder.create({ ...config, corruption: null });
  assert.ok((await clean.costAndGradient(x)).cost !== cost);
});

test.run();
