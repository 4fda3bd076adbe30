import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Activation } from '../../../src/kernels/activations/activation.ts';
import { activations } from '../../../src/kernels/activations/table.ts';
import { activationNumber } from '../../../src/kernels/simd/activations.ts';
import { SPECIAL } from './agree.ts';
import { machine } from './machine.ts';

const POINTS = 1 << 20;
const ROW = 4096;
const allocate = () => machine.heap.allocate(4 * POINTS);
const numbers = (begin: number) => new Float32Array(machine.heap.memory.buffer, begin, POINTS);
const [outAt, inAt, onesAt] = [allocate(), allocate(), allocate()];
const [out, x] = [numbers(outAt), numbers(inAt)];
numbers(onesAt).fill(1);

const flat = (...begins: number[]) => begins.flatMap((begin) => [begin, ROW, 1]);
/** The number of an activation that has vectors. */
function numberOf(f: Activation): number {
  const number = activationNumber(f);
  if (number === undefined) throw new Error(`${f.name} has no vectors`);
  return number;
}
const { sigmoid, tanh, relu, softplus } = {
  ...{ sigmoid: numberOf(activations.sigmoid), tanh: numberOf(activations.tanh) },
  ...{ relu: numberOf(activations.relu), softplus: numberOf(activations.softplus) },
};

/** What a kernel is given, to go from x to out. */
const operands = {
  exponential: flat(outAt, inAt),
  activate: flat(outAt, inAt),
  activateRelaxed: flat(outAt, inAt),
  delta: [...flat(outAt, onesAt, inAt), 0, 1],
};
/** The activations of the plain module, and those with fused multiply-add where the engine has it. */
const activates = (['activate', 'activateRelaxed'] as const).filter((kernel) => kernel in machine.kernels);

function run(kernel: keyof typeof operands, ...f: number[]): void {
  machine.kernels[kernel](ROW, POINTS, ...operands[kernel], ...f, 0, POINTS / ROW, machine.scratch);
}

const logistic = (z: number) => (z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z)));
const logOnePlusExp = (z: number) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

const decay = (z: number) => Math.exp(-Math.abs(z));
const range = { low: -103.9, high: 103.9, least: -Infinity };

/** What each computes, the range in which that is finite and not 0, by how many ulps it may be off, and its least argument. */
const functions = [
  { name: 'e^−|z|', compute: () => run('exponential'), f: decay, low: -103.9, high: 103.9, ulps: 1, least: -Infinity },
  ...activates.flatMap((kernel) => [
    { name: `sigmoid of ${kernel}`, compute: () => run(kernel, sigmoid), f: logistic, ...range, ulps: 3 },
    { name: `tanh of ${kernel}`, compute: () => run(kernel, tanh), f: Math.tanh, ...range, ulps: 1.5 },
    { name: `softplus of ${kernel}`, compute: () => run(kernel, softplus), f: logOnePlusExp, ...range, ulps: 3 },
  ]),
  {
    name: 'softplus′',
    compute: () => run('delta', softplus),
    f: (a: number) => -Math.expm1(-a),
    low: -80,
    high: 80,
    ulps: 2,
    least: 0, // a is a value of softplus
  },
];

for (const { name, compute, f, low, high, ulps, least } of functions) {
  /** The largest distance from f, in units of the last place of f's float32 neighbours; below 2⁻¹²⁶ those are 2⁻¹⁴⁹. */
  const worst = (from: number, to: number) => {
    for (let i = 0; i < POINTS; i++) x[i] = from + ((to - from) * i) / (POINTS - 1);
    compute();
    let most = 0;
    for (let i = 0; i < POINTS; i++) {
      const y = f(x[i]);
      const ulp = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(y), 2 ** -126))) - 23);
      const error = Math.abs(out[i] - y) / ulp;
      if (!(error <= most)) most = error;
    }
    return most;
  };

  test(`${name} is off by at most ${ulps} ulps, at a million points of its whole range, around 0, and close to 0`, () => {
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

  test(`${name} knows 0, −0, ±∞, NaN, denormals and what over- and underflows`, () => {
    x.fill(0);
    const special = SPECIAL.filter((z) => !(z < least));
    x.set(special);
    compute();
    special.forEach((_, i) => {
      const expected = Math.fround(f(x[i]));
      const near = Math.abs(out[i] - expected) <= Math.max(ulps * 2 ** -23 * Math.abs(expected), 2 ** -149);
      assert.ok(Object.is(out[i], expected) || near, `${name}(${x[i]}) is ${out[i]}, not ${expected}`);
    });
  });
}

test('relu has the bits of Math.max, and a NaN stays a NaN', () => {
  for (const kernel of activates) {
    x.fill(0);
    x.set(SPECIAL);
    run(kernel, relu);
    for (let i = 0; i < SPECIAL.length; i++) assert.ok(Object.is(out[i], Math.max(x[i], 0)), `${out[i]} for ${x[i]}`);
  }
});

test.run();
