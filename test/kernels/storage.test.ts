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
