import { zipFile } from '../../src/data/formats/zip/write-zip.ts';

// Pickles by hand, in opcodes: a character a byte.

const latin1 = (value: string) => Uint8Array.from(value, (letter) => letter.charCodeAt(0));

/** A file of torch.save whose pickle is this, in opcodes. */
export function torchFile(pickle: string, storages: Record<string, Uint8Array> = {}): Uint8Array {
  const data = Object.entries(storages).map(([key, bytes]) => ({ name: `a/data/${key}`, bytes }));
  return zipFile([{ name: 'a/data.pkl', bytes: latin1(`\x80\x02${pickle}.`) }, ...data]);
}

export const string = (value: string) => `X${String.fromCharCode(value.length & 255, value.length >> 8)}\0\0${value}`;
export const int = (value: number) =>
  `J${String.fromCharCode(...[0, 8, 16, 24].map((shift) => (value >>> shift) & 255))}`;
export const tuple = (...items: string[]) => `(${items.join('')}t`;
export const list = (values: readonly number[]) => tuple(...values.map(int));
export const tensor = (key: string, length: number, shape: number[], stride: number[], offset = 0) =>
  `ctorch._utils\n_rebuild_tensor_v2\n${tuple(
    `${tuple(string('storage'), 'ctorch\nFloatStorage\n', string(key), string('cpu'), int(length))}Q`,
    int(offset),
    list(shape),
    list(stride),
    '\x89',
    '}',
  )}R`;
