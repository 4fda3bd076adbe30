import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Vector } from '../../../src/array/matrix.ts';
import { createReferenceKernels } from '../../../src/kernels/reference/reference.ts';
import { assertClose } from '../../support/close.ts';
import { assertGuard, placeVector, uniforms } from '../../support/views.ts';
import { chunked, inHeap, machine, whole } from './machine.ts';

const reference = createReferenceKernels('float64');
const lengths = [0, 1, 3, 4, 7, 64, 4096, 4097, 13_001];

/** A vector of float32 numbers on [low, high), in float64 storage and in the heap. */
function vectors(length: number, seed: number, low: number, high: number) {
  const values = uniforms(length, seed, low, high);
  const make = () => placeVector(length, 'offset', 'float64', (i) => Math.fround(values[i]));
  return { exact: make(), whole: inHeap(make()), chunked: inHeap(make()) };
}

/** Takes three steps on the reference kernels, in one go and in chunks; the first vector is θ. */
function threeSteps(
  length: number,
  starts: readonly ReturnType<typeof vectors>[],
  step: (kernels: typeof reference, views: readonly Vector[], t: number) => void,
): void {
  for (let t = 1; t <= 3; t++) {
    step(reference, starts.map(({ exact }) => exact), t); // biome-ignore format: one line a kind of kernels
    step(whole, starts.map((vector) => vector.whole.view), t); // biome-ignore format: one line a kind of kernels
    step(chunked, starts.map((vector) => vector.chunked.view), t); // biome-ignore format: one line a kind of kernels
  }
  for (const vector of starts) {
    assertClose(vector.whole.view, vector.exact, { rtol: 12 * 2 ** -24, atol: 12 * 2 ** -24 });
    for (let i = 0; i < length; i++) assert.is(vector.whole.view.get(i), vector.chunked.view.get(i));
    for (const { view, release } of [vector.whole, vector.chunked]) {
      assertGuard(view);
      release();
    }
  }
}

test('momentumStep agrees with the reference over three steps, classical and Nesterov', () => {
  for (const nesterov of [false, true]) {
    for (const length of lengths) {
      const starts = [1, 2, 3, 5].map((seed) => vectors(length, seed, -1, 1));
      threeSteps(length, starts, (kernels, [theta, velocity, gradient, before]) => {
        kernels.momentumStep(theta, before, velocity, gradient, { learningRate: 0.1, momentum: 0.9, nesterov });
      });
    }
  }
});

test('adamStep agrees with the reference over three steps, with its bias corrections', () => {
  for (const length of lengths) {
    const starts = [
      vectors(length, 1, -1, 1),
      vectors(length, 2, -1, 1),
      vectors(length, 3, 0, 1),
      vectors(length, 4, -1, 1),
      vectors(length, 5, -1, 1),
    ];
    threeSteps(length, starts, (kernels, [theta, first, second, gradient, before], step) => {
      const options = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step };
      kernels.adamStep(theta, before, first, second, gradient, options);
    });
  }
});

test('adamStep leaves a parameter without gradient where it is, also with an ε that float32 cannot hold', () => {
  const [theta, before, first, second, gradient] = [2, 1, 0, 0, 0].map((x) =>
    inHeap(placeVector(5, 'rows', 'float32', () => x)),
  );
  const options = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-60, step: 1 };
  whole.adamStep(theta.view, before.view, first.view, second.view, gradient.view, options);
  for (let i = 0; i < 5; i++) assert.is(theta.view.get(i), 2);
  for (const { release } of [theta, before, first, second, gradient]) release();
});

test('the assembly of both steps can keep θ as it was and sum the squares of the gradient, and changes nothing else', () => {
  const n = 9001;
  for (const kernel of ['momentumStep', 'adamStep']) {
    const states = kernel === 'adamStep' ? 2 : 1;
    const scalars = kernel === 'adamStep' ? [0.01, 0.9, 0.1, 0.1, 0.999, 0.001, 0.001, 1e-8] : [0.1, 0.9, 1];
    const run = (before: number, sums: number) => {
      const views = [1, 2, 3, 4].slice(0, 2 + states).map((seed) => {
        const values = uniforms(n, seed, 0, 1);
        return inHeap(placeVector(n, 'offset', 'float32', (i) => values[i]));
      });
      const pointers = views.map(({ view }) => view.data.byteOffset + 4 * view.offset);
      machine.kernels[kernel](4096, n, ...pointers, before, sums, ...scalars, 0, 3);
      const after = views.map(({ view }) => view.data.slice());
      for (const { release } of views) release();
      return after;
    };
    const [before, sums] = [machine.heap.allocate(4 * n + 16), machine.heap.allocate(32)];
    const kept = new Float32Array(machine.heap.memory.buffer, before, n + 4).fill(-7);
    const squares = new Float64Array(machine.heap.memory.buffer, sums, 4).fill(-7);
    const plain = run(0, 0);
    assert.equal([kept[0], squares[0]], [-7, -7]);
    const fused = run(before, sums);
    assert.equal(fused, plain);
    assert.equal(kept.slice(0, n), Float32Array.from(uniforms(n, 1, 0, 1)));
    assert.equal([...kept.slice(n), squares[3]], [-7, -7, -7, -7, -7]);
    const gradient = Float32Array.from(uniforms(n, 2 + states, 0, 1));
    const expected = gradient.reduce((sum, g) => sum + g * g, 0);
    assertClose([squares[0] + squares[1] + squares[2]], [expected], { rtol: 1e-13, atol: 0 });
    machine.heap.release(before);
    machine.heap.release(sums);
  }
});

test.run();
