import { InputError, show } from '../../errors.ts';
import { parseJson } from './json.ts';
import { type AskedName, chooseArray, type NamedArray } from './named-arrays.ts';
import { itemBytes, type NumberKind } from './number-bytes.ts';
import { elementCount, type StoredTensor } from './tensor.ts';

// [Hugging Face, safetensors, README "Format"]
export const safetensorsKinds = {
  F64: 'f8',
  F32: 'f4',
  F16: 'f2',
  BF16: 'bf2',
  I64: 'i8',
  I32: 'i4',
  I16: 'i2',
  I8: 'i1',
  U64: 'u8',
  U32: 'u4',
  U16: 'u2',
  U8: 'u1',
  BOOL: 'u1',
} as const satisfies Record<string, NumberKind>;

/** The number types of the format that are read here. */
export type SafetensorsType = keyof typeof safetensorsKinds;

/** What the header says about one tensor: bytes begin … end − 1 of the data. */
export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: SafetensorsType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

const LIMIT_HEADER = 10_000_000; // room for 100,000 tensors; the format allows ten times that, which is 3 GB of objects
const what = 'safetensors file';

/** The header's JSON object, and where the data begin. `bytes` may be the head alone of a file of `size` bytes. */
export function readHeader(bytes: Uint8Array, size = bytes.length): { header: object; start: number } {
  if (bytes.length < 8)
    throw new InputError(`${what}: it has ${bytes.length} bytes, the header's length alone takes 8`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(LIMIT_HEADER) || length > BigInt(bytes.length - 8)) {
    throw new InputError(
      `it is no ${what}, or was cut: it has ${size} bytes and announces a header of ${length} bytes, at most ${LIMIT_HEADER} are allowed`,
    );
  }
  const start = 8 + Number(length);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, start));
  } catch {
    throw new InputError(`${what}: its header is not JSON: it is damaged or another format`);
  }
  const header = parseJson(text, `${what}: its header`);
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new InputError(`${what}: its header is not a JSON object: it is damaged or another format`);
  }
  return { header, start };
}

/** One tensor's description, checked. `available`: bytes of data. */
export function readEntry(name: string, value: unknown, available: number): SafetensorsEntry {
  const tensor = `${what}: tensor ${show(name)}`;
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  if (typeof dtype !== 'string' || !Object.hasOwn(safetensorsKinds, dtype)) {
    throw new InputError(`${tensor}: dtype is ${show(dtype)}: allowed are ${Object.keys(safetensorsKinds).join(', ')}`);
  }
  if (!Array.isArray(shape)) throw new InputError(`${tensor}: shape is ${show(shape)}: it must be a list`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every((offset) => Number.isSafeInteger(offset))) {
    throw new InputError(`${tensor}: data_offsets is ${show(offsets)}: it must be [begin, end]`);
  }
  const [begin, end] = offsets as number[];
  if (begin < 0 || end < begin || end > available) {
    throw new InputError(
      `${tensor}: data_offsets is [${begin}, ${end}]: the file has ${available} bytes of data; it was cut`,
    );
  }
  const type = dtype as SafetensorsType;
  const size = elementCount(shape, tensor) * itemBytes[safetensorsKinds[type]];
  if (size !== end - begin) {
    const given = `data_offsets [${begin}, ${end}] hold ${end - begin} bytes`;
    throw new InputError(`${tensor}: ${given}, its shape (${shape.join(', ')}) of ${dtype} takes ${size}`);
  }
  return { name, dtype: type, shape: shape as number[], begin, end };
}

/** Every tensor's description and the metadata. `available`: bytes of data, which the tensors must fill. */
export function readEntries(
  header: object,
  available: number,
): { entries: SafetensorsEntry[]; metadata: Record<string, string> } {
  const described = Object.entries(header);
  const metadata = readMetadata(described.find(([name]) => name === '__metadata__')?.[1]);
  const entries = described
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => readEntry(name, value, available));
  let at = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) {
      const fault = begin < at ? 'overlaps the tensor before it' : `leaves a gap of ${begin - at} bytes before it`;
      throw new InputError(`${what}: tensor ${show(name)} ${fault}: tensors must fill the data without gaps`);
    }
    at = end;
  }
  if (at !== available) {
    throw new InputError(
      `${what}: ${available - at} bytes follow its last tensor: tensors must fill the data without gaps`,
    );
  }
  return { entries, metadata };
}

/** The header's `__metadata__`: text to text. */
function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  const entries = Object.entries(value ?? {});
  if (
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    !entries.every(([, text]) => typeof text === 'string')
  ) {
    throw new InputError(`${what}: __metadata__ must be an object whose values are texts`);
  }
  return Object.fromEntries(entries);
}

/**
 * Where the numbers of a tensor lie in a .safetensors file of `size` bytes that begins with `head`: of the one that is named, or
 * the only one (see `chooseArray`). Throws InputError as `readSafetensors` does, but of the tensor that is chosen alone.
 */
export function storedSafetensor(head: Uint8Array, size: number, asked: AskedName = {}): StoredTensor {
  const { header, start } = readHeader(head);
  const all = Object.entries(header);
  const metadata = readMetadata(all.find(([name]) => name === '__metadata__')?.[1]);
  if (metadata.format === 'rhohat' && asked.name === undefined) {
    throw new InputError(
      `${what}: it is a model that rhohat saved, not data: in the library, fit trains what loadModel gives; one of its tensors is named with name (--array)`,
    );
  }
  const entries = all.filter(([name]) => name !== '__metadata__');
  const { name, value } = chooseArray(entries.map(arrayOf), asked, what);
  const { dtype, shape, begin, end } = readEntry(name, value, size - start);
  if (entries.length === 1 && (begin !== 0 || end !== size - start)) {
    throw new InputError(
      `${what}: its tensor takes bytes ${begin} to ${end} of ${size - start}: it must fill the data`,
    );
  }
  return {
    kind: safetensorsKinds[dtype],
    isBoolean: dtype === 'BOOL',
    littleEndian: true,
    shape,
    start: start + begin,
  };
}

/** A tensor as `chooseArray` takes it, whatever stands in the header; what is not sound is told once it is chosen. */
function arrayOf([name, value]: [string, unknown]): NamedArray & { readonly value: unknown } {
  const { dtype, shape } = (value ?? {}) as Record<string, unknown>;
  const extents = Array.isArray(shape) ? shape : [];
  const count = extents.reduce((product: number, extent) => product * Number(extent), 1);
  return {
    name,
    value,
    is: `${extents.slice(0, 8).map(show).join('×')} ${typeof dtype === 'string' ? dtype.slice(0, 20) : '?'}`.trim(),
    count,
  };
}
