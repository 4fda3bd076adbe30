import { InputError, show } from '../../../errors.ts';
import { type Cells, GAP } from './table.ts';

/** Different texts of a column that there is room for. */
const MOST_WORDS = 2 ** 22;

/** Collects the texts of a column, each different one once. */
export class Words {
  private readonly codes: Uint32Array;
  private readonly known = new Map<string, number>();
  private readonly what: string;
  private n = 0;

  /** `what`: how the column is called where it has too many. */
  constructor(rows: number, what: string) {
    this.codes = new Uint32Array(rows);
    this.what = what;
  }

  /** The text of the next row; null where it is missing. */
  add(word: string | null): void {
    if (word === null) {
      this.codes[this.n++] = GAP;
      return;
    }
    let code = this.known.get(word);
    if (code === undefined) {
      code = this.known.size;
      if (code === MOST_WORDS) {
        throw new InputError(
          `${show(this.what)} holds more than ${MOST_WORDS} different texts: leave it out (--without)`,
        );
      }
      // What is cut out of a text would keep all of it in memory.
      this.known.set(word, code);
    }
    this.codes[this.n++] = code;
  }

  cells(kind: 'text' | 'date'): Cells {
    return { kind, codes: this.codes, words: [...this.known.keys()] };
  }
}
