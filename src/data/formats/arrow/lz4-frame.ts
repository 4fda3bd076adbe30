import { InputError } from '../../../errors.ts';

const MAGIC = 0x184d2204;

/**
 * What an LZ4 frame holds, of `length` bytes; checksums are passed over. [lz4_Frame_format.md, lz4_Block_format.md]
 * @throws InputError where it holds more or less, or points before its beginning.
 */
export function unlz4(bytes: Uint8Array, length: number, what: string): Uint8Array {
  const damaged = () =>
    new InputError(`${what}: a part that LZ4 packs cannot be unpacked: it is damaged: write it anew`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 7 || view.getUint32(0, true) !== MAGIC) throw damaged();
  const flags = bytes[4];
  let at = 7 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0);
  const checksum = flags & 16 ? 4 : 0;
  const out = new Uint8Array(length);
  let end = 0;
  for (;;) {
    if (at + 4 > bytes.length) throw damaged();
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) break;
    const packed = size & 0x7fffffff;
    if (at + packed > bytes.length) throw damaged();
    const block = bytes.subarray(at, at + packed);
    if (size === packed) end = unpackBlock(block, out, end, damaged);
    else if (end + packed <= length) {
      out.set(block, end);
      end += packed;
    } else throw damaged();
    at += packed + checksum;
  }
  if (end !== length) throw damaged();
  return out;
}

/** Appends to out at `end` what a block holds; it may repeat what came before it. */
function unpackBlock(block: Uint8Array, out: Uint8Array, end: number, damaged: () => InputError): number {
  let o = end;
  let i = 0;
  const more = (nibble: number) => {
    let sum = nibble;
    if (nibble === 15) {
      let byte: number;
      do {
        if (i >= block.length) throw damaged();
        byte = block[i++];
        sum += byte;
      } while (byte === 255);
    }
    return sum;
  };
  while (i < block.length) {
    const token = block[i++];
    const literals = more(token >> 4);
    if (i + literals > block.length || o + literals > out.length) throw damaged();
    out.set(block.subarray(i, i + literals), o);
    i += literals;
    o += literals;
    if (i === block.length) return o;
    if (i + 2 > block.length) throw damaged();
    const back = block[i] | (block[i + 1] << 8);
    i += 2;
    const count = more(token & 15) + 4;
    if (back === 0 || back > o || o + count > out.length) throw damaged();
    for (let k = 0; k < count; k++, o++) out[o] = out[o - back];
  }
  return o;
}
