import { mkdirSync, mkdtempSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, type Numbers, type Precision, toFlat } from '../../src/array/matrix.ts';
import type { AnyNumbers, TypedNumbers } from '../../src/array/numbers.ts';
import { TwoByteNumbers } from '../../src/array/two-byte.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { itemBytes, type NumberKind, writeNumbers } from '../../src/data/formats/number-bytes.ts';
import { writeSafetensors } from '../../src/data/formats/safetensors.ts';
import { toFloat16 } from '../../src/data/formats/to-float16.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { loadExamples } from '../../src/node/index.ts';
import { openShards } from '../../src/node/shards.ts';
import { fit } from '../../src/training/fit.ts';
import { planFit } from '../../src/training/options.ts';
import { train } from '../../src/training/train.ts';
import { refused } from '../data/refused.ts';

let folder = '';
let count = 0;
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rhohat-shards-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** A new folder with these files. */
function shards(files: Record<string, Uint8Array | string>): string {
  const path = join(folder, `${count++}`);
  mkdirSync(path);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

/** An .npy file of a type that `writeNpy` does not write. */
function npy(descr: string, data: Uint8Array, shape: readonly number[], fortran = 'False'): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape.join(', ')},), }`.padEnd(117);
  return Buffer.concat([Uint8Array.of(0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0), Buffer.from(`${text}\n`), data]);
}

const bytesOf = (data: TypedNumbers) => {
  const out = new Uint8Array(data.byteLength);
  writeNumbers(out, 0, data);
  return out;
};

const swapped = (data: TypedNumbers) => {
  const size = data.BYTES_PER_ELEMENT;
  return bytesOf(data).map((_, i, all) => all[i - (i % size) + size - 1 - (i % size)]);
};
/** 13 rows of 3 small whole numbers. */
const whole = Float64Array.from({ length: 39 }, (_, i) => (i * 7) % 50);
const rowsOf = (data: Numbers, begin: number, end: number) => matrix(data.slice(3 * begin, 3 * end), end - begin, 3);
const open = async (path: string, precision: Precision = 'float64') => {
  const source = await openShards(path, precision);
  if (source === undefined) throw new Error('no shards');
  return source;
};

test('shards of every type and byte order give the rows of the whole, in ranges across their borders', async () => {
  const types: [string, TypedNumbers, 'little' | 'big'][] = [
    ['<f4', Float32Array.from(whole), 'little'],
    ['>f4', Float32Array.from(whole), 'big'],
    ['<f8', whole, 'little'],
    ['>f8', whole, 'big'],
    ['|u1', Uint8Array.from(whole), 'little'],
    ['|i1', Int8Array.from(whole), 'little'],
    ['<u2', Uint16Array.from(whole), 'little'],
    ['>i2', Int16Array.from(whole), 'big'],
    ['<u4', Uint32Array.from(whole), 'little'],
    ['>i4', Int32Array.from(whole), 'big'],
  ];
  for (const [descr, data, order] of types) {
    const part = (begin: number, end: number) => {
      const rows = data.slice(3 * begin, 3 * end);
      return npy(descr, order === 'little' ? bytesOf(rows) : swapped(rows), [end - begin, 3]);
    };
    const source = await open(
      shards({ 'a.npy': part(0, 5), 'b.npy': part(5, 5), 'c.npy': part(5, 6), 'd.npy': part(6, 13), 'x.txt': '' }),
    );
    assert.equal(source.shape, [13, 3]);
    let old: Awaited<ReturnType<typeof source.read>> | undefined;
    for (const [begin, end] of [
      [0, 13],
      [4, 7],
      [5, 6],
      [12, 13],
      [3, 3],
      [0, 13],
    ]) {
      const x = await source.read(begin, end, old);
      assert.is(x.data.constructor, data.constructor, descr);
      assert.equal([...toFlat(x)], [...whole.slice(3 * begin, 3 * end)], `${descr} ${begin} ${end}`);
      assert.is(x.unit, descr === '|u1' ? 255 : 1);
      old = x;
    }
    assert.match(source.where(6), /row 0 of .*d\.npy$/);
    assert.match(source.where(4), /row 4 of .*a\.npy$/);
  }
});

test('numbers that need 8 bytes are rounded to the precision, floats of two bytes kept, booleans are no bytes', async () => {
  const big = BigInt64Array.of(-3n, 4n);
  const cases: [string, Uint8Array, Precision, AnyNumbers][] = [
    ['<f8', bytesOf(Float64Array.of(0.1, 2)), 'float32', Float32Array.of(0.1, 2)],
    ['<i8', new Uint8Array(big.buffer), 'float32', Float32Array.of(-3, 4)],
    ['<i8', new Uint8Array(big.buffer), 'float64', Float64Array.of(-3, 4)],
    ['<f2', Uint8Array.of(0, 0x3c, 0, 0xc0), 'float64', new TwoByteNumbers('float16', Uint16Array.of(0x3c00, 0xc000))],
    ['>f2', Uint8Array.of(0x3c, 0, 0xc0, 0), 'float32', new TwoByteNumbers('float16', Uint16Array.of(0x3c00, 0xc000))],
    ['|b1', Uint8Array.of(0, 1), 'float32', Uint8Array.of(0, 1)],
  ];
  for (const [descr, bytes, precision, expected] of cases) {
    const source = await open(shards({ 'a.npy': npy(descr, bytes, [2]) }), precision);
    const x = await source.read(0, 2);
    assert.equal(x.data, expected, descr);
    assert.is(x.unit, 1);
  }
});

test('each kind of file is a shard, and kinds mix where their numbers are alike', async () => {
  const data = Float32Array.from(whole);
  const idx = Buffer.concat([Uint8Array.of(0, 0, 13, 2, 0, 0, 0, 4, 0, 0, 0, 3), swapped(data.slice(9, 21))]);
  const path = shards({
    '0.npy': writeNpy(rowsOf(data, 0, 3)),
    '1.idx': idx,
    '2.f32': bytesOf(data.slice(21, 30)),
    '2.json': '{"dtype": "float32", "shape": [3, 3]}',
    '3.safetensors': writeSafetensors(new Map([['x', { shape: [3, 3], data: data.slice(30) }]]), {
      note: 'n'.repeat(70_000),
    }),
    '.4.npy': 'hidden',
    'README.md': '',
  });
  const source = await open(path);
  assert.equal(source.shape, [13, 3]);
  assert.equal((await source.read(0, 13)).data, data);
  const [examples, ...more] = await loadExamples(path);
  assert.equal([examples.x.data, examples.unit, more], [data, 1, []]);
  assert.equal((await loadExamples(path, { limit: 4 }))[0].x.data, data.slice(0, 12));
});

test('a .safetensors file of one tensor is a data set without a folder, in its own type', async () => {
  const floats = writeSafetensors(new Map([['layer.6', { shape: [13, 3], data: Float32Array.from(whole) }]]));
  const words = writeSafetensors(new Map([['x', { shape: [13, 3], data: Uint16Array.from(whole) }]]));
  // BF16: the upper half of float32.
  const upper = Uint16Array.from(new Uint16Array(Float32Array.from(whole).buffer).filter((_, i) => i % 2 === 1));
  const half = writeSafetensors(new Map([['x', { shape: [13, 3], data: upper }]]));
  const at = Buffer.from(half).indexOf('"U16"');
  const bfloat = Buffer.concat([half.subarray(0, at), Buffer.from('"BF16"'), half.subarray(at + 5)]);
  bfloat.writeUInt8(bfloat[0] + 1, 0); // the header is a byte longer
  const path = shards({ 'f.safetensors': floats, 'w.SAFETENSORS': words, 'b.safetensors': bfloat });
  for (const [name, type] of [
    ['f.safetensors', Float32Array],
    ['w.SAFETENSORS', Uint16Array],
    ['b.safetensors', 'bfloat16'],
  ] as const) {
    const file = join(path, name);
    const from = (begin: number, end: number) =>
      type === 'bfloat16' ? new TwoByteNumbers(type, upper.slice(begin, end)) : type.from(whole.slice(begin, end));
    const [{ x, notes }, ...more] = await loadExamples(file);
    assert.equal([x.shape, x.data, notes, more], [[13, 3], from(0, 39), undefined, []], name);
    assert.equal((await loadExamples(file, { limit: 4 }))[0].x.data, from(0, 12));
    const source = await open(file);
    assert.equal((await source.read(2, 5)).data, from(6, 15));
    assert.equal([source.where(2), (await source.parts(0, 1)).map(({ name }) => name)], [`row 2 of ${file}`, [name]]);
  }
});

test('a .safetensors file of several tensors, of none, or cut, is refused in a line that names them', async () => {
  const many = (n: number) =>
    writeSafetensors(
      new Map(Array.from({ length: n }, (_, i) => [`t${i}`, { shape: [1, 1], data: Float32Array.of(1) }])),
    );
  const path = shards({
    'two.safetensors': many(2),
    'ten.safetensors': many(10),
    'none.safetensors': many(0),
    'cut.safetensors': many(1).slice(0, -1),
    'empty.safetensors': writeSafetensors(new Map([['x', { shape: [0, 3], data: new Float32Array() }]])),
    'text.safetensors': 'no tensors',
  });
  const load =
    (name: string, options = {}) =>
    () =>
      loadExamples(join(path, name), options);
  await refused(
    load('two.safetensors'),
    /two\.safetensors: .*it holds t0 \(1×1 F32\), t1 \(1×1 F32\): say which is meant, such as --array t0/,
  );
  await refused(load('ten.safetensors'), /it holds t0 .*t9 \(1×1 F32\): say/);
  await refused(load('none.safetensors'), /it holds no array of numbers: there is no array in it/);
  await refused(load('cut.safetensors'), /cut\.safetensors: .*it was cut/);
  await refused(load('empty.safetensors'), /empty\.safetensors: there are no examples in it$/);
  await refused(load('text.safetensors'), /text\.safetensors: it is no safetensors file, or was cut/);
  await refused(
    load('two.safetensors', { table: { columns: [0] } }),
    /it is no table, and columns tells how to read one/,
  );
});

test('shards of images keep their shape, and bytes the unit 255', async () => {
  const idx = (value: number) => Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, value, 7);
  const source = await open(shards({ 'a-images-idx3-ubyte': idx(1), 'b-images-idx3-ubyte': idx(2) }));
  assert.equal(source.image, { height: 1, width: 2, channels: 1 });
  const x = await source.read(0, 2);
  assert.equal([x.data, x.unit], [Uint8Array.of(1, 7, 2, 7), 255]);
});

test('a shard that is damaged, packed or unlike the first is named when the folder is opened', async () => {
  const first = writeNpy(rowsOf(whole, 0, 2));
  const at = (name: string, content: Uint8Array | string, more: Record<string, string> = {}) => {
    const path = shards({ 'a.npy': first, [name]: content, ...more });
    return () => openShards(path, 'float32');
  };
  await refused(
    at('b.npy', writeNpy(matrix(whole.slice(0, 4), 1, 4))),
    /b\.npy: its examples are \(m, 4\), in a\.npy \(m, 3\)/,
  );
  await refused(
    at('b.npy', writeNpy(matrix(Float32Array.of(1, 2, 3), 1, 3))),
    /b\.npy: its numbers are float32, in a\.npy float64/,
  );
  await refused(at('b.npy', first.subarray(0, 150)), /b\.npy: npy file: it has 150 bytes, its shape \(2, 3\) asks for/);
  await refused(at('b.npy', ''), /b\.npy: npy file: its first bytes/);
  await refused(
    at('b.npy', npy('<f8', bytesOf(whole.slice(0, 6)), [2, 3], 'True')),
    /b\.npy: npy file: it is column-major/,
  );
  await refused(at('b.npy', npy('<f8', bytesOf(whole.slice(0, 6)), [1, 1, 1, 2, 3])), /b\.npy: its shape is/);
  await refused(at('b.npy.gz', ''), /b\.npy\.gz: shards are read in parts.*gunzip/);
  await refused(at('b.f64', bytesOf(whole)), /b\.json: there is no such file/);
  await refused(
    at('b.f64', bytesOf(whole), { 'b.json': '{"dtype": "float64", "shape": [12, 3]}' }),
    /b\.f64: raw numbers: the file has 312/,
  );
  await refused(at('b.idx', Uint8Array.of(1, 2, 3, 4)), /b\.idx: IDX file: its first bytes/);
  const two = new Map(['x', 'y'].map((name) => [name, { shape: [1, 3], data: whole.slice(0, 3) }]));
  await refused(at('b.safetensors', writeSafetensors(two)), /b\.safetensors: .*it holds .*say which is meant/);
  const empty = npy('<f8', new Uint8Array(), [0, 3]);
  const path = shards({ 'a.npy': empty, 'b.npy': empty });
  await refused(() => openShards(path, 'float32'), /a\.npy: there are no examples in it, nor in the 1 files beside it/);
  assert.is(await openShards(shards({ 'x.txt': '' }), 'float32'), undefined);
});

test('a value that is not finite is named by its file and row', async () => {
  const bad = writeNpy(matrix(Float64Array.of(1, 2, 3, 4, 5, Number.NaN), 2, 3));
  const path = shards({ 'a.npy': writeNpy(rowsOf(whole, 0, 5)), 'b.npy': bad });
  await refused(() => loadExamples(path), /data: row 1 of .*b\.npy, column 2 \(counted from 0\) is NaN/);
  const model = await Autoencoder.create({ inputs: 3, hidden: 2 });
  await refused(async () => fit(model, await open(path)), /x is NaN in row 1 of .*b\.npy, column 2/);
});

test('a shard that is cut or vanishes under a run ends it with its name', async () => {
  const path = shards({ 'a.npy': writeNpy(rowsOf(whole, 0, 5)), 'b.npy': writeNpy(rowsOf(whole, 5, 13)) });
  const source = await open(path);
  truncateSync(join(path, 'b.npy'), 200);
  await refused(() => source.read(0, 13), /b\.npy: it ends at byte 200, and 120 more are needed: it was cut since/);
  assert.equal((await source.read(0, 5)).data, whole.slice(0, 15), 'others can still be read');
  unlinkSync(join(path, 'b.npy'));
  const model = await Autoencoder.create({ inputs: 3, hidden: 2 });
  await refused(() => fit(model, source), /b\.npy: there is no such file/);
  await refused(() => source.read(0, 14), /rows 0 to 14 are asked for: there are 13/);
});

test('training on shards of uneven sizes gives the bits of the same rows in memory', async () => {
  const scaled = whole.map((value) => value / 50);
  const kinds: [NumberKind, TypedNumbers, string][] = [
    ['f4', Float32Array.from(scaled), '<f4'],
    ['f8', scaled, '<f8'],
    ['u1', Uint8Array.from(whole), '|u1'],
    ['f2', Uint16Array.from(scaled, toFloat16), '<f2'],
  ];
  for (const [kind, data, descr] of kinds) {
    const part = (begin: number, end: number) => npy(descr, bytesOf(data.slice(3 * begin, 3 * end)), [end - begin, 3]);
    assert.is(itemBytes[kind], data.BYTES_PER_ELEMENT);
    const source = await open(shards({ 'a.npy': part(0, 1), 'b.npy': part(1, 9), 'c.npy': part(9, 13) }), 'float32');
    const values = kind === 'f2' ? Float32Array.from(new TwoByteNumbers('float16', data as Uint16Array)) : data;
    const inMemory = Object.assign(matrix(values, 13, 3), { unit: kind === 'u1' ? 255 : 1 });
    for (const optimizer of [
      { kind: 'sgd', learningRate: 0.1 },
      { kind: 'adam', learningRate: 0.01 },
    ] as const) {
      const thetas: string[] = [];
      for (const x of [inMemory, source]) {
        const model = await Autoencoder.create({ inputs: 3, hidden: 4, loss: 'cross-entropy', seed: 2 });
        const plan = planFit({ optimizer, epochs: 4, batchSize: 5 }, 13, 2);
        await train(model.engine, { identity: {}, x, plan, block: 4 });
        thetas.push(String(Object.values(await model.parameters()).map((view) => toFlat(view))));
      }
      assert.is(thetas[0], thetas[1]);
    }
  }
});

test.run();
