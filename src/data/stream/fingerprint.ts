import type { AnyNumbers, View } from '../../array/matrix.ts';
import { rowRange, toFlat } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import { kindOf } from '../formats/number-bytes.ts';
import type { RowSource } from './row-source.ts';
import type { PartPrint } from './source-parts.ts';

/** What tells one data set from another without holding it. */
export interface Fingerprint {
  /** (m, d), or (m) of labels. */
  readonly shape: readonly number[];
  /** Of the examples; 1 where they have none. */
  readonly unit: number;
  /** Letter (float, integer, unsigned) and bytes of an element, such as f4. */
  readonly type: string;
  /** SHA-256 in hexadecimal, chained over blocks of rows: h ← SHA-256(h, block). */
  readonly hash: string;
  /** Of a source that has parts: the hash above is then of some of its rows alone. */
  readonly parts?: readonly PartPrint[] | undefined;
}

/** About how many bytes are hashed at a time: they are copied, for rows may be strided and memory shared. */
const BLOCK = 2 ** 22;

/** The fingerprint of x (m, d): of its elements as they are stored, row by row, whatever the strides. */
export async function fingerprint(x: View<AnyNumbers>): Promise<Fingerprint> {
  const [m, d] = x.shape;
  const rows = Math.max(1, Math.floor(BLOCK / (d * x.data.BYTES_PER_ELEMENT)));
  let hash = new Uint8Array(0);
  for (let begin = 0; begin < m; begin += rows) {
    const { buffer, byteOffset, byteLength } = toFlat(rowRange(x, begin, Math.min(m, begin + rows)));
    const block = new Uint8Array(hash.length + byteLength);
    block.set(hash);
    block.set(new Uint8Array(buffer, byteOffset, byteLength), hash.length);
    hash = await sha256(block);
  }
  return { shape: [m, d], unit: x.unit ?? 1, type: kindOf(x.data), hash: hexadecimal(hash) };
}

/** Rows of a source that its fingerprint looks at where its parts are compared: what is done with them shows there. */
const SAMPLED = 256;

/**
 * The fingerprint of a source: of its shape and all of its rows, chained over blocks of about 4 million numbers; where it
 * has parts, which tell the rest, of some of its rows, evenly spread.
 */
export async function sourceFingerprint(x: RowSource): Promise<Fingerprint> {
  const [m, d] = x.shape;
  const inParts = x.parts !== undefined;
  const rows = inParts ? 1 : Math.max(1, Math.floor(BLOCK / d));
  const count = inParts ? Math.min(m, SAMPLED) : Math.ceil(m / rows);
  let hash = new Uint8Array(0);
  let print: Fingerprint | null = null;
  for (let i = 0; i < count; i++) {
    const row = inParts ? Math.floor((i * m) / count) : i * rows;
    print = await fingerprint(await x.read(row, Math.min(m, row + rows)));
    hash = await sha256(new TextEncoder().encode(hexadecimal(hash) + print.hash));
  }
  return { shape: [m, d], unit: print?.unit ?? 1, type: print?.type ?? '', hash: hexadecimal(hash) };
}

/** @throws InputError where the platform has no SHA-256. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    throw new InputError(
      'checkpoints need crypto.subtle, which pages have over https or on localhost alone: move there',
    );
  }
  return new Uint8Array(await subtle.digest('SHA-256', bytes));
}

export function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
