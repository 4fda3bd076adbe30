import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { normalQuantile } from '../../src/array/normal-quantile.ts';
import { assertClose } from '../support/close.ts';

interface Oracle {
  readonly values: readonly { readonly p: number; readonly quantile: number }[];
}

const oracle = JSON.parse(readFileSync(join(process.cwd(), 'data/oracles/normal-quantile.json'), 'utf8')) as Oracle;

test('normalQuantile agrees with 60-digit arithmetic to 4e-16, from 1e-300 to 1 − 1e-16', () => {
  assert.ok(oracle.values.length >= 40);
  const actual = oracle.values.map(({ p }) => normalQuantile(p));
  assertClose(
    actual,
    oracle.values.map(({ quantile }) => quantile),
    { rtol: 1e-15, atol: 0 },
  );
});

test('normalQuantile is odd about 1/2 where 1 − p is exact, and 0 there', () => {
  assert.is(normalQuantile(0.5), 0);
  for (const p of [0.25, 0.0625, 2 ** -10, 2 ** -30, 2 ** -52]) assert.is(normalQuantile(1 - p), -normalQuantile(p));
});

test('normalQuantile rises, across the joints of its three formulas too', () => {
  const joints = [0.075, 0.925, Math.exp(-25), 1 - Math.exp(-25)];
  for (const joint of joints) {
    for (const step of [1e-9, 1e-6, 1e-3]) {
      const below = normalQuantile(joint * (1 - step));
      const above = normalQuantile(Math.min(joint * (1 + step), 1 - 2 ** -53));
      assert.ok(below < above, `${below} below and ${above} above ${joint}`);
    }
  }
});

test('normalQuantile is finite for the smallest and the largest uniform that is ever drawn', () => {
  assert.ok(Number.isFinite(normalQuantile(2 ** -54)));
  assert.ok(Number.isFinite(normalQuantile(1 - 2 ** -53)));
});

test.run();
