import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { toFlat } from '../../src/array/matrix.ts';
import type { Examples } from '../../src/data/examples.ts';
import { cifarExamples, cifarKind } from '../../src/data/formats/cifar.ts';
import { exifOrientation } from '../../src/data/formats/exif.ts';
import { matExamples } from '../../src/data/formats/mat.ts';
import { readNpy } from '../../src/data/formats/npy.ts';
import { npzExamples } from '../../src/data/formats/npz.ts';
import { storedSafetensor } from '../../src/data/formats/safetensors-header.ts';
import type { StoredTensor } from '../../src/data/formats/tensor.ts';
import { zipFile } from '../../src/data/formats/zip/write-zip.ts';
import { InputError } from '../../src/errors.ts';
import { bytesOf } from '../data/refused.ts';
import { npyOf, safetensorsOf } from './arrays.ts';
import { type Target, whole } from './fuzz.ts';

const files = JSON.parse(readFileSync('data/oracles/arrays.json', 'utf8')) as Record<
  'mat' | 'npz',
  Record<string, { base64: string }>
>;
const seedsOf = (kind: 'mat' | 'npz', ...names: string[]) => names.map((name) => bytesOf(files[kind][name].base64));
const text = (value: string) => new TextEncoder().encode(value);

function assertExamples({ x, unit, image }: Examples): void {
  assert.is(x.data.length, x.shape[0] * x.shape[1]);
  assert.ok(unit > 0 && x.data.length > 0);
  if (image) assert.is(image.height * image.width * image.channels, x.shape[1]);
}

/** An element of a MAT-file, its length set right. */
function element(type: number, data: Uint8Array): Uint8Array {
  const out = Buffer.alloc(8 + 8 * Math.ceil(data.length / 8));
  out.writeUInt32LE(type, 0);
  out.writeUInt32LE(data.length, 4);
  out.set(data, 8);
  return out;
}
const matHead = Buffer.from(`${'MATLAB 5.0 MAT-file'.padEnd(124)}\u0000\u0001IM`, 'latin1');
const variable = ([flags, dims, name, data]: readonly Uint8Array[], type: number) =>
  element(14, Buffer.concat([element(6, flags), element(5, dims), element(1, name), element(type, data)]));
const dims = (...list: number[]) => new Uint8Array(Int32Array.from(list).buffer);
const flags = (className: number, more = 0) => Uint8Array.of(className, more, 0, 0, 0, 0, 0, 0);
const doubles = (n: number) => new Uint8Array(Float64Array.from({ length: n }, (_, i) => i - 1.5).buffer);

/** Variables in parts: flags, dimensions, name, numbers; each part is its element. */
const matParts: Target<Examples> = {
  name: 'mat in parts',
  seeds: [
    [flags(6), dims(2, 6), text('patches'), doubles(12)],
    [flags(6), dims(2, 2, 3), text('IMAGES'), doubles(12)],
    [flags(6), dims(12, 1), text('opttheta'), doubles(12)],
  ],
  assemble: (parts) => new Uint8Array(Buffer.concat([matHead, variable(parts, 9)])),
  read: (bytes) => matExamples(bytes),
  check(examples, bytes) {
    assertExamples(examples);
    // The numbers of a file that is as long as it was are those of its last element, in some order.
    const { x } = examples;
    if (!(x.data instanceof Float64Array) || x.data.length !== 12 || x.data.some(Number.isNaN)) return;
    const stored = new Float64Array(bytes.slice(bytes.length - 96).buffer);
    if (bytes.length % 8 === 0 && !stored.some(Number.isNaN))
      assert.equal(Float64Array.from(toFlat(x)).sort(), stored.sort());
  },
};

const matPacked: Target<Examples> = {
  ...matParts,
  name: 'mat in packed parts',
  seeds: matParts.seeds.map((seed) => [...seed, Uint8Array.of(9)]),
  assemble([own, shape, name, data, type]) {
    const packed = deflateSync(variable([own, shape, name, data], type[0] ?? 9), { level: 1 });
    const tag = Buffer.alloc(8);
    tag.writeUInt32LE(15, 0);
    tag.writeUInt32LE(packed.length, 4);
    return new Uint8Array(Buffer.concat([matHead, tag, packed]));
  },
  check: assertExamples,
};

const mat = whole<Examples>({
  name: 'mat',
  seeds: seedsOf(
    'mat',
    'images',
    'images-compressed',
    'everything',
    'everything-compressed',
    'big-endian',
    'stored-small',
  ),
  read: (bytes) =>
    matExamples(bytes, { match: { axes: 'md' } }).catch((error) => {
      if (error instanceof InputError && /say which/.test(error.message)) return matExamples(bytes, { name: 'IMAGES' });
      throw error;
    }),
  check: assertExamples,
});

const npzParts: Target<Examples> = {
  name: 'npz in parts',
  seeds: ['<f8', '|u1'].map((descr) => [
    text(`{'descr': '${descr}', 'fortran_order': False, 'shape': (2, 3), }   \n`),
    doubles(6).subarray(0, descr === '<f8' ? 48 : 6),
    text('x'),
  ]),
  assemble([header, data, name]) {
    // Names that a zip archive may not have are refused when it is written, too.
    const plain = Buffer.from(name).toString('latin1').replace(/[^\w]/g, '_');
    return zipFile([{ name: `${plain}.npy`, bytes: npyOf([header, data]) }]);
  },
  read: (bytes) => npzExamples(bytes),
  check(examples, bytes) {
    assertExamples(examples);
    const file = Buffer.from(bytes);
    const list = file.readUInt32LE(file.lastIndexOf('PK\u0005\u0006', undefined, 'latin1') + 16);
    const local = file.readUInt32LE(list + 42);
    const begin = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const member = bytes.subarray(begin, begin + file.readUInt32LE(list + 20));
    const { data } = readNpy(member);
    if (!data.some(Number.isNaN)) assert.equal(Array.from(toFlat(examples.x)).sort(), Array.from(data).sort());
  },
};

const npz = whole<Examples>({
  name: 'npz',
  seeds: seedsOf('npz', 'stored', 'deflated', 'one'),
  read: (bytes) => npzExamples(bytes, { match: { name: 'images' } }),
  check: assertExamples,
});

const entry = (at: number) => ({ dtype: 'F32', shape: [2, 1], data_offsets: [at, at + 8] });
const tensors: Target<StoredTensor> = {
  name: 'safetensors by name',
  seeds: [[text(JSON.stringify({ a: entry(0), b: entry(8), __metadata__: {} })), new Uint8Array(16)]],
  assemble: safetensorsOf,
  read: (bytes) => storedSafetensor(bytes, bytes.length, { name: 'b' }),
  check({ shape, start, kind }, bytes) {
    const count = shape.reduce((product, n) => product * n, 1);
    assert.ok(start >= 8 && start + count * Number(kind.at(-1)) <= bytes.length);
  },
};

const record = (size: number, ...labels: number[]) => Uint8Array.from({ length: size }, (_, i) => labels[i] ?? i & 15);
const cifar = whole<{ examples: Examples; classes: number }>({
  name: 'cifar by labels',
  seeds: [record(3073, 9), record(3074, 19, 99), record(2 * 3073, 3)],
  read(bytes) {
    const kind = cifarKind(bytes);
    if (kind === undefined) throw new InputError('it is no file of CIFAR records');
    return { examples: cifarExamples(bytes, kind), classes: kind === 'CIFAR-10' ? 10 : 100 };
  },
  check({ examples, classes }) {
    assertExamples(examples);
    assert.ok(examples.labels?.length === examples.x.shape[0] && examples.labels.every((label) => label < classes));
  },
});

const exif = whole<number>({
  name: 'exif',
  seeds: ['SUkqAAgAAAACAA8BAgABAAAAAAAAABIBAwABAAAABgAAAAAAAAA=', 'TU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAA='].map(
    (directory) => new Uint8Array(Buffer.concat([text('Exif\0\0'), Buffer.from(directory, 'base64')])),
  ),
  read(content) {
    const orientation = exifOrientation(content);
    if (orientation === 1) throw new InputError('it notes no orientation');
    return orientation;
  },
  check: (orientation) => assert.ok(Number.isInteger(orientation) && orientation >= 2 && orientation <= 8),
});

export const namedArrays = [mat, matParts, matPacked, npz, npzParts, tensors, cifar, exif] as readonly Target[];
