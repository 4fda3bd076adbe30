import { gunzipSync, gzipSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { vector } from '../../src/array/matrix.ts';
import type { AnyNumbers } from '../../src/array/numbers.ts';
import type { Examples } from '../../src/data/examples.ts';
import { cifarExamples } from '../../src/data/formats/cifar.ts';
import { gunzip } from '../../src/data/formats/gzip.ts';
import { readIdx } from '../../src/data/formats/idx.ts';
import { npyExamples, readNpy, writeNpy } from '../../src/data/formats/npy.ts';
import { rawExamples } from '../../src/data/formats/raw-f32.ts';
import { readSafetensors, writeSafetensors } from '../../src/data/formats/safetensors.ts';
import type { Tensor } from '../../src/data/formats/tensor.ts';
import { unpack } from '../../src/node/unpack.ts';
import { type Target, whole } from './fuzz.ts';

const text = (value: string) => new TextEncoder().encode(value);
const ramp = (n: number) => Uint8Array.from({ length: n }, (_, i) => (i * 37) & 63);

function assertHolds({ shape, data }: Tensor<AnyNumbers>): void {
  assert.is(
    shape.reduce((product, n) => product * n, 1),
    data.length,
  );
}

/** The IDX file of a tensor, written without our reader's help. */
function idxOf({ shape, data }: Tensor, type: number): Uint8Array {
  const size = data.BYTES_PER_ELEMENT;
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.set([0, 0, type, shape.length]);
  shape.forEach((n, axis) => {
    head.writeUInt32BE(n, 4 + 4 * axis);
  });
  const body = Buffer.from(new Uint8Array(data.slice().buffer));
  if (size === 2) body.swap16();
  if (size === 4) body.swap32();
  if (size === 8) body.swap64();
  return new Uint8Array(Buffer.concat([head, body]));
}

const idx = whole<Tensor>({
  name: 'idx',
  seeds: [
    idxOf({ shape: [2, 2, 3], data: ramp(12) }, 8),
    idxOf({ shape: [4], data: Int8Array.of(-1, 2, 3, 4) }, 9),
    idxOf({ shape: [3, 2], data: Int16Array.of(1, -2, 3, 4, 5, 6) }, 11),
    idxOf({ shape: [1, 2], data: Int32Array.of(-1, 70_000) }, 12),
    idxOf({ shape: [3], data: Float32Array.of(0.5, -1, 3e5) }, 13),
    idxOf({ shape: [2, 1], data: Float64Array.of(0.1, -2) }, 14),
  ],
  read: readIdx,
  check(tensor, bytes) {
    assertHolds(tensor);
    // Of NaN many bits exist, of which a float array may keep another.
    if (!Array.from(tensor.data).some(Number.isNaN)) assert.equal(idxOf(tensor, bytes[2]), bytes);
  },
});

const packed = [
  gzipSync(ramp(500)),
  gzipSync(ramp(500), { level: 0 }),
  gzipSync(new Uint8Array(100_000)),
  gzipSync(text('a few words, and a few words more')),
  Buffer.concat([gzipSync(ramp(40)), gzipSync(ramp(9))]),
].map((file) => new Uint8Array(file));

/** What Node's own zlib makes of the file. */
function assertUnpacked(out: Uint8Array, bytes: Uint8Array): void {
  assert.is(Buffer.compare(out, gunzipSync(bytes)), 0);
}

const gzips = [
  whole<Uint8Array>({ name: 'gzip', seeds: packed, read: (bytes) => gunzip(bytes, 2 ** 30), check: assertUnpacked }),
  whole<Uint8Array>({
    name: 'gzip (node)',
    seeds: packed,
    read: (bytes) => unpack(bytes, 2 ** 30),
    check: assertUnpacked,
  }),
];

/** An .npy file of its header and data, its length set right. */
export function npyOf([header, data]: readonly Uint8Array[], version = header.length < 2 ** 16 ? 1 : 2): Uint8Array {
  const length = new Uint8Array(Uint32Array.of(header.length).buffer).subarray(0, version === 1 ? 2 : 4);
  return new Uint8Array(
    Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Uint8Array.of(version, 0), length, header, data]),
  );
}
const npySeed = (descr: string, fortran: string, shape: string, data: Uint8Array) => [
  text(`{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }   \n`),
  data,
];

const npy: Target<ReturnType<typeof readNpy>> = {
  name: 'npy',
  seeds: [
    npySeed('<f8', 'False', '(2, 3)', ramp(48)),
    npySeed('<f4', 'True', '(2, 3, 2)', ramp(48)),
    npySeed('|b1', 'False', '(4,)', Uint8Array.of(0, 1, 1, 0)),
    npySeed('<i8', 'False', '(2,)', Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0)),
    npySeed('>f8', 'False', '(1, 1)', ramp(8)),
    npySeed('<f2', 'True', '(2, 2)', ramp(8)),
    npySeed('|u1', 'False', '(2, 2, 2, 3)', ramp(24)),
  ],
  assemble: npyOf,
  read: readNpy,
  check({ shape, data, isBoolean }, bytes) {
    assertHolds({ shape, data });
    if (isBoolean) assert.ok(data.every((value) => value === 0 || value === 1));
    const order = /'descr'\s*:\s*'([<>|=]?)(f4|f8|u1)'.*'fortran_order'\s*:\s*False/s.exec(
      Buffer.from(bytes).toString('latin1'),
    );
    if (order === null || order[1] === '>' || data.some(Number.isNaN)) return;
    const stored = new Uint8Array(data.slice().buffer);
    assert.is(Buffer.compare(stored, bytes.subarray(bytes.length - stored.length)), 0);
    if (data instanceof Uint8Array || !(data instanceof Float64Array || data instanceof Float32Array)) return;
    assert.equal(readNpy(writeNpy(vector(data))).data, data);
  },
};

const dtypes = { F32: 4, F64: 8, F16: 2, BF16: 2, U8: 1, BOOL: 1, I64: 8, I16: 2 };
const safetensorsSeeds = [Object.keys(dtypes), ['F32', 'F32', 'F64'], ['U8']].map((types) => {
  let at = 0;
  const entries = types.map((dtype, i) => {
    const size = 2 * dtypes[dtype as keyof typeof dtypes];
    at += size;
    return [`t${i}`, { dtype, shape: [2, 1], data_offsets: [at - size, at] }];
  });
  const header = JSON.stringify({ __metadata__: { format: 'x', note: 'y' }, ...Object.fromEntries(entries) });
  // Small bytes first, zeros after: finite as floats, and safe as 64-bit integers.
  return [text(header), Uint8Array.from({ length: at }, (_, i) => (i % 8 < 2 ? i : 0))];
});

/** A .safetensors file of its header and data, its length set right. */
export function safetensorsOf([header, data]: readonly Uint8Array[]): Uint8Array {
  const length = new Uint8Array(BigUint64Array.of(BigInt(header.length)).buffer);
  return new Uint8Array(Buffer.concat([length, header, data]));
}

const safetensors: Target<ReturnType<typeof readSafetensors>> = {
  name: 'safetensors',
  seeds: safetensorsSeeds,
  assemble: safetensorsOf,
  read: (bytes) => readSafetensors(bytes),
  check({ tensors, metadata }) {
    const again = readSafetensors(writeSafetensors(tensors, metadata));
    assert.equal(again.metadata, metadata);
    assert.equal([...again.tensors.keys()].sort(), [...tensors.keys()].sort());
    for (const [name, { shape, data }] of tensors) {
      assertHolds({ shape, data });
      assert.ok(data.every(Number.isFinite));
      const other = again.tensors.get(name);
      assert.equal([other?.shape, other?.data], [shape, data]);
    }
  },
};

/** Bare numbers travel with their description: two bytes of length, the description, the numbers. */
const raw: Target<ReturnType<typeof rawExamples>> = {
  name: 'raw numbers',
  seeds: [
    [text('{"dtype": "float32", "shape": [2, 3]}'), ramp(24)],
    [text('{"dtype": "float64", "shape": [1, 1, 2], "endianness": "big", "note": [1, {"a": null}]}'), ramp(16)],
    [text('{"dtype": "uint8", "shape": [2, 2, 2, 3]}'), ramp(24)],
  ],
  assemble: ([json, data]) =>
    new Uint8Array(Buffer.concat([Uint8Array.of(json.length & 255, json.length >> 8), json, data])),
  read(bytes) {
    const end = 2 + (bytes[0] ?? 0) + 256 * (bytes[1] ?? 0);
    return rawExamples(bytes.subarray(end), new TextDecoder().decode(bytes.subarray(2, end)));
  },
  check: ({ x }) => assertHolds({ shape: x.shape, data: x.data }),
};

const cifar = whole<ReturnType<typeof cifarExamples>>({
  name: 'cifar',
  seeds: [ramp(3073), ramp(2 * 3073)],
  read: cifarExamples,
  check: ({ x }, bytes) => assert.equal([x.shape, x.get(0, 1)], [[bytes.length / 3073, 3072], bytes[1 + 1024]]),
});

/** Every number of the file is in the examples once, whatever the axes; the usual order changes nothing. */
const orders = [undefined, undefined, 'dm', 'hwm', 'mchw'];
const axes: Target<{ readonly examples: Examples; readonly axes?: string }> = {
  ...npy,
  name: 'npy by axes',
  seeds: npy.seeds.slice(0, 6).concat([npySeed('|u1', 'False', '(2, 3, 2, 2)', ramp(24))]),
  read(bytes) {
    const order = orders[readNpy(bytes).shape.length];
    return { examples: npyExamples(bytes, order === undefined ? {} : { axes: order }), axes: order };
  },
  check({ examples: { x, unit, image }, axes: order }, bytes) {
    const { data } = readNpy(bytes);
    const sorted = (list: Iterable<number>) => Array.from(list).sort((a, b) => a - b);
    if (!data.some(Number.isNaN)) assert.equal(sorted(x.data), sorted(data));
    if (order === undefined) assert.equal([...x.data], [...data]);
    if (image) assert.is(image.height * image.width * image.channels, x.shape[1]);
    assertHolds({ shape: x.shape, data: x.data });
    assert.ok(unit === 1 || unit === 255);
  },
};

export const arrays = [idx, ...gzips, npy, axes, safetensors, raw, cifar] as readonly Target[];
