import { InputError, show } from '../../errors.ts';
import { itemBytes, type NumberKind } from './number-bytes.ts';

/** A tensor that is to be written. */
export interface Laid {
  readonly name: string;
  readonly shape: readonly number[];
  readonly kind: NumberKind;
}

/** Order by UTF-16 code units: the same on every machine, whatever its language. */
function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The head of a .safetensors file: what stands before the numbers, in which order tensors follow it, and how long the whole
 * is. Metadata keys are sorted, tensors go by item size (larger first, so that each lies aligned), then by name; the header is
 * padded with spaces so that the data begin at a multiple of 8 bytes.
 */
export function safetensorsHead(
  tensors: readonly Laid[],
  metadata: Readonly<Record<string, string>>,
): { head: Uint8Array<ArrayBuffer>; order: string[]; length: number } {
  const header: [string, unknown][] = [];
  const pairs = Object.entries(metadata).sort(byName);
  const odd = pairs.find(([, value]) => typeof value !== 'string');
  if (odd !== undefined) {
    throw new InputError(
      `metadata.${odd[0].slice(0, 60)} is ${show(odd[1])}: it must be a text; JSON.stringify makes one`,
    );
  }
  if (pairs.length > 0) header.push(['__metadata__', Object.fromEntries(pairs)]);
  const ordered = [...tensors].sort(
    (a, b) => itemBytes[b.kind] - itemBytes[a.kind] || byName([a.name, 0], [b.name, 0]),
  );
  let at = 0;
  for (const { name, shape, kind } of ordered) {
    const dtype = kind.toUpperCase().replace(/\d/, (n) => `${8 * Number(n)}`); // bf2 is BF16
    const end = at + shape.reduce((product, extent) => product * extent, itemBytes[kind]);
    header.push([name, { dtype, shape, data_offsets: [at, end] }]);
    at = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const start = Math.ceil((8 + json.length) / 8) * 8;
  const head = new Uint8Array(start).fill(0x20, 8 + json.length, start);
  new DataView(head.buffer).setBigUint64(0, BigInt(start - 8), true);
  head.set(json, 8);
  return { head, order: ordered.map(({ name }) => name), length: start + at };
}
