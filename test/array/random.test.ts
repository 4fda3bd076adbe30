import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Draw, fillMask, fillNormal, fillUniform, permutation, stream } from '../../src/array/random.ts';
import { InputError } from '../../src/errors.ts';

const address: Draw = { seed: 1, stream: stream.testing };
const draw = (length: number, where: Draw = address) => [...fillUniform(new Float64Array(length), where)];

/** Fails unless `value` lies within six standard errors of `expected`. */
function assertWithin(value: number, expected: number, standardError: number, what: string): void {
  const off = Math.abs(value - expected) / standardError;
  assert.ok(off < 6, `${what} is ${value}: ${off.toFixed(1)} standard errors from ${expected}`);
}

/** Mean of f over x. */
function mean(x: Float64Array, f: (value: number) => number): number {
  return x.reduce((sum, value) => sum + f(value), 0) / x.length;
}

test('fillUniform has the moments of the uniform distribution', () => {
  const n = 200_000;
  const u = fillUniform(new Float64Array(n), address);
  assert.ok(u.every((value) => value >= 0 && value < 1));
  for (const power of [1, 2, 3, 4]) {
    const expected = 1 / (power + 1);
    const variance = 1 / (2 * power + 1) - expected ** 2;
    assertWithin(
      mean(u, (x) => x ** power),
      expected,
      Math.sqrt(variance / n),
      `moment ${power}`,
    );
  }
});

test('fillUniform has neighbours that do not correlate', () => {
  const n = 200_000;
  const u = fillUniform(new Float64Array(n + 2), address);
  for (const lag of [1, 2]) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (u[i] - 0.5) * (u[i + lag] - 0.5);
    assertWithin(sum / n, 0, 1 / 12 / Math.sqrt(n), `covariance at lag ${lag}`);
  }
});

test('fillUniform fills the whole of [low, high) evenly, down to its low bits', () => {
  const n = 64_000;
  const cells = new Float64Array(64);
  const low = new Float64Array(64);
  for (const u of fillUniform(new Float64Array(n), address, -3, 5)) {
    assert.ok(u >= -3 && u < 5);
    cells[Math.floor((u + 3) * 8)]++;
  }
  for (const u of draw(n)) low[Math.floor(u * 2 ** 53) % 64]++;
  for (const counts of [cells, low]) {
    const chiSquare = counts.reduce((sum, count) => sum + (count - n / 64) ** 2 / (n / 64), 0);
    assert.ok(chiSquare < 63 + 6 * Math.sqrt(2 * 63), `χ² is ${chiSquare} with 63 degrees of freedom`);
  }
});

test('fillNormal has the moments of N(2, 9)', () => {
  const n = 200_000;
  const x = fillNormal(new Float64Array(n), address, 2, 3);
  const z = x.map((value) => (value - 2) / 3);
  // E z^k is 0, 1, 0, 3; the variance of z^k is 1, 2, 15, 96.
  const moments = [0, 1, 0, 3];
  const variances = [1, 2, 15, 96];
  moments.forEach((moment, i) => {
    assertWithin(
      mean(z, (value) => value ** (i + 1)),
      moment,
      Math.sqrt(variances[i] / n),
      `moment ${i + 1}`,
    );
  });
});

test('fillUniform and fillNormal are prefixes of one endless sequence', () => {
  for (const length of [0, 1, 2, 3, 7]) assert.equal(draw(length), draw(100).slice(0, length));
  const normals = fillNormal(new Float64Array(9), address);
  assert.equal([...fillNormal(new Float64Array(4), address)], [...normals.slice(0, 4)]);
});

test('fillUniform is a pure function of seed, stream and counter, and each of them matters', () => {
  assert.equal(draw(8), draw(8));
  const addresses: Draw[] = [
    address,
    { ...address, seed: 2 },
    { ...address, seed: 0 },
    { ...address, stream: stream.shuffling },
    { ...address, counter: 1 },
    { ...address, counter: 2 ** 32 },
    { ...address, counter: 2 ** 32 + 1 },
    { ...address, seed: 1 + 2 ** 32 },
    { ...address, seed: 1 + 2 ** 33 },
    { ...address, seed: 2 ** 53 - 1 },
  ];
  const seen = new Set(addresses.flatMap((where) => draw(8, where)));
  assert.is(seen.size, 8 * addresses.length);
  assert.equal(draw(8, { ...address, counter: 0 }), draw(8));
});

test('fillUniform keeps a known draw for ever: results of a seed never change', () => {
  assert.equal([...new Set(Object.values(stream))].length, Object.keys(stream).length);
  const words = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]; // Philox of an all-zero counter and key
  const value = (high: number, low: number) => ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
  const zero: Draw = { seed: 0, stream: 0, counter: 0 };
  assert.equal(draw(2, zero), [value(words[0], words[1]), value(words[2], words[3])]);
});

test('permutation holds every number once, for lengths 0, 1, 2, 3 and 1000', () => {
  for (const length of [0, 1, 2, 3, 1000]) {
    const sorted = [...permutation(length, address)].sort((a, b) => a - b);
    assert.equal(sorted, [...Array(length).keys()]);
  }
  assert.not.equal([...permutation(1000, address)], [...permutation(1000, { ...address, counter: 1 })]);
});

test('permutation gives each of the 6 orders of 3 about equally often', () => {
  const n = 12_000;
  const counts = new Map<string, number>();
  for (let counter = 0; counter < n; counter++) {
    const key = permutation(3, { ...address, counter }).join('');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assert.is(counts.size, 6);
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - n / 6) ** 2 / (n / 6), 0);
  assert.ok(chiSquare < 25.7, `χ² is ${chiSquare}: above its 0.9999 quantile with 5 degrees of freedom`);
});

test('fillMask holds ones and zeros with the probability asked for', () => {
  const n = 100_000;
  for (const p of [0, 0.25, 0.9, 1]) {
    const mask = fillMask(new Float64Array(n), address, p);
    assert.ok(mask.every((value) => value === 0 || value === 1));
    const share = mean(mask, (value) => value);
    if (p === 0 || p === 1) assert.is(share, p);
    else assertWithin(share, p, Math.sqrt((p * (1 - p)) / n), `share at ${p}`);
  }
});

test('fillUniform refuses a bad seed or counter in one line', () => {
  for (const seed of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    assert.throws(
      () => draw(1, { ...address, seed }),
      (error: unknown) => error instanceof InputError && error.message.startsWith(`seed is ${seed}: `),
    );
  }
  for (const counter of [-1, 1.5, 2 ** 53]) {
    assert.throws(
      () => draw(1, { ...address, counter }),
      (error: unknown) => error instanceof InputError && error.message.startsWith(`random counter is ${counter}: `),
    );
  }
});

test.run();
