import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSafetensors, writeSafetensors } from '../../../src/data/formats/safetensors.ts';
import type { Tensor } from '../../../src/data/formats/tensor.ts';
import { dataFolder, refused } from '../refused.ts';

/** A file with the header given, as text or as what JSON makes of it. */
function file(header: unknown, data: number[] = [], announced?: bigint): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, announced ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const f32 = (begin: number, end: number, shape: unknown = [(end - begin) / 4]) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});

test('readSafetensors reads tensors, scalars and metadata', () => {
  const header = {
    __metadata__: { by: 'hand' },
    b: f32(0, 4, []),
    a: { dtype: 'I16', shape: [1, 2], data_offsets: [4, 8] },
  };
  const { tensors, metadata } = readSafetensors(file(header, [0, 0, 0xc0, 0x3f, 255, 255, 2, 1]));
  assert.equal([...tensors.keys()], ['b', 'a']);
  assert.equal(tensors.get('b'), { dtype: 'F32', shape: [], data: Float32Array.of(1.5) });
  assert.equal(tensors.get('a'), { dtype: 'I16', shape: [1, 2], data: Int16Array.of(-1, 258) });
  assert.equal(metadata, { by: 'hand' });
});

test('readSafetensors widens 16-bit floats and 64-bit integers', async () => {
  const header = {
    half: { dtype: 'F16', shape: [2], data_offsets: [0, 4] },
    brain: { dtype: 'BF16', shape: [2], data_offsets: [4, 8] },
    long: { dtype: 'I64', shape: [1], data_offsets: [8, 16] },
  };
  const data = [0, 0x3c, 0, 0xfc, 0xc0, 0x3f, 0, 0xc0];
  const bytes = file(header, [...data, 254, 255, 255, 255, 255, 255, 255, 255]);
  const { tensors } = readSafetensors(bytes, { nonFinite: 'keep' });
  await refused(() => readSafetensors(bytes), /tensor "half" holds -Infinity at index 1/);
  assert.equal(tensors.get('half')?.data, Float32Array.of(1, -Infinity));
  assert.equal(tensors.get('brain')?.data, Float32Array.of(1.5, -2));
  assert.equal(tensors.get('long')?.data, Float64Array.of(-2));
  const large = file(header, [...data, 1, 0, 0, 0, 0, 0, 32, 0]);
  await refused(() => readSafetensors(large, { nonFinite: 'keep' }), /"long": element 0/);
});

test('readSafetensors refuses the keys __proto__, constructor and prototype wherever they stand', async () => {
  const tensor = '{"dtype":"U8","shape":[1],"data_offsets":[0,1]}';
  for (const key of ['__proto__', 'constructor', 'prototype', '\\u005f_proto__']) {
    await refused(() => readSafetensors(file(`{"${key}":${tensor}}`, [7])), /holds the key ".*", which is not allowed/);
    await refused(() => readSafetensors(file(`{"__metadata__":{"${key}":"x"}}`)), /holds the key/);
  }
  assert.is(({} as Record<string, unknown>).dtype, undefined);
});

test('readSafetensors refuses lengths that lie', async () => {
  await refused(() => readSafetensors(new Uint8Array(0)), /has 0 bytes/);
  await refused(() => readSafetensors(new Uint8Array(7)), /has 7 bytes/);
  await refused(() => readSafetensors(file({}, [], 3n)), /header of 3 bytes/);
  await refused(() => readSafetensors(file({}, [], 2n ** 64n - 1n)), /header of 18446744073709551615 bytes/);
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13);
  await refused(() => readSafetensors(png), /^it is no safetensors file, or was cut: it has 12 bytes and announces /);
  await refused(() => readSafetensors(new Uint8Array(8)), /not JSON/);
});

test('readSafetensors refuses headers that are no JSON object of tensors', async () => {
  for (const text of ['{', '\ufeff{}', '{"a":1,}']) await refused(() => readSafetensors(file(text)), /not JSON/);
  for (const text of ['[]', 'null', '1', '"x"']) await refused(() => readSafetensors(file(text)), /not a JSON object/);
  for (const a of [null, 1, {}, [], 'F32'])
    await refused(() => readSafetensors(file({ a })), /"a": dtype is undefined/);
  await refused(() => readSafetensors(file({ a: { ...f32(0, 4), dtype: 'F8_E4M3' } }, [0, 0, 0, 0])), /F8_E4M3/);
  await refused(() => readSafetensors(file({ a: { ...f32(0, 4), dtype: 'toString' } }, [0, 0, 0, 0])), /toString/);
  await refused(() => readSafetensors(file({ a: f32(0, 4, 1) }, [0, 0, 0, 0])), /shape is 1/);
  await refused(() => readSafetensors(file({ a: f32(0, 4, [-1]) }, [0, 0, 0, 0])), /integers >= 0/);
  await refused(() => readSafetensors(file({ a: f32(0, 4, [1e9, 1e9]) }, [0, 0, 0, 0])), /below 2\^53/);
  for (const __metadata__ of [null, [], 'x', { a: 1 }]) {
    await refused(() => readSafetensors(file({ __metadata__ })), /__metadata__ must be/);
  }
});

test('readSafetensors refuses duplicate names, however they are written', async () => {
  const tensor = '{"dtype":"U8","shape":[1],"data_offsets":[0,1]}';
  await refused(() => readSafetensors(file(`{"a":${tensor},"a":${tensor}}`, [0])), /key "a" twice/);
  await refused(() => readSafetensors(file(`{"a":${tensor},"\\u0061":${tensor}}`, [0])), /key "a" twice/);
  await refused(() => readSafetensors(file('{"__metadata__":{"k":"1","k":"2"}}')), /key "k" twice/);
  const quoted = `{"a\\"":${tensor},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`;
  assert.equal([...readSafetensors(file(quoted, [1, 2])).tensors.keys()], ['a"', 'a']);
});

test('readSafetensors refuses offsets out of range, overlaps, gaps and sizes other than the shape', async () => {
  const data = Array(8).fill(0);
  for (const offsets of [[-4, 0], [4, 0], [0, 12], [8, 12], [0.5, 4], [0], '0,4', null]) {
    await refused(() => readSafetensors(file({ a: { ...f32(0, 4), data_offsets: offsets } }, data)), /data_offsets is/);
  }
  await refused(() => readSafetensors(file({ a: f32(0, 8), b: f32(4, 8) }, data)), /"b" overlaps/);
  await refused(() => readSafetensors(file({ a: f32(4, 8) }, data)), /"a" leaves a gap of 4 bytes/);
  await refused(() => readSafetensors(file({ a: f32(0, 4) }, data)), /4 bytes follow its last tensor/);
  await refused(() => readSafetensors(file({}, data)), /8 bytes follow/);
  await refused(() => readSafetensors(file({ a: f32(0, 8, [3]) }, data)), /takes 12/);
});

test('writeSafetensors writes the exact bytes of the format', () => {
  const tensors = new Map<string, Tensor>([
    ['b', { shape: [1], data: Float32Array.of(1.5) }],
    ['a', { shape: [1, 2], data: Float32Array.of(0, -2) }],
    ['z', { shape: [1], data: Float64Array.of(1) }],
  ]);
  const text =
    '{"__metadata__":{"k":"v","l":"w"},"z":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},' +
    '"a":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]},"b":{"dtype":"F32","shape":[1],"data_offsets":[16,20]}}';
  const length = Math.ceil(text.length / 8) * 8;
  const data = [0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0xc0, 0x3f];
  const written = writeSafetensors(tensors, { l: 'w', k: 'v' });
  assert.equal(written, file(text.padEnd(length), data));
  assert.equal(writeSafetensors(new Map([...tensors].reverse()), { k: 'v', l: 'w' }), written);
});

test('writeSafetensors and readSafetensors agree on every type', () => {
  const arrays = [
    Float32Array.of(NaN, 1),
    Float64Array.of(Math.PI, -0),
    Int8Array.of(-1, 1),
    Uint8Array.of(255, 1),
    Int16Array.of(-300, 1),
    Uint16Array.of(65535, 1),
    Int32Array.of(-70000, 1),
    Uint32Array.of(2 ** 32 - 1, 1),
  ];
  const tensors = new Map<string, Tensor>(arrays.map((data, i) => [`t${i}`, { shape: [2], data }]));
  const { tensors: read } = readSafetensors(writeSafetensors(tensors), { nonFinite: 'keep' });
  arrays.forEach((data, i) => {
    const back = read.get(`t${i}`)?.data;
    assert.is(back?.constructor, data.constructor);
    assert.ok(Object.is(back?.[0], data[0]) && Object.is(back?.[1], data[1]));
  });
  assert.is(readSafetensors(writeSafetensors(new Map())).tensors.size, 0);
});

test('writeSafetensors refuses shapes that do not fit and the reserved name', async () => {
  const data = Float32Array.of(1);
  await refused(() => writeSafetensors(new Map([['a', { shape: [2], data }]])), /asks for 2 numbers, its data hold 1/);
  await refused(() => writeSafetensors(new Map([['__metadata__', { shape: [1], data }]])), /reserved/);
});

for (const name of ['d128', 'd512']) {
  const path = `${dataFolder}/saelens/${name}/sae_weights.safetensors`;
  const run = dataFolder && existsSync(path) ? test : test.skip;
  run(`readSafetensors reads SAELens ${name}, and writeSafetensors writes the same bytes (needs RHOHAT_DATA)`, () => {
    const bytes = new Uint8Array(readFileSync(path));
    const { tensors } = readSafetensors(bytes);
    const width = Number(name.slice(1));
    assert.equal([...tensors.keys()], ['W_dec', 'W_enc', 'b_dec', 'b_enc']);
    assert.equal(tensors.get('W_enc')?.shape, [width, width]);
    assert.ok(tensors.get('W_dec')?.data.every(Number.isFinite));
    assert.equal(Buffer.compare(writeSafetensors(tensors), bytes), 0);
  });
}

test.run();
