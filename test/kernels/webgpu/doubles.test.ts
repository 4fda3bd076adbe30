import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { View } from '../../../src/array/matrix.ts';
import { gpuKernels } from '../../support/gpu.ts';

const gpu = await gpuKernels();

/** Counts beyond 2²⁴, and numbers that float32 does not hold. */
const VALUES = [2 ** 24 + 1, 2 ** 40 + 3, 0, -(2 ** 33) - 1, 0.1, 1 / 3, 1e-20, Number.NaN, Infinity, -7e30, 2 ** -30];

function place(values: readonly number[], kind: 'doubles' | 'numbers', step = 1): View {
  const length = values.length * step;
  const data = kind === 'doubles' ? gpu?.allocateDoubles(length) : gpu?.allocate(length);
  const view = { data: data as View['data'], shape: [values.length], stride: [step], offset: 0 };
  gpu?.write(view, values);
  return view;
}

async function assertHolds(view: View, wanted: readonly number[], relative: number) {
  const got = await gpu?.copyOut(view);
  for (const [n, value] of wanted.entries()) {
    const given = got?.[n] as number;
    assert.ok(
      Object.is(given, value) || Math.abs(given - value) <= relative * Math.abs(value),
      `${n}: ${given}, not ${value}`,
    );
  }
}

test('copies of doubles are whole, strided ones too', async () => {
  if (gpu === null) return;
  const exact = VALUES.map((value) => {
    const high = Math.fround(value);
    return Number.isFinite(high) ? high + Math.fround(value - high) : value;
  });
  for (const [own, other] of [
    [1, 1],
    [1, 3],
    [2, 1],
  ]) {
    const out = place(
      VALUES.map(() => 5),
      'doubles',
      own,
    );
    gpu.copy(out, place(VALUES, 'doubles', other));
    await assertHolds(out, exact, 0);
  }
  const rounded = place(
    VALUES.map(() => 5),
    'numbers',
  );
  gpu.copy(rounded, place(VALUES, 'doubles'));
  await assertHolds(rounded, VALUES.map(Math.fround), 2 ** -24);
  const widened = place(
    VALUES.map(() => 5),
    'doubles',
  );
  gpu.copy(widened, place(VALUES, 'numbers'));
  await assertHolds(widened, VALUES.map(Math.fround), 0);
});

test('blends of doubles keep what float32 does not hold: silence ← next, and averages', async () => {
  if (gpu === null) return;
  const next = place(VALUES, 'doubles');
  const silence = place(
    VALUES.map(() => 5),
    'doubles',
  );
  gpu.blend(silence, next, 1, { ...next, offset: 2, stride: [0] }, 0);
  await assertHolds(silence, VALUES, 2 ** -46);
  gpu.blend(silence, silence, 0.999, next, 1e-3);
  await assertHolds(silence, VALUES, 2 ** -44);
  gpu.blend(silence, silence, 0.9, next, 0.2);
  await assertHolds(
    silence,
    VALUES.map((value) => 1.1 * value),
    2 ** -44,
  );
});

test('blends take doubles and numbers as they come', async () => {
  if (gpu === null) return;
  const ones = VALUES.map(() => 1);
  for (const [x, y] of [
    ['doubles', 'numbers'],
    ['numbers', 'doubles'],
    ['numbers', 'numbers'],
  ] as const) {
    for (const out of ['doubles', 'numbers'] as const) {
      const to = place(VALUES, out);
      gpu.blend(to, place(VALUES, x, 2), 0.7, place(ones, y), -0.3);
      const held = x === 'numbers' ? VALUES.map(Math.fround) : VALUES;
      const wanted = held.map((value) => 0.7 * value - 0.3);
      await assertHolds(to, wanted, out === 'doubles' && (x === 'doubles' || y === 'doubles') ? 2 ** -42 : 4e-7);
    }
  }
  // a threshold of a batch for all units, a little below
  const threshold = place([0.1], 'doubles');
  const above = place([7, 7, 7], 'numbers');
  gpu.blend(above, { ...threshold, shape: [3], stride: [0] }, 1 - 1e-6, above, 0);
  await assertHolds(
    above,
    [0.1, 0.1, 0.1].map((value) => Math.fround((1 - 1e-6) * value)),
    2 ** -24,
  );
});

test.run();
