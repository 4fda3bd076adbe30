import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { zipFile } from '../../../src/data/formats/zip/write-zip.ts';
import { isZip, openZip } from '../../../src/data/formats/zip/zip.ts';
import { assertRefused } from '../../support/errors.ts';

const text = (value: string) => new TextEncoder().encode(value);
const first = text('1,2\n3,4\n');
const second = Uint8Array.from({ length: 300 }, (_, i) => i & 7);
const made = zipFile([
  { name: 'a.csv', bytes: first },
  { name: 'folder/ü.bin', bytes: second },
]);
// python3: z = zipfile.ZipFile(f, 'w', zipfile.ZIP_DEFLATED); z.writestr(zipfile.ZipInfo('a.txt'), b'ab' * 50, zipfile.ZIP_DEFLATED)
// z.open(zipfile.ZipInfo('wide'), 'w', force_zip64=True) of b'xyz', stored; z.comment = b'PK\5\6 no end'; folder/ written too
const python = Buffer.from(
  'UEsDBBQAAAAAAAAAIQAAAAAAAAAAAAAAAAAHAAAAZm9sZGVyL1BLAwQUAAAACAAAACEALC/0XQcAAABkAAAABQAAAGEudHh0S0xKpDkEAFBLAwQtAAAAAAAAACEAZ7qO6///////////BAAUAHdpZGUBABAAAwAAAAAAAAADAAAAAAAAAHh5elBLAQIUAxQAAAAAAAAAIQAAAAAAAAAAAAAAAAAHAAAAAAAAAAAAAACAAQAAAABmb2xkZXIvUEsBAhQDFAAAAAgAAAAhACwv9F0HAAAAZAAAAAUAAAAAAAAAAAAAAIABJQAAAGEudHh0UEsBAi0DLQAAAAAAAAAhAGe6jusDAAAAAwAAAAQAAAAAAAAAAAAAAIABTwAAAHdpZGVQSwUGAAAAAAMAAwCaAAAAiAAAAB8AUEsFBiBubyBlbmQgICAgICAgICAgICAgICAgICAgIA==',
  'base64',
);

async function bytesOf(file: Uint8Array, name: string): Promise<Uint8Array> {
  const member = (await openZip(file)).find((one) => one.name === name);
  assert.ok(member);
  const source = await member.open();
  return source.read(0, source.size);
}

test('what is written is read', async () => {
  assert.ok(isZip(made));
  const members = await openZip(made);
  assert.equal(
    members.map(({ name, size }) => [name, size]),
    [
      ['a.csv', 8],
      ['folder/ü.bin', 300],
    ],
  );
  assert.equal(await bytesOf(made, 'a.csv'), first);
  assert.equal(await bytesOf(made, 'folder/ü.bin'), second);
  assert.equal(await openZip(zipFile([])), []);
});

test('deflated and 64-bit members of another writer, folders left out, a comment that looks like an end', async () => {
  assert.equal(
    (await openZip(python)).map(({ name }) => name),
    ['a.txt', 'wide'],
  );
  assert.is(new TextDecoder().decode(await bytesOf(python, 'a.txt')), 'ab'.repeat(50));
  assert.is(new TextDecoder().decode(await bytesOf(python, 'wide')), 'xyz');
});

test('a stored member is a range of the source: nothing else is read', async () => {
  const ranges: [number, number][] = [];
  const source = {
    size: made.length,
    read: async (begin: number, end: number) => {
      ranges.push([begin, end]);
      return made.subarray(begin, end);
    },
  };
  const [, member] = await openZip(source);
  const opened = await member.open();
  ranges.length = 0;
  assert.equal(await opened.read(10, 20), second.subarray(10, 20));
  assert.is(ranges.length, 1);
  assert.is(ranges[0][1] - ranges[0][0], 10);
});

/** The archive with bytes of it set. */
function changed(at: number, ...values: number[]): Uint8Array {
  const copy = made.slice();
  copy.set(values, at);
  return copy;
}

const directory = made.length - 22 - (46 + 5) - (46 + 13);

test('what is damaged, climbs, overlaps or is encrypted is refused', async () => {
  await assertRefused(() => openZip(made.subarray(0, 200)), /no list of its members/);
  await assertRefused(() => openZip(new Uint8Array(0)), /no list of its members/);
  await assertRefused(() => openZip(changed(made.length - 6, 1, 255)), /no list of its members/); // begins too late
  await assertRefused(() => openZip(changed(made.length - 12, 9, 0)), /no list of its members/); // nine members
  await assertRefused(() => openZip(changed(made.length - 18, 1)), /one part of several/);
  await assertRefused(() => openZip(changed(directory, 0)), /list of members is damaged/);
  await assertRefused(() => openZip(changed(directory + 8, 1)), /encrypted/);
  await assertRefused(() => openZip(changed(directory + 20, 200)), /reaches beyond its place/);
  await assertRefused(() => openZip(changed(directory + 51 + 42, 3)), /reaches beyond its place/);
  await assertRefused(() => openZip(changed(directory + 46, 47)), /names are plain paths/); // "/.csv"
  await assertRefused(() => openZip(changed(directory + 46, 46, 46, 47)), /names are plain paths/);
  await assertRefused(() => openZip(changed(directory + 46, 92)), /names are plain paths/);
  await assertRefused(() => openZip(changed(directory + 46, 10)), /names are plain paths/);
  await assertRefused(() => bytesOf(changed(38, 0), 'a.csv'), /not those of its checksum/);
  await assertRefused(() => bytesOf(changed(30, 98), 'a.csv'), /another name where it lies/);
  await assertRefused(() => bytesOf(changed(8, 8), 'a.csv'), /does not lie where/);
  await assertRefused(() => bytesOf(changed(26, 255, 255), 'a.csv'), /does not lie where/);
  await assertRefused(() => bytesOf(changed(directory + 24, 7), 'a.csv'), /takes 8 bytes and says 7/);
  const same = zipFile([
    { name: 'ab', bytes: first },
    { name: 'ac', bytes: first },
  ]);
  same[same.length - 22 - 1] = 0x62;
  await assertRefused(() => openZip(same), /two members named "ab"/);
});

test('a member that says it unpacks to more than it may, or does, is refused before it is unpacked', async () => {
  const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const begin = python.lastIndexOf('a.txt') - 46; // its entry in the list
  const huge = new Uint8Array(python);
  view(huge).setUint32(begin + 24, 2 ** 31, true);
  await assertRefused(() => bytesOf(huge, 'a.txt'), /unpacks to more than 16777216 bytes/);
  const small = new Uint8Array(python);
  view(small).setUint32(begin + 24, 99, true);
  await assertRefused(() => bytesOf(small, 'a.txt'), /unpacks to more than 99 bytes/);
});

test('an archive is not written where its names climb', async () => {
  await assertRefused(() => zipFile([{ name: '../a', bytes: first }]), /names are plain paths/);
});

test.run();
