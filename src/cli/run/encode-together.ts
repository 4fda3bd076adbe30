import { type Matrix, matrix } from '../../array/matrix.ts';
import { npyHead } from '../../data/formats/npy.ts';
import { writeNumbers } from '../../data/formats/number-bytes.ts';
import type { MpiGroup } from '../../node/mpi/mpi-group.ts';
import { writeWhole } from '../../node/run-folder.ts';
import type { SavedModel } from '../../training/model-file.ts';
import type { ReadFlags } from '../flags/read-flags.ts';
import { printPieces } from '../output.ts';
import { assertAlike } from './assert-alike.ts';
import { type BlocksOfRows, blocksOfRows } from './blocks-of-rows.ts';
import { allDo, writeTexts, writeTogether } from './shared-output.ts';
import { type SharedRows, sharedRows } from './shared-rows.ts';

/** What several processes encode: the model, the examples, and the blocks that they go through in. */
export interface Encoding {
  readonly saved: SavedModel;
  readonly rows: SharedRows;
  readonly blocks: BlocksOfRows;
}

/**
 * Has every process load the model and open the data. @returns null where another one could not. @throws the error of this process;
 * InputError where they have not the same.
 */
export async function sharedEncoding(
  group: MpiGroup,
  load: () => Promise<SavedModel>,
  source: string | undefined,
  flags: { limit?: number; id?: string | number } & ReadFlags,
): Promise<Encoding | null> {
  let found: Omit<Encoding, 'blocks'> | undefined;
  const open = async () => {
    const saved = await load();
    found = { saved, rows: await sharedRows(saved, source, flags) };
  };
  if (!(await allDo(group, open)) || found === undefined) return null;
  const { saved, rows } = found;
  if (!(await allDo(group, () => assertAlike(group, saved, rows)))) return null;
  const { inputs, hidden, targets } = saved.model.config;
  return { saved, rows, blocks: blocksOfRows(rows.examples, Math.max(inputs, targets, ...hidden), group.size) };
}

/**
 * Writes the codes of all examples to an .npy file, each process its rows, or as text to a file or stdout by the first: the bytes are
 * those of one process. @returns whether all of them have done so. @throws the error of this process.
 */
export async function encodeTogether(
  group: MpiGroup,
  { saved, rows, blocks }: Encoding,
  out: string | undefined,
  asText: ((codes: Matrix) => Iterable<string>) | null,
): Promise<boolean> {
  const { model } = saved;
  const { hidden, precision } = model.config;
  const units = hidden[hidden.length - 1];
  const codesOf = async (block: number): Promise<Matrix> => {
    const [begin, end] = blocks.range(block);
    const x = model.input(await rows.read(begin, end), 'x', false, (row) => `row ${begin + row}`);
    const codes = await model.engine.propagate(x, 0, hidden.length, 'encoding', begin);
    return matrix(codes, end - begin, units);
  };
  if (asText !== null) {
    const texts = { count: blocks.count, textsOf: async (block: number) => asText(await codesOf(block)) };
    return writeTexts(group, texts, (pieces) => (out === undefined ? printPieces(pieces) : writeWhole(out, pieces)));
  }
  const bytes = precision === 'float32' ? 4 : 8;
  const head = npyHead(bytes, [rows.examples, units]);
  const [first, last] = blocks.of(group.rank);
  async function* pieces() {
    for (let block = first; block < last; block++) {
      const { data } = await codesOf(block);
      const piece = new Uint8Array(data.length * bytes);
      writeNumbers(piece, 0, data);
      yield piece;
    }
  }
  const position = head.length + (first < last ? blocks.range(first)[0] : 0) * units * bytes;
  const size = head.length + rows.examples * units * bytes;
  return writeTogether(group, out ?? '', { head, size }, { position, pieces: pieces() });
}
