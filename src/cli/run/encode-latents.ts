import { type Matrix, matrix, zeros } from '../../array/matrix.ts';
import { npyHead } from '../../data/formats/npy.ts';
import { writeNumbers } from '../../data/formats/number-bytes.ts';
import { mostLatents, ofProcess } from '../../layers/latents.ts';
import { together } from '../../model/agreement.ts';
import { writeWhole } from '../../node/run-folder.ts';
import type { SavedModel } from '../../training/model-file.ts';
import type { ReadFlags } from '../flags/read-flags.ts';
import { printPieces } from '../output.ts';
import { modelInputs } from './model-inputs.ts';

/** Codes of a block of rows, of all processes together. */
const BLOCK = 2 ** 24; // numbers

/**
 * Writes the codes of all examples by a model whose latents processes share: each makes the columns of its own, the first gets those of
 * all, some rows at a time, and writes them, as .npy or as text. @returns how many examples there are.
 */
export async function encodeLatents(
  saved: SavedModel,
  source: string | undefined,
  flags: { out?: string; limit?: number } & ReadFlags,
  asText: ((codes: Matrix) => Iterable<string>) | null,
): Promise<number> {
  const { model } = saved;
  const { latents } = model.engine.spec.shard ?? {};
  if (latents === undefined) throw new Error('a model that nobody shares');
  const given = await modelInputs(saved, source, flags);
  const x = model.input(given.x, 'x', false);
  const [examples] = x.shape;
  const { all: units } = latents;
  const rows = Math.max(1, Math.floor(BLOCK / units));
  const room = mostLatents(latents);

  /** Every process must take all blocks; the first alone has their codes. */
  async function* blocks(): AsyncGenerator<Matrix | null> {
    for (let begin = 0; begin < examples; begin += rows) {
      const count = Math.min(rows, examples - begin);
      const part = { ...x, shape: [count, x.shape[1]], offset: x.offset + begin * x.stride[0] };
      const codes = await model.engine.propagate(part, 0, 1, 'encoding', begin);
      const { precision } = model.config;
      const own = zeros(count * room, precision);
      const width = codes.length / count;
      for (let i = 0; i < count; i++) own.set(codes.subarray(i * width, (i + 1) * width), i * room);
      const gathered = zeros(own.length * (latents?.size ?? 1), precision);
      await latents?.gather(own, gathered);
      yield latents?.rank === 0 ? inOrder(gathered, count) : null;
    }
  }

  /** Rows of all units from what the processes have of them. */
  function inOrder(gathered: Matrix['data'], count: number): Matrix {
    const out = zeros(count * units, model.config.precision);
    const { size } = latents ?? { size: 1 };
    for (let rank = 0; rank < size; rank++) {
      const { first, count: width } = ofProcess(units, rank, size);
      for (let i = 0; i < count; i++) {
        const at = (rank * count + i) * room;
        out.set(gathered.subarray(at, at + width), i * units + first);
      }
    }
    return matrix(out, count, units);
  }

  const made = blocks();
  async function* whole(): AsyncGenerator<Matrix> {
    for (;;) {
      const { done, value } = await made.next(); // who leaves early does not end it
      if (done) return;
      if (value !== null) yield value;
    }
  }
  async function* texts(toText: (codes: Matrix) => Iterable<string>): AsyncGenerator<string> {
    for await (const codes of whole()) yield* toText(codes);
  }
  async function* bytes(): AsyncGenerator<Uint8Array> {
    if (asText !== null) {
      for await (const text of texts(asText)) yield new TextEncoder().encode(text);
      return;
    }
    yield npyHead(model.config.precision === 'float32' ? 4 : 8, [examples, units]);
    for await (const { data } of whole()) {
      const piece = new Uint8Array(data.byteLength);
      writeNumbers(piece, 0, data);
      yield piece;
    }
  }
  await together(latents, async () => {
    try {
      if (latents.rank !== 0) return;
      if (flags.out !== undefined) await writeWhole(flags.out, bytes());
      else if (asText !== null) await printPieces(texts(asText));
    } finally {
      for await (const _ of made); // the others wait for every block to be taken
    }
  });
  return examples;
}
