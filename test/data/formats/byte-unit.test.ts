import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ArrayOptions } from '../../../src/data/formats/array-examples.ts';
import { idxExamples } from '../../../src/data/formats/idx.ts';
import { rawExamples } from '../../../src/data/formats/raw-f32.ts';
import { refused } from '../refused.ts';

/** (2, 2) bytes in an IDX file. */
const read = (bytes: number[], options: ArrayOptions = {}) =>
  idxExamples(Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, ...bytes), options);

test('bytes of 0 and 1 are what they are, others pixels; what is not plain is said', () => {
  const flags = read([0, 1, 1, 0]);
  assert.equal([flags.unit, flags.byteUnit], [1, 1]);
  assert.match(flags.notes?.join() ?? '', /its bytes are 0 and 1, and are read as they are: --unit 255/);
  const counts = read([0, 16, 3, 9]);
  assert.equal([counts.unit, counts.byteUnit], [255, 255]);
  assert.match(counts.notes?.join() ?? '', /its bytes go up to 16 and are divided by 255: --unit 1/);
  const pixels = read([0, 32, 1, 0]);
  assert.equal([pixels.unit, pixels.byteUnit, pixels.notes], [255, 255, undefined]);
  const raw = rawExamples(Uint8Array.of(1, 0), '{"dtype": "uint8", "shape": [1, 2]}');
  assert.is(raw.unit, 1);
});

test('a unit that is asked for decides, of bytes and of other numbers', async () => {
  for (const unit of [1, 255, 16]) assert.equal(read([0, 1, 1, 0], { unit }).unit, unit);
  assert.is(read([0, 1, 1, 0], { unit: 255 }).notes, undefined);
  const floats = rawExamples(new Uint8Array(8), '{"dtype": "float32", "shape": [1, 2]}', { unit: 255 });
  assert.equal([floats.unit, floats.byteUnit], [255, undefined]);
  for (const unit of [0, -1, Number.NaN, Infinity]) await refused(() => read([0, 1, 1, 0], { unit }), /unit is/);
});

test('new data for a model have the unit of its own, whatever their largest byte', () => {
  assert.is(read([0, 1, 1, 0], { match: { byteUnit: 255 } }).unit, 255);
  assert.is(read([0, 200, 1, 0], { match: { byteUnit: 1 } }).unit, 1);
  assert.is(read([0, 200, 1, 0], { match: { unit: 7, byteUnit: 7 } }).unit, 7);
  assert.is(read([0, 1, 1, 0], { unit: 1, match: { byteUnit: 255 } }).unit, 1);
  // A model of an earlier release does not say: 255, as then, and a word.
  const old = read([0, 1, 1, 0], { match: {} });
  assert.is(old.unit, 255);
  assert.match(old.notes?.join() ?? '', /go up to 1 and are divided by 255: --unit 1/);
});

test.run();
