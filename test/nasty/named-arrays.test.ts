import { deflateSync } from 'node:zlib';
import { test } from 'uvu';
import { matExamples } from '../../src/data/formats/mat.ts';
import { npzExamples } from '../../src/data/formats/npz.ts';
import { zipFile } from '../../src/data/formats/zip/write-zip.ts';
import { joined, type Nasty, refusesAll, text } from './nasty.ts';

const u32 = (...list: number[]) => new Uint8Array(Uint32Array.from(list).buffer);
const head = (version = 0x0100, mark = 'IM') =>
  joined(text('MATLAB 5.0 MAT-file'.padEnd(124)), Uint8Array.of(version & 255, version >> 8), text(mark));
/** An element whose announced length may be a lie. */
function element(type: number, data: Uint8Array, announced = data.length): Uint8Array {
  return joined(u32(type, announced), data, new Uint8Array((8 - (data.length % 8)) % 8));
}
const flags = (className: number) => element(6, u32(className, 0));
const dims = (...list: number[]) => element(5, u32(...list));
const name = (value: string) => element(1, text(value));
const numbers = (n: number) => element(9, new Uint8Array(8 * n));
const variable = (...parts: Uint8Array[]) => element(14, joined(...parts));
const x = (...shape: number[]) => variable(flags(6), dims(...shape), name('x'), numbers(2));
const packed = (bytes: Uint8Array) => {
  const data = deflateSync(bytes, { level: 9 });
  return joined(u32(15, data.length), data);
};
const file = (...variables: Uint8Array[]) => joined(head(), ...variables);

/** Cells within cells, `depth` of them, each the only content of the one before. */
function cells(depth: number): Uint8Array {
  const parts: Uint8Array[] = [];
  // From the outermost: its length is that of all that it holds.
  const header = joined(flags(1), dims(1, 1), name('c'));
  for (let i = 0; i < depth; i++) parts.push(joined(u32(14, (depth - i) * (header.length + 8) - 8), header));
  return joined(...parts);
}

const mat: Nasty[] = [
  ['mat of a cell', () => file(cells(1)), /it holds c \(1×1 cell\)/],
  ['mat of cells 100,000 deep', () => file(cells(100_000)), /it holds no array of numbers: it holds c \(1×1 cell\)/],
  ['mat of cells 100,000 deep, compressed', () => file(packed(cells(100_000))), /it holds c \(1×1 cell\)/],
  ['mat of 2^62 numbers', () => file(x(0x7fffffff, 0x7fffffff)), /product is below 2\^53/],
  ['mat of 10^12 numbers in 200 bytes', () => file(x(1e6, 1e6)), /which may be|8000000000000 bytes as they are stored/],
  [
    'mat of 10^12 numbers in 200 bytes, compressed',
    () => file(packed(x(1000, 1e9))),
    /bytes as they are stored, and 16/,
  ],
  ['mat with a negative extent', () => file(x(-2, -1)), /extents must be integers >= 0/],
  [
    'mat with a million axes',
    () => file(variable(flags(6), element(5, new Uint8Array(4e6).fill(1)), name('x'), numbers(1))),
    /has 1000000 axes: at most 32/,
  ],
  [
    'mat with a name of 1 MB',
    () => file(variable(flags(6), dims(1, 2), name('x'.repeat(1e6)), numbers(2))),
    /the name of a variable is damaged/,
  ],
  [
    'mat with a name of 1 MB, compressed',
    () => file(packed(variable(flags(6), dims(1, 2), name('x'.repeat(1e6)), numbers(2)))),
    /was cut, or is damaged/,
  ],
  [
    'mat with an element of 4 GB',
    () => file(variable(flags(6), dims(1, 2), name('x'), element(9, new Uint8Array(16), 0xfffffff8))),
    /announces 4294967288 bytes, and 16 are there/,
  ],
  [
    'mat with a variable of 4 GB',
    () => joined(head(), u32(14, 0xfffffff0), new Uint8Array(64)),
    /announces 4294967280/,
  ],
  ['mat with a variable twice', () => file(x(1, 2), x(1, 2)), /the variable x twice/],
  [
    'mat with 20,000 variables',
    () => file(...Array.from({ length: 20_000 }, (_, i) => variable(flags(6), dims(1, 1), name(`x${i}`), numbers(1)))),
    /more than 10000 variables/,
  ],
  [
    'mat that is a bomb: 100 MB of zeros in 100 kB',
    () => file(packed(variable(flags(6), dims(1, 12_500_000), name('x'), element(9, new Uint8Array(1e8))))),
    /x: it unpacks to more than \d+ bytes, the limit for \d+ packed ones/,
  ],
  ['mat whose compressed part is no zlib', () => joined(head(), u32(15, 40), new Uint8Array(40)), /cannot be unpacked/],
  [
    'mat of an element that is none',
    () => file(element(9, new Uint8Array(16))),
    /an element of type 9 stands at byte 128/,
  ],
  [
    'mat of bytes that hold 300',
    () => file(variable(flags(9), dims(1, 2), name('x'), element(3, Uint8Array.of(44, 1, 0, 0)))),
    /class uint8, and element 0 is 300, which it cannot hold/,
  ],
  [
    'mat of NaN as a byte',
    () => file(variable(flags(9), dims(1, 1), name('x'), element(7, u32(0x7fc00000)))),
    /element 0 is NaN, which it cannot hold/,
  ],
  ['mat of version 7.3', () => joined(head(0x0200), new Uint8Array(600)), /version 7\.3, which is an HDF5 file/],
  ['mat of version 9', () => joined(head(0x0900), x(1, 2)), /its version is 9, and 1 is read/],
  ['mat without a byte order', () => joined(head(0x0100, 'XX'), x(1, 2)), /does not say its byte order/],
  ['mat of its header alone', () => head(), /there is no array in it/],
  ['mat that is cut within its header', () => head().subarray(0, 90), /seems to be|first bytes are not/],
  [
    'mat with a name of control characters',
    () => file(variable(flags(1), dims(1, 1), name('a\u001b[31m\n\u0000b'))),
    /it holds "a\\u001b\[31m\\n\\u0000b" \(1×1 cell\)/,
  ],
  [
    'mat with __proto__',
    () => file(variable(flags(2), dims(1, 1), name('__proto__'))),
    /holds __proto__ \(1×1 struct\)/,
  ],
];
refusesAll(matExamples, mat);

const plain = () => zipFile([{ name: 'x.npy', bytes: text('no array') }]);
/** The archive with another name of the same length in both places. */
const renamed = (to: string) => {
  const own = zipFile([{ name: 'x'.repeat(to.length), bytes: text('no array') }]);
  return new Uint8Array(
    Buffer.from(Buffer.from(own).toString('latin1').replaceAll('x'.repeat(to.length), to), 'latin1'),
  );
};
const header = (shape: string) => text(`{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`);
const npy = (shape: string) => {
  const own = header(shape);
  return joined(Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, own.length & 255, own.length >> 8), own);
};
refusesAll(npzExamples, [
  ['npz with a climbing name', () => renamed('../../x.npy'), /a member named "\.\.\/\.\.\/x\.npy"/],
  ['npz with an absolute name', () => renamed('/etc/x.npy'), /a member named "\/etc\/x\.npy"/],
  ['npz with a name of Windows', () => renamed('C:\\x.npy'), /a member named/],
  ['npz whose member is no array', plain, /npz file: x: npy file: its first bytes are not/],
  [
    'npz of 10^15 numbers',
    () => zipFile([{ name: 'x.npy', bytes: npy('(1000000000000000,)') }]),
    /asks for 8000000000000/,
  ],
  [
    'npz of two arrays of 10^15 numbers',
    () => zipFile(['x', 'y'].map((own) => ({ name: `${own}.npy`, bytes: npy('(1000000000000000,)') }))),
    /x \(1000000000000000 f8\), y .*say which is meant/,
  ],
  ['npz that is cut', () => plain().subarray(0, 60), /no list of its members/],
]);

test.run();
