import { InputError } from '../../errors.ts';

export interface Frame {
  /** 0xc0 baseline, 0xc1 extended, 0xc2 progressive; others are not decoded here. */
  readonly marker: number;
  readonly precision: number;
  readonly height: number;
  readonly width: number;
  /** Blocks of 8 by 8 samples of each component, by its id, in order. */
  readonly blocks: ReadonlyMap<number, number>;
}

const damaged = (what: string) => new InputError(`JPEG image: its ${what} is damaged: fetch or save it again`);

/** The frame header: precision, height, width, and id, sampling factors and table of each component. [T.81, B.2.2] */
export function readFrame(marker: number, content: Uint8Array): Frame {
  const count = content[5];
  if (content.length < 6 || content.length !== 6 + 3 * count || count < 1 || count > 4) throw damaged('frame header');
  const height = (content[1] << 8) | content[2];
  const width = (content[3] << 8) | content[4];
  const components = Array.from({ length: count }, (_, i) => {
    const [id, sampling, table] = content.subarray(6 + 3 * i);
    const [h, v] = [sampling >> 4, sampling & 15];
    if (h < 1 || h > 4 || v < 1 || v > 4 || table > 3) throw damaged('frame header');
    return { id, h, v };
  });
  const [mostH, mostV] = [Math.max(...components.map(({ h }) => h)), Math.max(...components.map(({ v }) => v))];
  const blocks = new Map(
    components.map(({ id, h, v }) => [
      id,
      Math.ceil((Math.ceil(width / 8) * h) / mostH) * Math.ceil((Math.ceil(height / 8) * v) / mostV),
    ]),
  );
  if (blocks.size !== count) throw damaged('frame header');
  return { marker, precision: content[0], height, width, blocks };
}

/** The blocks that a scan goes through. [T.81, B.2.3; G.1.1.1 for progressive ones] */
export function readScan(content: Uint8Array, { marker, blocks }: Frame): number {
  const count = content[0];
  if (content.length !== 4 + 2 * count || count < 1 || count > blocks.size) throw damaged('scan header');
  let visits = 0;
  const seen = new Set<number>();
  for (let i = 0; i < count; i++) {
    const [id, tables] = content.subarray(1 + 2 * i);
    const own = blocks.get(id);
    if (own === undefined || seen.has(id) || tables >> 4 > 3 || (tables & 15) > 3) throw damaged('scan header');
    seen.add(id);
    visits += own;
  }
  const [first, last, bits] = content.subarray(1 + 2 * count);
  const [previous, current] = [bits >> 4, bits & 15];
  const band = first === 0 ? last === 0 : count === 1 && last >= first && last <= 63;
  const sound = band && current <= 13 && (previous === 0 || previous === current + 1);
  if (marker === 0xc2 && !sound) throw damaged('scan header');
  return visits;
}

/** Throws InputError unless a DQT segment is whole tables of 64 numbers. [T.81, B.2.4.1] */
export function checkQuantizationTables(content: Uint8Array): void {
  let at = 0;
  while (at < content.length) {
    const [precision, id] = [content[at] >> 4, content[at] & 15];
    if (precision > 1 || id > 3) throw damaged('quantization table');
    at += 1 + 64 * (precision + 1);
  }
  if (at !== content.length) throw damaged('quantization table');
}

/** Throws InputError unless a DHT segment is whole tables whose codes fit into 16 bits. [T.81, B.2.4.2, C.2] */
export function checkHuffmanTables(content: Uint8Array): void {
  let at = 0;
  while (at < content.length) {
    let [codes, space] = [0, 0];
    for (let length = 1; length <= 16; length++) {
      codes += content[at + length];
      space += content[at + length] * 2 ** (16 - length);
    }
    if (content[at] >> 4 > 1 || (content[at] & 15) > 3 || !(codes <= 256 && space <= 2 ** 16)) {
      throw damaged('Huffman table');
    }
    at += 17 + codes;
  }
  if (at !== content.length) throw damaged('Huffman table');
}
