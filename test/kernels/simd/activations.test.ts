import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createReferenceKernels } from '../../../src/kernels/reference/reference.ts';
import { allActivations } from '../../support/activations.ts';
import { placeVector } from '../../support/views.ts';
import { agree, SPECIAL, uniform } from './agree.ts';
import { inHeap, whole } from './machine.ts';

/** Whether a is a value of f. */
const inRange: Readonly<Record<string, (a: number) => boolean>> = {
  sigmoid: (a) => a >= 0 && a <= 1,
  tanh: (a) => Math.abs(a) <= 1,
  relu: () => true,
  softplus: (a) => a >= 0,
  linear: () => true,
  softsign: (a) => Math.abs(a) <= 1,
  ramp: (a) => a >= 0 && a <= 1,
};

for (const f of allActivations) {
  test(`activate with ${f.name} agrees with the reference for every layout, in place and not`, async () => {
    await agree(
      ({ kernels, out, other }, rows, columns) => {
        const z = other(rows, columns, uniform(rows, columns, 1, -6, 6));
        const target = out(rows, columns, () => Number.NaN);
        kernels.activate(target, z, f);
        const own = out(rows, columns, uniform(rows, columns, 2, -6, 6));
        kernels.activate(own, own, f);
        return [target, own];
      },
      { units: 6, magnitude: 0 },
    );
  });

  test(`delta with ${f.name} agrees with the reference for every layout, with and without push, in place and not`, async () => {
    await agree(
      ({ kernels, out, other, vector }, rows, columns) => {
        const a = other(rows, columns, uniform(rows, columns, 1, 0, 1));
        const upstream = other(rows, columns, uniform(rows, columns, 2));
        const push = vector(columns, (j) => ((7 * j) % 5) - 1.9);
        return [null, push].flatMap((row) => {
          const target = out(rows, columns, () => Number.NaN);
          kernels.delta(target, upstream, row, a, f);
          const own = out(rows, columns, uniform(rows, columns, 3));
          kernels.delta(own, own, row, a, f);
          return [target, own];
        });
      },
      { units: 6, magnitude: 3 },
    );
  });

  test(`delta with ${f.name} meets NaN, infinities and zeros as the reference does`, () => {
    const outputs = SPECIAL.filter((a) => Number.isNaN(a) || inRange[f.name](a));
    const n = outputs.length;
    const reference = createReferenceKernels('float32');
    for (const u of [1, -2, 0, Number.POSITIVE_INFINITY, Number.NaN]) {
      const a = placeVector(n, 'rows', 'float32', (i) => outputs[i]);
      const out = placeVector(n, 'rows', 'float32', () => u);
      const [aHeap, outHeap] = [inHeap(a), inHeap(out)];
      reference.delta(out, out, null, a, f);
      whole.delta(outHeap.view, outHeap.view, null, aHeap.view, f);
      for (let i = 0; i < n; i++) {
        const [actual, expected] = [outHeap.view.get(i), out.get(i)];
        const near = Math.abs(actual - expected) <= 1e-6 * Math.abs(expected);
        assert.ok(Object.is(actual, expected) || near, `${u}·f′ at a = ${outputs[i]} is ${actual}, not ${expected}`);
      }
      aHeap.release();
      outHeap.release();
    }
  });
}

test.run();
