import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createKernels } from '../../src/kernels/create.ts';
import { precisions } from '../support/views.ts';

test('storage is counted, forks included, and given back once', () => {
  for (const precision of precisions) {
    const bytes = precision === 'float32' ? 4 : 8;
    const k = createKernels(precision, { threads: 1 });
    assert.is(k.heldBytes(), 0);
    const first = k.allocate(10);
    const indices = k.allocateIndices(3);
    assert.is(k.heldBytes(), 10 * bytes + 12);
    const fork = k.fork();
    const inner = fork.fork();
    fork.allocate(5);
    inner.allocate(7);
    assert.is(fork.heldBytes(), 12 * bytes);
    assert.is(k.heldBytes(), 22 * bytes + 12);
    k.release(first);
    k.release(first);
    k.release(null);
    assert.is(k.heldBytes(), 12 * bytes + 12);
    fork.release(indices); // not the fork's: passed over
    assert.is(k.heldBytes(), 12 * bytes + 12);
    fork.dispose();
    fork.dispose();
    assert.is(k.heldBytes(), 12);
    k.dispose();
    assert.is(k.heldBytes(), 0);
  }
});

test('allocateDoubles gives zeroed float64 numbers in either precision, counted at eight bytes each, and takes them back', () => {
  for (const precision of precisions) {
    const k = createKernels(precision, { threads: 1 });
    const doubles = k.allocateDoubles(7);
    assert.ok(doubles instanceof Float64Array && doubles.length === 7 && doubles.every((value) => value === 0));
    assert.is(k.heldBytes(), 56);
    const fork = k.fork();
    const others = [fork.allocateDoubles(0), fork.allocateIndices(1), fork.allocateDoubles(3), fork.allocate(5)];
    assert.is(k.heldBytes(), 56 + 4 + 24 + 5 * (precision === 'float32' ? 4 : 8));
    doubles.fill(1 / 3);
    others[2].fill(Math.PI);
    assert.ok(doubles.every((value) => value === 1 / 3) && others[3].every((value) => value === 0));
    k.release(doubles);
    const again = k.allocateDoubles(7);
    assert.ok(
      again.every((value) => value === 0),
      'numbers of before',
    );
    k.release(again);
    fork.dispose();
    assert.is(k.heldBytes(), 0);
  }
});

test('doubles keep every digit from write to copyOut, in either precision', async () => {
  const values = [0.1 + 0.2, -0, 5e-324, 1e300, 1 / 3, Number.MAX_SAFE_INTEGER, 2 ** -60];
  for (const precision of precisions) {
    const k = createKernels(precision, { threads: 1 });
    const doubles = k.allocateDoubles(9);
    const view = { data: doubles, shape: [7], stride: [-1], offset: 7 };
    k.write(view, values);
    assert.equal([...doubles], [0, ...values.slice().reverse(), 0]);
    assert.equal([...(await k.copyOut(view))], values);
    assert.equal([...(await k.copyOut(view, new Float64Array(7)))], values);
    k.dispose();
  }
});

test('storage that is given back serves the next model: kernels do not grow over a thousand rounds', () => {
  const size = () => (createKernels('float32').allocate(1).buffer as SharedArrayBuffer).byteLength;
  const round = () => {
    const k = createKernels('float32', { threads: 1 });
    k.allocate(100_000);
    k.fork().allocate(30_000);
    k.dispose();
  };
  round();
  const before = size();
  for (let i = 0; i < 1000; i++) round();
  assert.is(size(), before);
});

test.run();
