import { deflateRawSync } from 'node:zlib';
import { test } from 'uvu';
import { zipFile } from '../../src/data/formats/zip/write-zip.ts';
import { type DictionaryFiles, loadDictionary } from '../../src/dictionaries/index.ts';
import { assertRefused } from '../support/errors.ts';
import { string, tensor, torchFile } from './pickle-text.ts';

// Small files that would take seconds, or gigabytes, were they believed.

const load = (files: DictionaryFiles) => loadDictionary(files, { threads: 1, preBias: true });
const loadTorch = (pickle: string, storages: Record<string, Uint8Array> = {}) =>
  load({ 'sae.pt': torchFile(pickle, storages) });

test('pickles that make much of few bytes are refused before it is made', async () => {
  const long = (value: string) =>
    `X${String.fromCharCode(...[0, 8, 16, 24].map((shift) => (value.length >>> shift) & 255))}${value}`;
  const text = `${long('x'.repeat(1e6))}q\x000c_codecs\nencode\nq\x010${string('latin1')}q\x020`;
  await assertRefused(
    () => loadTorch(`${text}${'h\x01h\x00h\x02\x86R'.repeat(1e5)}`),
    /makes far more than tensors need/,
  );
  const pairs = `]q\0(${'K\x01K\x02\x86'.repeat(1e5)}e0ccollections\nOrderedDict\nq\x010`;
  await assertRefused(() => loadTorch(`${pairs}${'h\x01h\0\x85R'.repeat(1e5)}`), /makes far more than tensors need/);
  await assertRefused(() => loadTorch('}'.repeat(1e6)), /makes far more than tensors need/);
  await assertRefused(() => loadTorch(']'.repeat(2e6)), /makes far more than tensors need/);
});

test('lists that hold one another, exponentially long where they are written out, are not written out', async () => {
  const laughs = `]q\0${string('x')}a${`](${'h\0'.repeat(10)}eq\0`.repeat(40)}`;
  await assertRefused(() => loadTorch(`${laughs}}b`), /sets the state of what has none/);
  const one = `}${string('w')}${tensor('0', 4, [2, 2], [2, 1])}s`;
  const several = `}(${laughs}${one}${laughs}${one}u`;
  await assertRefused(() => loadTorch(several, { 0: new Uint8Array(16) }), /several state dicts \(one without a name/);
});

test('an .npz file of thousands of members, or of small ones that unpack to much together, is refused before it is unpacked', async () => {
  const many = zipFile(Array.from({ length: 1001 }, (_, i) => ({ name: `${i}.npy`, bytes: new Uint8Array(0) })));
  await assertRefused(() => load({ 'x.npz': many }), /it has 1001 members, at most 1000 are/);
  const packed = deflateRawSync(new Uint8Array(2 ** 23));
  const bombs = deflatedZip(['a.npy', 'b.npy', 'c.npy'], packed, 2 ** 23);
  await assertRefused(() => load({ 'x.npz': bombs }), /unpacks to more than 16777216 bytes/);
});

test('matrices of no rows and 10¹⁵ columns are refused', async () => {
  const header =
    '{"W_enc":{"dtype":"F32","shape":[0,1000000000000000],"data_offsets":[0,0]},"W_dec":{"dtype":"F32","shape":[1000000000000000,0],"data_offsets":[0,0]}}';
  const bytes = new Uint8Array(8 + header.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(new TextEncoder().encode(header), 8);
  await assertRefused(() => load({ 'x.safetensors': bytes }), /"W_enc" has the shape .*: it holds no numbers/);
});

/** Members of the same deflated bytes, their checksums 0. [APPNOTE 4.3] */
function deflatedZip(names: readonly string[], packed: Uint8Array, size: number): Uint8Array {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const name of names) {
    const fields = Buffer.alloc(26); // from the version on
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(size, 18);
    fields.writeUInt16LE(name.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), Buffer.from(packed));
    list.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), fields, rest, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(names.length, 8);
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(Buffer.concat(list).length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, ...list, end]));
}

test.run();
