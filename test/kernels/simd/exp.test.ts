import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SPECIAL } from './agree.ts';
import { machine } from './machine.ts';

const POINTS = 1 << 20;
const ROW = 4096;
const allocate = () => machine.heap.allocate(4 * POINTS);
const numbers = (begin: number) => new Float32Array(machine.heap.memory.buffer, begin, POINTS);
const [outAt, inAt, onesAt] = [allocate(), allocate(), allocate()];
const [out, x] = [numbers(outAt), numbers(inAt)];
numbers(onesAt).fill(1);

/** Runs a kernel over x into out. */
function run(kernel: string): void {
  const flat = [outAt, inAt].flatMap((begin) => [begin, ROW, 1]);
  const backward = [outAt, onesAt, inAt].flatMap((begin) => [begin, ROW, 1]);
  const operands = kernel.startsWith('delta') ? [...backward, 0, 1] : flat;
  machine.kernels[kernel](ROW, POINTS, ...operands, 0, POINTS / ROW);
}

const logistic = (z: number) => (z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z)));
const softplus = (z: number) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

/** A kernel, what it computes, the range in which that is finite and not 0, and by how many ulps it may be off. */
const functions = [
  { kernel: 'exponential', f: Math.exp, low: -103.9, high: 88.72, ulps: 1 },
  { kernel: 'activateSigmoid', f: logistic, low: -103.9, high: 103.9, ulps: 3 },
  { kernel: 'activateTanh', f: Math.tanh, low: -103.9, high: 103.9, ulps: 1.5 },
  { kernel: 'activateSoftplus', f: softplus, low: -103.9, high: 103.9, ulps: 3 },
  { kernel: 'deltaSoftplus', f: (a: number) => -Math.expm1(-a), low: -80, high: 80, ulps: 2 },
];

for (const { kernel, f, low, high, ulps } of functions) {
  /** The largest distance from f, in units of the last place of f's float32 neighbours; below 2⁻¹²⁶ those are 2⁻¹⁴⁹. */
  const worst = (from: number, to: number) => {
    for (let i = 0; i < POINTS; i++) x[i] = from + ((to - from) * i) / (POINTS - 1);
    run(kernel);
    let most = 0;
    for (let i = 0; i < POINTS; i++) {
      const y = f(x[i]);
      const ulp = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(y), 2 ** -126))) - 23);
      const error = Math.abs(out[i] - y) / ulp;
      if (!(error <= most)) most = error;
    }
    return most;
  };

  test(`${kernel} is off by at most ${ulps} ulps, at a million points of its whole range, around 0, and close to 0`, () => {
    for (const [from, to] of [
      [low, high],
      [-2, 2],
      [-1e-3, 1e-3],
      [-1e-30, 1e-30],
    ]) {
      const most = worst(from, to);
      assert.ok(most <= ulps, `${most} ulps on [${from}, ${to}]`);
    }
  });

  test(`${kernel} knows 0, −0, ±∞, NaN, denormals and what over- and underflows`, () => {
    x.fill(0);
    x.set(SPECIAL);
    run(kernel);
    SPECIAL.forEach((_, i) => {
      const expected = Math.fround(f(x[i]));
      const near = Math.abs(out[i] - expected) <= Math.max(ulps * 2 ** -23 * Math.abs(expected), 2 ** -149);
      assert.ok(Object.is(out[i], expected) || near, `${kernel}(${x[i]}) is ${out[i]}, not ${expected}`);
    });
  });
}

test('activateRelu has the bits of Math.max, and a NaN stays a NaN', () => {
  x.fill(0);
  x.set(SPECIAL);
  run('activateRelu');
  for (let i = 0; i < SPECIAL.length; i++) assert.ok(Object.is(out[i], Math.max(x[i], 0)), `${out[i]} for ${x[i]}`);
});

test.run();
