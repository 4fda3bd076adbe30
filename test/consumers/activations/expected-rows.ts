import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Latent } from './guide.ts';
import { WIDTH } from './small-model.ts';

const animals = ['cat', 'dog', 'bird', 'mouse'];
/** The guide's. */
export const documents = Array.from({ length: 300 }, (_, k) => {
  const [a, b] = [animals[k % 4], animals[Math.floor(k / 4) % 4]];
  return `The ${a} saw a ${b}, and number ${k % 10} was the ${b}.`;
});
const ROWS = 1000; // of a shard

/** A row of the shards: where it comes from, and its numbers. */
export interface Row {
  readonly context: { text: string; position: number; length: number; document: number };
  readonly values: readonly number[];
}

/** The rows of the documents, the first of each left out. `around` are tokens that stand before and after each text. */
export function rowsOf(
  idsOf: (word: string) => number[],
  layer: (ids: number[]) => number[][],
  around?: readonly [number, number],
): Row[] {
  return documents.flatMap((text, document) => {
    const tokens = around ? [{ id: around[0], position: 0, length: 0 }] : [];
    let position = 0;
    for (const word of text.split(/(\s|[,.])/)) {
      if (word.trim() !== '') for (const id of idsOf(word)) tokens.push({ id, position, length: word.length });
      position += word.length;
    }
    if (around) tokens.push({ id: around[1], position: text.length, length: 0 });
    const values = layer(tokens.map(({ id }) => id));
    const rows = tokens.map((token, t) => ({
      context: { text, position: token.position, length: token.length, document },
      values: values[t],
    }));
    return rows.slice(1);
  });
}

/** @throws where a folder's shards are not these rows, in float16, and their contexts. */
export function assertShards(folder: string, rows: readonly Row[]): void {
  for (let first = 0; first < rows.length; first += ROWS) {
    const part = rows.slice(first, first + ROWS);
    const name = `${first / ROWS}`.padStart(6, '0');
    const bytes = readFileSync(join(folder, `${name}.npy`));
    const begin = 10 + bytes.readUInt16LE(8);
    const header = bytes.toString('latin1', 10, begin);
    if (!header.includes("'<f2'") || !header.includes(`(${part.length}, ${WIDTH})`)) throw new Error(header);
    const values = Array.from({ length: part.length * WIDTH }, (_, i) => half(bytes.readUInt16LE(begin + 2 * i)));
    assertClose(
      values,
      part.flatMap((row) => row.values),
      2 ** -11, // half of the last place of numbers below 1, and more
    );
    const lines = readFileSync(join(folder, `${name}.jsonl`), 'utf8')
      .trimEnd()
      .split('\n');
    const wanted = part.map(({ context }) => JSON.stringify(context));
    for (const [i, line] of wanted.entries()) {
      if (lines[i] !== line) throw new Error(`${name}.jsonl, line ${i + 1}: ${lines[i]}, not ${line}`);
    }
    if (lines.length !== wanted.length) throw new Error(`${name}.jsonl has ${lines.length} lines`);
  }
}

/** What units answer are words of the documents, those of the rows, and many answer one word. @returns how many. */
export function assertLatents(latents: readonly Latent[], rows?: readonly Row[]): string {
  let clear = 0;
  for (const { unit, examples } of latents) {
    const words = examples.map(({ example, context: { text, position, length, document } }) => {
      const shown = `unit ${unit}, example ${example}: ${text}`;
      const whole = documents[document];
      if (!whole?.includes(text.replace(/^…|…$/g, ''))) throw new Error(`${shown}, of ${whole}`);
      const word = text.slice(position, position + length);
      if (rows) {
        const { context } = rows[example];
        const own = context.text.slice(context.position, context.position + context.length);
        if (context.document !== document || own !== word) throw new Error(`${shown}: »${word}«, not »${own}«`);
      }
      return word;
    });
    if (words.length === 10 && new Set(words).size === 1) clear++;
  }
  if (latents.length !== 64 || clear <= 10) throw new Error(`${clear} of ${latents.length} units answer one word`);
  return `${clear} units answer one word`;
}

/** @throws where numbers are further from those wanted than `most`. */
export function assertClose(values: readonly number[], wanted: readonly number[], most: number): void {
  if (values.length !== wanted.length) throw new Error(`${values.length} numbers, not ${wanted.length}`);
  for (const [i, value] of values.entries()) {
    if (!(Math.abs(value - wanted[i]) <= most)) throw new Error(`number ${i} is ${value}, not ${wanted[i]}`);
  }
}

/** The number of binary16 bits, of those below infinity. */
function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const size = exponent === 0 ? (bits & 1023) * 2 ** -24 : (1 + (bits & 1023) / 1024) * 2 ** (exponent - 15);
  return bits >> 15 ? -size : size;
}
