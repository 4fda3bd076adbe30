import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rawExamples } from '../../../src/data/formats/raw-f32.ts';
import { refused } from '../refused.ts';

test('rawExamples reads float32 images in either byte order', () => {
  const bytes = Uint8Array.of(0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0);
  const little = rawExamples(bytes, '{"dtype": "float32", "shape": [1, 1, 2], "order": "[image][row][column]"}');
  assert.equal(little.x.data, Float32Array.of(1.5, -2));
  assert.equal(little.image, { height: 1, width: 2, channels: 1 });
  assert.is(little.unit, 1);
  const big = rawExamples(bytes.slice().reverse(), '{"dtype": "float32", "shape": [2], "endianness": "big"}');
  assert.equal(big.x.data, Float32Array.of(-2, 1.5));
});

test('rawExamples reads bytes with the unit 255', () => {
  const examples = rawExamples(Uint8Array.of(1, 2), '{"dtype": "uint8", "shape": [2, 1, 1]}');
  assert.is(examples.unit, 255);
  assert.equal(examples.x.shape, [2, 1]);
});

test('rawExamples refuses descriptions that do not fit', async () => {
  const four = new Uint8Array(4);
  await refused(() => rawExamples(four, 'not JSON'), /not JSON/);
  await refused(() => rawExamples(four, 'null'), /dtype is undefined/);
  await refused(() => rawExamples(four, '{"dtype": "int7", "shape": [1]}'), /dtype is "int7"/);
  await refused(() => rawExamples(four, '{"dtype": "float32", "shape": 1}'), /shape is 1/);
  await refused(() => rawExamples(four, '{"dtype": "float32", "shape": [-1]}'), /integers >= 0/);
  await refused(() => rawExamples(four, '{"dtype": "float32", "shape": [1.5]}'), /integers >= 0/);
  await refused(() => rawExamples(four, '{"dtype": "float32", "shape": ["1"]}'), /integers >= 0/);
  await refused(
    () => rawExamples(four, '{"dtype": "float32", "shape": [2]}'),
    /has 4 bytes, the shape \(2\) asks for 8/,
  );
  await refused(() => rawExamples(four, '{"dtype": "float32", "shape": [1e15, 1e15]}'), /below 2\^53/);
  await refused(() => rawExamples(new Uint8Array(0), '{"dtype": "float32", "shape": [0, 3]}'), /no examples/);
  await refused(() => rawExamples(four, '{"dtype": "float32", "shape": [1], "endianness": "pdp"}'), /endianness/);
});

test.run();
