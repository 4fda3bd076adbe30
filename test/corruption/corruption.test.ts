import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Numbers } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import { corrupt } from '../../src/corruption/corrupt.ts';
import { type CorruptionSpec, corruptionNames, corruptionSchema } from '../../src/corruption/corruption.ts';
import { parse } from '../../src/validate.ts';
import { refused } from '../data/refused.ts';

const d = 37;
/** Values in (0.1, 0.9): none that a corruption sets. */
const clean = fillUniform(new Float64Array(400 * d), { seed: 5, stream: stream.testing }, 0.1, 0.9);
const upTo = (m: number) => Uint32Array.from({ length: m }, (_, i) => i);

/** Corrupts the given examples of `clean`; `kept` counts the unmasked coordinates, all of them checked to be clean. */
function run(spec: CorruptionSpec, rows = upTo(400), draw = { seed: 1, epoch: 0 }, columns = d) {
  const batch = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    batch.set(clean.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  const before = batch.slice();
  const out = new Float64Array(batch.length).fill(Number.NaN);
  const mask = new Uint8Array(batch.length).fill(7);
  corrupt(spec, out, mask, batch, rows, columns, draw);
  assert.equal(batch, before);
  for (let p = 0; p < mask.length; p++) {
    if (mask[p] === 0) assert.is(out[p], batch[p]);
    else assert.is(mask[p], 1);
  }
  return { batch, out, mask };
}

const countRow = (mask: Uint8Array, i: number) => mask.subarray(i * d, (i + 1) * d).reduce((sum, bit) => sum + bit, 0);
const specs: CorruptionSpec[] = [
  { kind: 'masking', fraction: 0.25 },
  { kind: 'masking', fraction: 0.8 },
  { kind: 'masking', fraction: 0.25, exact: false },
  { kind: 'salt-and-pepper', fraction: 0.4 },
  { kind: 'gaussian', deviation: 0.3 },
];

/** Fails unless `value` lies within six standard errors of `expected`. */
function assertWithin(value: number, expected: number, standardError: number, what: string): void {
  const off = Math.abs(value - expected) / standardError;
  assert.ok(off < 6, `${what} is ${value}: ${off.toFixed(1)} standard errors from ${expected}`);
}

test('corrupt masking sets exactly round(ν·d) coordinates of each example to 0, and no other', () => {
  for (const fraction of [0, 0.01, 0.1, 0.25, 0.5, 0.51, 0.75, 0.99, 1]) {
    const { out, mask } = run({ kind: 'masking', fraction }, upTo(20));
    for (let i = 0; i < 20; i++) assert.is(countRow(mask, i), Math.round(fraction * d), `ν = ${fraction}`);
    assert.ok(out.every((value, p) => (mask[p] === 1 ? value === 0 : value > 0)));
  }
});

test('corrupt salt-and-pepper sets exactly round(ν·d) coordinates to 0 or 1, about equally often', () => {
  for (const fraction of [0, 0.25, 0.75, 1]) {
    const { out, mask } = run({ kind: 'salt-and-pepper', fraction });
    for (let i = 0; i < 400; i++) assert.is(countRow(mask, i), Math.round(fraction * d), `ν = ${fraction}`);
    const hit = out.filter((_, p) => mask[p] === 1);
    assert.ok(hit.every((value) => value === 0 || value === 1));
    const ones = hit.reduce((sum, value) => sum + value, 0);
    if (fraction > 0) assertWithin(ones / hit.length, 0.5, 0.5 / Math.sqrt(hit.length), 'share of ones');
    const low = out.filter((_, p) => mask[p] === 1 && p % d < d / 2); // a coin does not depend on where it falls
    const lowOnes = low.reduce((sum, value) => sum + value, 0);
    if (fraction > 0) assertWithin(lowOnes / low.length, 0.5, 0.5 / Math.sqrt(low.length), 'their share on the left');
  }
});

test('corrupt masking with exact: false masks each coordinate with probability ν, on its own', () => {
  const { out, mask } = run({ kind: 'masking', fraction: 0.3, exact: false });
  assert.ok(out.every((value, p) => (mask[p] === 1 ? value === 0 : value > 0)));
  const counts = [...upTo(400)].map((i) => countRow(mask, i));
  const mean = counts.reduce((sum, count) => sum + count, 0) / 400;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / 399;
  assertWithin(mean, 0.3 * d, Math.sqrt((0.21 * d) / 400), 'mean count');
  assertWithin(variance, 0.21 * d, 0.21 * d * Math.sqrt(2 / 399), 'variance of the counts');
  for (const [fraction, value] of [
    [0, 0],
    [1, 1],
  ]) {
    assert.ok(run({ kind: 'masking', fraction, exact: false }).mask.every((bit) => bit === value));
  }
});

test('corrupt gaussian adds N(0, σ²) to every coordinate', () => {
  const { batch, out, mask } = run({ kind: 'gaussian', deviation: 0.3 });
  assert.ok(mask.every((bit) => bit === 1));
  const z = out.map((value, p) => (value - batch[p]) / 0.3);
  const n = z.length;
  // E z^k is 0, 1, 0, 3; the variance of z^k is 1, 2, 15, 96.
  [0, 1, 0, 3].forEach((moment, k) => {
    const mean = z.reduce((sum, value) => sum + value ** (k + 1), 0) / n;
    assertWithin(mean, moment, Math.sqrt([1, 2, 15, 96][k] / n), `moment ${k + 1}`);
  });
  assert.equal(run({ kind: 'gaussian', deviation: 0 }).out, clean);
});

test('corrupt chooses every coordinate, and every pair of them, equally often', () => {
  const columns = 5;
  const m = 6000;
  for (const kind of ['masking', 'salt-and-pepper'] as const) {
    for (const [fraction, n] of [
      [0.4, 2],
      [0.6, 3],
    ]) {
      const mask = new Uint8Array(m * columns);
      const out = new Float32Array(m * columns);
      corrupt({ kind, fraction }, out, mask, out, upTo(m), columns, { seed: 2, epoch: 1 });
      const sets = new Map<string, number>();
      for (let i = 0; i < m; i++) {
        const key = mask.subarray(i * columns, (i + 1) * columns).join('');
        assert.is([...key].filter((bit) => bit === '1').length, n);
        sets.set(key, (sets.get(key) ?? 0) + 1);
      }
      assert.is(sets.size, 10);
      const chiSquare = [...sets.values()].reduce((sum, count) => sum + (count - m / 10) ** 2 / (m / 10), 0);
      assert.ok(chiSquare < 33.7, `${kind} ${fraction}: χ² is ${chiSquare}: above its 0.9999 quantile with 9 degrees`);
    }
  }
});

test('corrupt gives an example the same corruption in any batch, order and precision', () => {
  for (const spec of specs) {
    const all = run(spec);
    const rows = Uint32Array.of(17, 399, 3, 4, 0);
    const some = run(spec, rows);
    rows.forEach((row, i) => {
      const range = [row * d, (row + 1) * d] as const;
      assert.equal(some.out.slice(i * d, (i + 1) * d), all.out.slice(...range));
      assert.equal(some.mask.slice(i * d, (i + 1) * d), all.mask.slice(...range));
    });
    const single = Float32Array.from(clean);
    const mask = new Uint8Array(single.length);
    corrupt(spec, single, mask, single, upTo(400), d, { seed: 1, epoch: 0 });
    assert.equal(mask, all.mask);
    if (spec.kind !== 'gaussian') assert.equal(single, Float32Array.from(all.out));
  }
});

test('corrupt draws anew for another epoch, seed or example', () => {
  for (const spec of specs) {
    const rows = Uint32Array.of(8);
    const noise = (draw: { seed: number; epoch: number }) => run(spec, rows, draw).out;
    const outs = [
      { seed: 1, epoch: 0 },
      { seed: 1, epoch: 1 },
      { seed: 1, epoch: 2 ** 21 - 1 },
      { seed: 2, epoch: 0 },
    ].map(noise);
    assert.is(new Set(outs.map((out) => out.join())).size, outs.length, JSON.stringify(spec));
    assert.equal(noise({ seed: 1, epoch: 1 }), outs[1]);
    const same = new Float64Array(2 * d);
    same.set(clean.subarray(0, d));
    same.set(clean.subarray(0, d), d);
    corrupt(spec, same, null, same, Uint32Array.of(0, 2 ** 32 - 1), d, { seed: 1, epoch: 0 });
    assert.not.equal(same.slice(0, d), same.slice(d));
  }
});

test('corrupt works without a mask, in place, and leaves what is longer than the rows', () => {
  for (const spec of specs) {
    const { out } = run(spec, upTo(3));
    const buffer: Numbers = clean.slice(0, 5 * d);
    corrupt(spec, buffer, null, buffer, upTo(3), d, { seed: 1, epoch: 0 });
    assert.equal(buffer.slice(0, 3 * d), out);
    assert.equal(buffer.slice(3 * d), clean.slice(3 * d, 5 * d));
  }
});

test('corrupt corrupts as it did when it was written: results of a seed never change', () => {
  const once = (spec: CorruptionSpec) => {
    const out = new Float64Array(8).fill(0.5);
    corrupt(spec, out, null, out, Uint32Array.of(3), 8, { seed: 1, epoch: 2 });
    return [...out].map((value) => Number(value.toFixed(6)));
  };
  assert.equal(once({ kind: 'masking', fraction: 0.25 }), [0, 0.5, 0.5, 0.5, 0.5, 0.5, 0, 0.5]);
  assert.equal(once({ kind: 'salt-and-pepper', fraction: 0.5 }), [1, 0.5, 0.5, 0.5, 0.5, 0, 1, 0]);
  assert.equal(
    once({ kind: 'gaussian', deviation: 0.1 }),
    [0.374653, 0.580424, 0.506748, 0.653959, 0.61149, 0.519077, 0.455968, 0.487153],
  );
});

test('corrupt refuses epochs and seeds out of range and arrays that are too short', async () => {
  const x = new Float64Array(4);
  const call = (draw: { seed: number; epoch: number }, rows = upTo(2), mask: Uint8Array | null = null) =>
    corrupt({ kind: 'masking', fraction: 0.5 }, x, mask, x, rows, 2, draw);
  for (const epoch of [-1, 0.5, 2 ** 21, Number.NaN]) await refused(() => call({ seed: 1, epoch }), /epoch is .*2\^21/);
  await refused(() => call({ seed: -1, epoch: 0 }), /seed is -1/);
  await refused(() => call({ seed: 1, epoch: 0 }, upTo(3)), /clean has 4 elements: 3 rows of 2 need 6/);
  await refused(() => call({ seed: 1, epoch: 0 }, upTo(2), new Uint8Array(3)), /mask has 3 elements/);
});

test('corruptionSchema fills in defaults and names what is not allowed', async () => {
  const check = (value: unknown) => parse(corruptionSchema, value, 'corruption');
  assert.equal(check({ kind: 'masking', fraction: 0 }), { kind: 'masking', fraction: 0, exact: true });
  assert.equal(check({ kind: 'salt-and-pepper', fraction: 1 }), { kind: 'salt-and-pepper', fraction: 1 });
  assert.equal(check({ kind: 'gaussian', deviation: 0 }), { kind: 'gaussian', deviation: 0 });
  assert.equal(corruptionNames, ['masking', 'salt-and-pepper', 'gaussian', 'multiplicative']);
  for (const kind of ['masking', 'salt-and-pepper']) {
    for (const fraction of [-0.1, 1.5, Number.NaN, '0.5', null]) {
      await refused(() => check({ kind, fraction }), /^corruption.fraction is .*: it must lie from 0 to 1/);
    }
    await refused(() => check({ kind }), /^corruption.fraction is missing/);
  }
  for (const deviation of [-1, Number.POSITIVE_INFINITY]) {
    await refused(
      () => check({ kind: 'gaussian', deviation }),
      /^corruption.deviation is .*: it must be .* at least 0/,
    );
  }
  await refused(() => check({ kind: 'masking', fraction: 0.5, exact: 1 }), /^corruption.exact is 1: it must be true/);
  await refused(
    () => check({ kind: 'gaussian', fraction: 0.5 }),
    /^corruption.(deviation is missing|fraction is not a known key: the keys here are kind, deviation)/,
  );
  await refused(() => check({ kind: 'blur' }), /^corruption.kind is "blur": .* masking or salt-and-pepper or gaussian/);
  await refused(() => check(0.25), /^corruption is 0.25: it must be an object such as/);
});

test.run();
