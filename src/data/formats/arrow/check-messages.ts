import { InputError } from '../../../errors.ts';

const DEEPEST = 12;
const MOST_FIELDS = 2 ** 16;
const SCHEMA = 1;
const DICTIONARY = 2;
const RECORDS = 3;
const UNION = 14;

const damaged = (what: string, why: string) => new InputError(`${what}: ${why}: it is cut or damaged: write it anew`);

/** A FlatBuffers table: where its entries lie, none of them outside. */
class Entries {
  private readonly view: DataView;
  private readonly what: string;
  private readonly at: number;
  private readonly vtable: number;

  constructor(view: DataView, index: number, what: string) {
    this.view = view;
    this.what = what;
    this.at = index + this.int(index);
    this.vtable = this.at - this.int(this.at);
  }

  private int(at: number): number {
    if (!(at >= 0 && at + 4 <= this.view.byteLength)) throw damaged(this.what, 'a description points outside');
    return this.view.getInt32(at, true);
  }

  private short(at: number): number {
    if (!(at >= 0 && at + 2 <= this.view.byteLength)) throw damaged(this.what, 'a description points outside');
    return this.view.getInt16(at, true);
  }

  /** Where the entry of a slot lies; null where there is none. */
  placeOf(slot: number): number | null {
    if (slot >= this.short(this.vtable)) return null;
    const offset = this.short(this.vtable + slot);
    return offset === 0 ? null : this.at + offset;
  }

  /** Where the parts of a list lie, each of `stride` bytes. */
  list(slot: number, stride: number): { begin: number; count: number } {
    const place = this.placeOf(slot);
    if (place === null) return { begin: 0, count: 0 };
    const base = place + this.int(place);
    const count = this.int(base);
    if (!(count >= 0 && base + 4 + count * stride <= this.view.byteLength)) {
      throw damaged(this.what, `a list claims ${count} parts`);
    }
    return { begin: base + 4, count };
  }

  byte(slot: number): number {
    const place = this.placeOf(slot);
    if (place === null) return 0;
    if (!(place >= 0 && place < this.view.byteLength)) throw damaged(this.what, 'a description points outside');
    return this.view.getUint8(place);
  }

  table(slot: number): Entries | null {
    const place = this.placeOf(slot);
    return place === null ? null : new Entries(this.view, place, this.what);
  }

  tableAt(place: number): Entries {
    return new Entries(this.view, place, this.what);
  }

  /** A 64-bit number at a place. */
  long(place: number): number {
    if (!(place >= 0 && place + 8 <= this.view.byteLength)) throw damaged(this.what, 'a description points outside');
    return Number(this.view.getBigInt64(place, true));
  }
}

/**
 * Looks through the messages of an Arrow stream before they are decoded: what their descriptions list lies within them, and does not
 * go round in circles; flechette believes them. `most` is how many values all columns may claim. Returns how many rows the record batches claim.
 * @throws InputError where that is not so.
 */
export function checkMessages(bytes: Uint8Array, what: string, most: number): number {
  const budget = { values: most };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let rows = 0;
  let seen = 0;
  for (let at = 0; at + 8 <= bytes.length; seen++) {
    let length = view.getInt32(at, true);
    at += 4;
    if (length === -1) {
      length = view.getInt32(at, true);
      at += 4;
    }
    if (length === 0) break;
    if (!(length > 0 && at + length <= bytes.length)) throw damaged(what, 'a message ends beyond the file');
    const head = new DataView(bytes.buffer, bytes.byteOffset + at, length);
    const message = new Entries(head, 0, what);
    at += length;
    const kind = message.byte(6);
    const content = message.table(8);
    if (content !== null && kind === SCHEMA) checkSchema(content, what);
    else if (content !== null && kind === RECORDS) rows += checkBatch(content, what, budget);
    else if (content !== null && kind === DICTIONARY) {
      const batch = content.table(6);
      if (batch === null) throw damaged(what, 'a dictionary is empty');
      checkBatch(batch, what, budget);
    }
    const place = message.placeOf(10);
    const body = place === null ? 0 : message.long(place);
    if (!(body >= 0 && at + body <= bytes.length)) throw damaged(what, 'a message ends beyond the file');
    at += body;
  }
  if (seen === 0) throw damaged(what, 'it holds no message');
  return rows;
}

function checkSchema(schema: Entries, what: string): void {
  const budget = { fields: MOST_FIELDS };
  const each = (parent: Entries, slot: number, depth: number) => {
    const { begin, count } = parent.list(slot, 4);
    budget.fields -= count;
    if (depth > DEEPEST || budget.fields < 0) throw damaged(what, 'its columns are nested without end');
    for (let i = 0; i < count; i++) {
      const field = parent.tableAt(begin + 4 * i);
      field.list(16, 4);
      if (field.byte(8) === UNION) field.table(10)?.list(6, 4);
      each(field, 14, depth + 1);
    }
  };
  each(schema, 6, 0);
  schema.list(8, 4);
}

/** The rows of a batch. */
function checkBatch(batch: Entries, what: string, budget: { values: number }): number {
  const nodes = batch.list(6, 16);
  for (let i = 0; i < nodes.count; i++) {
    const length = batch.long(nodes.begin + 16 * i);
    budget.values -= length;
    if (!(length >= 0 && budget.values >= 0)) throw damaged(what, `a column claims ${length} values and more`);
  }
  const { count } = batch.list(8, 16);
  const views = batch.list(12, 8);
  let buffers = 0;
  for (let i = 0; i < views.count; i++) buffers += batch.long(views.begin + 8 * i);
  const place = batch.placeOf(4);
  const rows = place === null ? 0 : batch.long(place);
  if (!(buffers >= 0 && buffers <= count && rows >= 0)) throw damaged(what, `a batch claims ${rows} rows`);
  return rows;
}
