import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { idxExamples } from '../../src/data/formats/idx.ts';
import { npyExamples, readNpy } from '../../src/data/formats/npy.ts';
import { rawExamples } from '../../src/data/formats/raw-f32.ts';
import { readSafetensors } from '../../src/data/formats/safetensors.ts';
import { filled, joined, type Nasty, refusesAll, text } from './nasty.ts';

const be32 = (...list: number[]) => joined(...list.map((n) => Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n)));
const idx: Nasty[] = [
  ['IDX of 2^96 doubles', () => joined(Uint8Array.of(0, 0, 14, 3), be32(-1, -1, -1)), /below 2\^53/],
  [
    'IDX of 2^256 bytes, eight axes',
    () => joined(Uint8Array.of(0, 0, 8, 8), be32(...Array(8).fill(-1))),
    /below 2\^53/,
  ],
  // 2^32 · 2^32 is 0 in 64 bits.
  ['IDX whose product overflows to 0', () => joined(Uint8Array.of(0, 0, 8, 2), be32(-1, -1)), /asks for|below 2\^53/],
  ['IDX of 4 GB in 12 bytes', () => joined(Uint8Array.of(0, 0, 8, 1), be32(-1)), /asks for 4294967303/],
  ['IDX with no examples, of endless width', () => joined(Uint8Array.of(0, 0, 8, 2), be32(0, -1)), /no examples/],
];
refusesAll(idxExamples, idx);

function npy(header: Uint8Array, version = 2, announced = header.length, data = new Uint8Array(0)): Uint8Array {
  const length = new Uint8Array(Uint32Array.of(announced).buffer);
  return joined(Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0), length, header, data);
}
const header = (shape: string) => text(`{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`);
const many = `(${'1,'.repeat(1_000_000)})`;
refusesAll(npyExamples, [
  ['npy of 2^63 numbers', () => npy(header('(9223372036854775808,)')), /below 2\^53/],
  ['npy of 2^63 numbers by 2^63', () => npy(header('(9223372036854775808, 9223372036854775808)')), /below 2\^53/],
  ['npy whose header is longer than the file', () => npy(header('(1,)'), 2, 2 ** 32 - 1), /ends within its header/],
  ['npy with a million axes', () => npy(header(many)), /its header has \d+ bytes: at most 10000/],
  ['npy with a thousand axes', () => npy(header(`(${'1,'.repeat(1000)})`)), /1000 axes: at most 32/],
  ['npy of brackets alone', () => npy(filled('(', 5_000_000)), /at most 10000/],
  ['npy with deep brackets', () => npy(text(`{'descr': ${'('.repeat(9000)}`)), /must hold descr/],
  ['npy with a string of 50 MB', () => npy(joined(text("{'descr': '"), filled('f', 50_000_000))), /at most 10000/],
  // The end of the dictionary was once looked for in quadratic time.
  ['npy with blanks and no end', () => npy(joined(header('(1,)').slice(0, -1), filled(' ', 9900))), /nothing else/],
  ['npy with a shape of one long number', () => npy(header(`(${'9'.repeat(9000)},)`)), /below 2\^53/],
  ['npy that would be evaluated', () => npy(text("{'descr': __import__('os').system('true')}")), /must hold descr/],
  ['npy of objects', () => npy(text("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }")), /the type \|O/],
]);

test('npy: booleans of any bits are 0 and 1', () => {
  const file = npy(
    text("{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }"),
    2,
    undefined,
    Uint8Array.of(0, 7, 255),
  );
  assert.equal(readNpy(file).data, Uint8Array.of(0, 1, 1));
});

function safetensors(json: string | Uint8Array, data = 0, announced?: bigint): Uint8Array {
  const bytes = typeof json === 'string' ? text(json) : json;
  const length = new Uint8Array(BigUint64Array.of(announced ?? BigInt(bytes.length)).buffer);
  return joined(length, bytes, new Uint8Array(data));
}
const f32 = (begin: number, end: number, shape = `[${(end - begin) / 4}]`) =>
  `{"dtype":"F32","shape":${shape},"data_offsets":[${begin},${end}]}`;
const nanBytes = () => joined(safetensors(`{"a":${f32(0, 4)}}`), Uint8Array.of(0, 0, 0xc0, 0x7f));
refusesAll(readSafetensors, [
  ['safetensors with a header of 2^63 bytes', () => safetensors('{}', 0, 2n ** 63n), /header of 9223372036854775808 /],
  ['safetensors with a header longer than the file', () => safetensors('{}', 0, 3n), /header of 3 bytes/],
  ['safetensors with a header of 11 MB', () => safetensors(filled(' ', 11_000_000)), /at most 10000000 are allowed$/],
  ['safetensors of 2^63 numbers', () => safetensors(`{"a":${f32(0, 4, '[9223372036854775808]')}}`, 4), /below 2\^53/],
  ['safetensors with offsets of 2^63', () => safetensors(`{"a":${f32(0, 2 ** 63)}}`, 4), /data_offsets is/],
  ['safetensors with offsets beyond the file', () => safetensors(`{"a":${f32(0, 8)}}`, 4), /has 4 bytes of data/],
  ['safetensors that overlap', () => safetensors(`{"a":${f32(0, 8)},"b":${f32(4, 12)}}`, 12), /"b" overlaps/],
  ['safetensors, the same bytes twice', () => safetensors(`{"a":${f32(0, 8)},"b":${f32(0, 8)}}`, 8), /overlaps/],
  ['safetensors with a name twice', () => safetensors(`{"a":${f32(0, 4)},"a":${f32(4, 8)}}`, 8), /the key "a" twice/],
  ['safetensors with __proto__', () => safetensors(`{"__proto__":${f32(0, 4)}}`, 4), /the key "__proto__"/],
  ['safetensors of an unknown type', () => safetensors(`{"a":{"dtype":"F7","shape":[1],"data_offsets":[0,4]}}`), /F7/],
  ['safetensors whose metadata are no texts', () => safetensors('{"__metadata__":{"a":1}}'), /values are texts/],
  ['safetensors with NaN', nanBytes, /tensor "a" holds NaN at index 0/],
  ['safetensors nested 100,000 deep', () => safetensors('['.repeat(100_000)), /nested more than 64 deep/],
  ['safetensors nested 100,000 deep, whole', () => safetensors(`${'['.repeat(1e5)}${']'.repeat(1e5)}`), /more than 64/],
  [
    'safetensors with 3 million objects',
    () => safetensors(`[${'{},'.repeat(3_000_000)}{}]`),
    /more than 524288 objects/,
  ],
  // An extent that is an object once reached a multiplication, and a list of lists a recursion.
  [
    'an extent that is an object',
    () => safetensors(`{"a":${f32(0, 4, '[{"toString":1,"valueOf":1}]')}}`, 4),
    /extents/,
  ],
  [
    'an extent that is a list of lists',
    () => safetensors(`{"a":${f32(0, 4, `[${'['.repeat(50)}${']'.repeat(50)}]`)}}`, 4),
    /extents/,
  ],
  ['an extent of two lines', () => safetensors(`{"a":${f32(0, 4, '["1\\n2"]')}}`, 4), /extents/],
  ['a million extents', () => safetensors(`{"a":${f32(0, 4, `[${'1,'.repeat(1e6)}1]`)}}`, 4), /1000001 axes/],
  [
    'a name of 5 MB',
    () => safetensors(`{"${'n'.repeat(5e6)}":1}`),
    /^safetensors file: tensor "nnn.{50,60}\.\.\.: dtype/,
  ],
]);

refusesAll(
  (bytes) => rawExamples(new Uint8Array(4), new TextDecoder().decode(bytes)),
  [
    ['raw numbers of shape 2^63', () => text('{"dtype":"float32","shape":[9223372036854775808]}'), /below 2\^53/],
    ['raw numbers of shape 1e999', () => text('{"dtype":"float32","shape":[1e999]}'), /integers >= 0/],
    ['raw numbers described by 100,000 brackets', () => filled('[', 100_000), /nested more than 64/],
    ['raw numbers with __proto__', () => text('{"__proto__":{"dtype":"float32"},"shape":[1]}'), /"__proto__"/],
    ['raw numbers with two shapes', () => text('{"dtype":"float32","shape":[1],"shape":[2]}'), /"shape" twice/],
  ],
);

test.run();
