import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../../src/errors.ts';
import { Heap } from '../../../src/kernels/simd/heap.ts';
import { uniforms } from '../../support/views.ts';

test('Heap gives zeroed blocks that do not overlap, on cache lines, whatever is released between', () => {
  const heap = new Heap();
  const draws = uniforms(4000, 1, 0, 1);
  const live = new Map<number, number>();
  const marks = new Map<number, number>();
  for (let i = 0; i < draws.length; i += 2) {
    if (draws[i] < 0.55 || live.size === 0) {
      const bytes = Math.floor(draws[i + 1] ** 4 * 200_000);
      const begin = heap.allocate(bytes);
      assert.is(begin % 64, 0);
      assert.ok(begin >= 65_536, 'page 0 was given away');
      const bytesThere = new Uint8Array(heap.memory.buffer, begin, bytes);
      assert.ok(
        bytesThere.every((byte) => byte === 0),
        'a block is not zeroed',
      );
      bytesThere.fill((i % 250) + 1);
      live.set(begin, bytes);
      marks.set(begin, (i % 250) + 1);
    } else {
      const [begin, bytes] = [...live][Math.floor(draws[i + 1] * live.size)];
      const mark = marks.get(begin);
      const content = new Uint8Array(heap.memory.buffer, begin, bytes);
      assert.ok(
        content.every((byte) => byte === mark),
        'a block was overwritten',
      );
      heap.release(begin);
      live.delete(begin);
    }
  }
  for (const [begin, bytes] of live) {
    const mark = marks.get(begin);
    assert.ok(new Uint8Array(heap.memory.buffer, begin, bytes).every((byte) => byte === mark));
  }
});

test('Heap does not grow over a thousand rounds of the same blocks', () => {
  const heap = new Heap();
  const round = () => {
    const blocks = [1000, 300_000, 64, 5_000_000, 0].map((bytes) => heap.allocate(bytes));
    for (const i of [3, 0, 4, 1, 2]) heap.release(blocks[i]);
  };
  round();
  const size = heap.memory.buffer.byteLength;
  for (let i = 0; i < 1000; i++) round();
  assert.is(heap.memory.buffer.byteLength, size);
});

test('Heap merges what is released, in every order', () => {
  for (const order of [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]) {
    const heap = new Heap();
    const blocks = [640, 640, 640].map((bytes) => heap.allocate(bytes));
    const after = heap.allocate(64);
    for (const i of order) heap.release(blocks[i]);
    assert.is(heap.allocate(3 * 640), blocks[0]);
    assert.ok(after > blocks[2]);
  }
});

test('Heap keeps old views valid when it grows', () => {
  const heap = new Heap();
  const view = new Float32Array(...heap.place(16)).fill(3);
  heap.allocate(50_000_000);
  assert.is(view.length, 16);
  view[0] = 7;
  assert.is(new Float32Array(heap.memory.buffer, view.byteOffset, 1)[0], 7);
});

test('Heap refuses more than WebAssembly can address, in a message that says what to do, and goes on', () => {
  const heap = new Heap();
  try {
    heap.allocate(5 * 2 ** 30);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, InputError);
    assert.match((error as Error).message, /would need 5\.00 GiB.*at most 4 here: dispose.*smaller batches/);
  }
  assert.ok(heap.allocate(1000) > 0);
});

test('Heap passes over what is not allocated when it is released', () => {
  const heap = new Heap();
  const begin = heap.allocate(64);
  heap.release(12_345);
  heap.release(begin);
  heap.release(begin);
  assert.is(heap.allocate(64), begin);
  assert.not.equal(heap.allocate(64), begin);
});

test.run();
