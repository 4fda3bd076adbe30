import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { numberAt } from '../../src/array/numbers.ts';
import { csvExamples } from '../../src/data/formats/csv.ts';
import { parseJson } from '../../src/data/formats/json.ts';
import { readNpy } from '../../src/data/formats/npy.ts';
import { readSafetensors } from '../../src/data/formats/safetensors.ts';
import { InputError } from '../../src/errors.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import { parseRun } from '../../src/training/run.ts';
import { npyOf, safetensorsOf } from './arrays.ts';

const RUNS = { numRuns: 2000, seed: 5 };
const text = (value: string) => new TextEncoder().encode(value);

/** The value, or undefined where it is refused as it should be. */
function orRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof InputError && !error.message.includes('\n')) return undefined;
    throw error;
  }
}

const extent = fc.oneof(fc.nat(5), fc.constantFrom(-1, 1.5, 2 ** 53, 2 ** 63, 1e300, null, '1'), fc.jsonValue());
const offset = fc.oneof(fc.nat(40), fc.constantFrom(-4, 2 ** 53, 0.5, '0'));
const entry = fc.record(
  {
    dtype: fc.oneof(fc.constantFrom('F32', 'U8', 'I64', 'F16', 'F8_E4M3', '__proto__'), fc.jsonValue()),
    shape: fc.oneof(fc.array(extent, { maxLength: 4 }), fc.jsonValue()),
    data_offsets: fc.oneof(fc.tuple(offset, offset), fc.jsonValue()),
  },
  { requiredKeys: [] },
);

test('readSafetensors takes any header of the right look for what it is, or refuses it', () => {
  const names = fc.oneof(fc.constantFrom('a', 'b', '__metadata__', '__proto__', 'toString'), fc.string());
  fc.assert(
    fc.property(fc.array(fc.tuple(names, entry), { maxLength: 4 }), fc.nat(48), (entries, size) => {
      const header = text(`{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)}}`);
      const read = orRefused(() => readSafetensors(safetensorsOf([header, new Uint8Array(size)])));
      const bytes = [...(read?.tensors.values() ?? [])].reduce((sum, { shape, dtype }) => {
        const width = { F32: 4, U8: 1, I64: 8, F16: 2 }[dtype as string] ?? NaN;
        return sum + width * shape.reduce((product, n) => product * n, 1);
      }, 0);
      if (read) assert.is(bytes, size);
    }),
    RUNS,
  );
});

test('readNpy takes any header of the right look for what it is, or refuses it', () => {
  const part = fc.oneof(
    fc.constantFrom(
      "'descr': '<f8'",
      "'descr': '|u1'",
      "'descr': '>i2'",
      "'fortran_order': False",
      "'fortran_order': True",
    ),
    fc.array(extent, { maxLength: 4 }).map((shape) => `'shape': (${shape.join(', ')},)`),
    fc.constantFrom("'shape': ()", "'shape': (0,)", "'shape': (2, 3)", "'more': 1", ' ', ''),
  );
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 5 }),
      fc.constantFrom('}', ', }', '} ', ''),
      fc.nat(60),
      (parts, end, size) => {
        const read = orRefused(() => readNpy(npyOf([text(`{${parts.join(', ')}${end}`), new Uint8Array(size)])));
        if (read) assert.is(read.data.byteLength, size);
      },
    ),
    RUNS,
  );
});

test('parseConfig and parseRun take any JSON in the place of any key, or refuse it', () => {
  const keys = ['inputs', 'hidden', 'activation', 'output', 'loss', 'tied', 'weightDecay', 'weightL1', 'sparsity'];
  const more = ['contraction', 'corruption', 'emphasis', 'initialization', 'precision', 'seed', '__proto__', 'other'];
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(Number.POSITIVE_INFINITY, -1, 0.5, 2 ** 53, [1, 2], { kind: 'kl' }, { kind: 'toString' }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...keys, ...more), value, (key, given) => {
      const config = { inputs: 4, hidden: 3, [key]: given };
      const full = orRefused(() => parseConfig(config as unknown as AutoencoderConfig));
      if (full) assert.equal(parseConfig(full), full);
      const run = orRefused(() => parseRun({ source: 'x', model: { hidden: 3, [key]: given }, [key]: given }));
      if (run) assert.equal(parseRun(run), run);
    }),
    RUNS,
  );
});

test('parseJson gives what JSON.parse gives, or refuses', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (given) => {
      const value = orRefused(() => parseJson(given, 'the text'));
      if (value !== undefined) assert.equal(value, JSON.parse(given));
    }),
    RUNS,
  );
});

test('csvExamples reads any table of finite numbers, whatever the delimiter and the quotes', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  const rows = fc
    .nat(3)
    .chain((d) => fc.array(fc.array(number, { minLength: d + 1, maxLength: d + 1 }), { minLength: 1, maxLength: 5 }));
  fc.assert(
    fc.property(
      rows,
      fc.constantFrom(',', ';', '\t', ' '),
      fc.boolean(),
      fc.constantFrom('\n', '\r\n', '\r'),
      (table, delimiter, quoted, newline) => {
        const cell = (x: number) => (quoted ? `"${x}"` : `${x}`);
        const file = text(table.map((row) => row.map(cell).join(delimiter)).join(newline));
        // A table may begin with 0,1, or count its rows: then it is said that it has no header, and which columns are read.
        const columns = table[0].map((_, j) => j + 1);
        const { x } = csvExamples(file, { header: false, columns });
        assert.equal(x.shape, [table.length, table[0].length]);
        assert.ok(table.flat().every((value, i) => value === numberAt(x.data, i)));
      },
    ),
    RUNS,
  );
});

test.run();
