import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, transposed, vector } from '../../../src/array/matrix.ts';
import { npyExamples, readNpy, writeNpy } from '../../../src/data/formats/npy.ts';
import { bytesOf, refused } from '../refused.ts';

/** An .npy file of version 1.0 with the header given. */
function npy(header: string, data: number[] = []): Uint8Array {
  const text = new TextEncoder().encode(header);
  return Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length & 255, text.length >> 8, ...text, ...data);
}

// What numpy.save (NumPy 2.4) wrote, without the header's padding: data in base64, or bytes.
const saved = (descr: string, fortran: boolean, shape: string, data: string) =>
  npy(`{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }    \n`, [
    ...bytesOf(data),
  ]);

test('readNpy reads a whole file of NumPy', () => {
  // np.save(f, np.array([[1.5, -2, 3e-300], [4, 5, 6]]))
  const file = bytesOf(
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAg' +
      'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAD4PwAAAAAAAADAg7Y60pcSwAEAAAAAAAAQQAAA' +
      'AAAAABRAAAAAAAAAGEA=',
  );
  const { shape, data } = readNpy(file);
  assert.equal(shape, [2, 3]);
  assert.equal(data, Float64Array.of(1.5, -2, 3e-300, 4, 5, 6));
});

test('readNpy turns Fortran order into row-major order', () => {
  // np.asfortranarray(np.arange(24, dtype='<f4').reshape(2, 3, 4))
  const data =
    'AAAAAAAAQEEAAIBAAACAQQAAAEEAAKBBAACAPwAAUEEAAKBAAACIQQAAEEEAAKhBAAAAQAAAYEEAAMBAAACQQQAAIEEAALBBAABAQAAAcEEA' +
    'AOBAAACYQQAAMEEAALhB';
  const array = readNpy(saved('<f4', true, '(2, 3, 4)', data));
  assert.equal(
    array.data,
    Float32Array.from({ length: 24 }, (_, i) => i),
  );
});

test('readNpy reads integers, half floats, big-endian numbers and booleans', () => {
  assert.equal(readNpy(saved('|u1', false, '(2, 2, 2)', 'AAECAwQFBgc=')).data, Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7));
  assert.equal(
    readNpy(saved('<i8', false, '(3,)', 'AQAAAAAAAAD+/////////////////x8A')).data,
    Float64Array.of(1, -2, 2 ** 53 - 1),
  );
  assert.equal(readNpy(saved('<f2', false, '(4,)', 'AD4AtAEA/3s=')).data, Float32Array.of(1.5, -0.25, 2 ** -24, 65504));
  assert.equal(readNpy(saved('>f8', false, '(1, 2)', 'P/QAAAAAAABABAAAAAAAAA==')).data, Float64Array.of(1.25, 2.5));
  assert.equal(readNpy(saved('<i2', false, '(1,)', '/v8=')).data, Int16Array.of(-2));
  assert.equal(npyExamples(saved('|b1', false, '(1, 2)', 'AQA=')).unit, 1);
});

test('readNpy reads format versions 2 and 3', () => {
  const tail = 'AAAAAAAAHEAAAAAAAAAgQA==';
  const v1 = saved('<f8', false, '(1, 2)', tail);
  for (const version of [2, 3]) {
    const file = Uint8Array.of(...v1.subarray(0, 6), version, 0, v1[8], v1[9], 0, 0, ...v1.subarray(10));
    assert.equal(readNpy(file).data, Float64Array.of(7, 8));
  }
});

test('npyExamples takes bytes as unit 255 and a vector as a column', () => {
  assert.is(npyExamples(saved('|u1', false, '(2, 4)', 'AAECAwQFBgc=')).unit, 255);
  const column = npyExamples(saved('<f2', false, '(4,)', 'AD4AtAEA/3s='));
  assert.equal(column.x.shape, [4, 1]);
  assert.is(column.unit, 1);
});

test('readNpy refuses types that are no real numbers', async () => {
  await refused(() => readNpy(npy("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }")), /type <c16/);
  await refused(() => readNpy(npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }")), /type \|O/);
  const record = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }";
  await refused(() => readNpy(npy(record)), /must hold descr/);
  const big = saved('<i8', false, '(2,)', 'AQAAAAAAAAABAAAAAAAgAA==');
  await refused(() => readNpy(big), /element 1 is 9007199254740993/);
});

test('readNpy refuses headers that are anything but the three keys', async () => {
  const bad = [
    '',
    '{}',
    "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}",
    "{'descr': '<f4', 'descr': '<f4', 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,,2)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}; import os",
    "__import__('os')",
  ];
  for (const header of bad) await refused(() => readNpy(npy(header, [0, 0, 0, 0])), /npy file: its header/);
});

test('readNpy refuses foreign, cut, too long and huge files', async () => {
  const good = saved('<f8', false, '(1, 2)', 'AAAAAAAAHEAAAAAAAAAgQA==');
  for (let length = 0; length < good.length; length++) {
    await refused(() => readNpy(good.subarray(0, length)), /^npy file: /);
  }
  await refused(() => readNpy(Uint8Array.of(...good, 0)), /cut or is damaged/);
  const version9 = good.slice();
  version9[6] = 9;
  await refused(() => readNpy(version9), /format version 9.0/);
  const huge = "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999999), }";
  await refused(() => readNpy(npy(huge)), /below 2\^53/);
  await refused(() => npyExamples(saved('<f8', false, '(0, 3)', '')), /no examples/);
  await refused(() => npyExamples(saved('<f8', false, '()', 'AAAAAAAAHEA=')), /shape is \(\)/);
});

test('writeNpy writes the bytes that numpy.save writes', () => {
  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }";
  const file = writeNpy(matrix(Float64Array.of(7, 8), 1, 2));
  assert.is(new TextDecoder('latin1').decode(file.subarray(10, 128)), `${header.padEnd(117)}\n`);
  assert.equal(file.subarray(0, 10), Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0));
  assert.equal(file.subarray(128), bytesOf('AAAAAAAAHEAAAAAAAAAgQA=='));
});

test('writeNpy and readNpy agree on views and vectors', () => {
  const x = matrix(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 3);
  const { shape, data } = readNpy(writeNpy(transposed(x)));
  assert.equal(shape, [3, 2]);
  assert.equal(data, Float32Array.of(1, 4, 2, 5, 3, 6));
  assert.equal(readNpy(writeNpy(vector(Float64Array.of(1, 2)))).shape, [2]);
});

test.run();
