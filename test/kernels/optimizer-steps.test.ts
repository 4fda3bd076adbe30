import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Precision } from '../../src/array/matrix.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { assertClose } from '../support/close.ts';
import { assertGuard, placeVector, precisions } from '../support/views.ts';

const kernels = { float32: createReferenceKernels('float32'), float64: createReferenceKernels('float64') };
const tolerance = (precision: Precision) => ({ rtol: precision === 'float32' ? 2 ** -22 : 1e-14, atol: 0 });
/** A flat vector inside guarded storage, as a parameter sits inside θ. */
const flat = (precision: Precision, values: readonly number[]) =>
  placeVector(values.length, 'offset', precision, (i) => values[i]);

test('momentumStep by hand: v ← μv − ηg; θ ← θ + v', () => {
  for (const precision of precisions) {
    const theta = flat(precision, [1, 2]);
    const before = flat(precision, [9, 9]);
    const velocity = flat(precision, [0.5, -1]);
    const gradient = flat(precision, [2, -4]);
    const options = { learningRate: 0.25, momentum: 0.5, nesterov: false };
    kernels[precision].momentumStep(theta, before, velocity, gradient, options);
    assertClose(velocity, [-0.25, 0.5], tolerance(precision));
    assertClose(theta, [0.75, 2.5], tolerance(precision));
    kernels[precision].momentumStep(theta, before, velocity, gradient, options);
    assertClose(velocity, [-0.625, 1.25], tolerance(precision));
    assertClose(theta, [0.125, 3.75], tolerance(precision));
    assertClose(gradient, [2, -4], { rtol: 0, atol: 0 });
    for (const view of [theta, velocity]) assertGuard(view);
  }
});

test('momentumStep by hand with Nesterov: θ ← θ + μv − ηg with the new v', () => {
  for (const precision of precisions) {
    const theta = flat(precision, [1]);
    const before = flat(precision, [9]);
    const velocity = flat(precision, [0.5]);
    const gradient = flat(precision, [2]);
    const options = { learningRate: 0.25, momentum: 0.5, nesterov: true };
    kernels[precision].momentumStep(theta, before, velocity, gradient, options);
    assertClose(velocity, [-0.25], tolerance(precision));
    assertClose(theta, [1 - 0.125 - 0.5], tolerance(precision));
  }
});

test('momentumStep without momentum is plain gradient descent, Nesterov or not', () => {
  for (const nesterov of [false, true]) {
    const theta = flat('float64', [3]);
    const options = { learningRate: 0.125, momentum: 0, nesterov };
    kernels.float64.momentumStep(theta, flat('float64', [0]), flat('float64', [7]), flat('float64', [4]), options);
    assert.is(theta.get(0), 2.5);
  }
});

test('adamStep by hand: the first step, its moments and their bias correction', () => {
  for (const precision of precisions) {
    const theta = flat(precision, [1, 1, 1]);
    const before = flat(precision, [9, 9, 9]);
    const first = flat(precision, [0, 0, 0]);
    const second = flat(precision, [0, 0, 0]);
    const gradient = flat(precision, [2, -0.5, 0]);
    const options = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 0.5, step: 1 };
    kernels[precision].adamStep(theta, before, first, second, gradient, options);
    assertClose(first, [0.2, -0.05, 0], tolerance(precision));
    assertClose(second, [0.04, 0.0025, 0], tolerance(precision));
    // m̂ = g and √v̂ = |g|: θ − 0.1·2/(2 + 0.5), θ + 0.1·0.5/(0.5 + 0.5), and 0 stays.
    assertClose(theta, [0.92, 1.05, 1], tolerance(precision));
    for (const view of [theta, first, second]) assertGuard(view);
  }
});

test('adamStep by hand: a later step from moments of its own', () => {
  for (const precision of precisions) {
    const theta = flat(precision, [1]);
    const before = flat(precision, [9]);
    const first = flat(precision, [0.5]);
    const second = flat(precision, [0.25]);
    const options = { learningRate: 0.5, beta1: 0.5, beta2: 0.75, epsilon: 0.25, step: 2 };
    kernels[precision].adamStep(theta, before, first, second, flat(precision, [1]), options);
    // m = 0.75, m̂ = 0.75/(1 − 0.25) = 1; v = 0.4375, v̂ = 0.4375/(1 − 0.5625) = 1; 1 − 0.5·1/(1 + 0.25).
    assertClose(first, [0.75], tolerance(precision));
    assertClose(second, [0.4375], tolerance(precision));
    assertClose(theta, [0.6], tolerance(precision));
  }
});

test('momentumStep and adamStep on empty vectors do nothing', () => {
  const none = () => flat('float64', []);
  kernels.float64.momentumStep(none(), none(), none(), none(), { learningRate: 1, momentum: 0, nesterov: false });
  const options = { learningRate: 1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, step: 1 };
  kernels.float64.adamStep(none(), none(), none(), none(), none(), options);
});

test.run();
