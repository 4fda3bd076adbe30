import * as assert from 'uvu/assert';
import { savedData } from '../../src/cli/run/saved-data.ts';
import { csvExamples } from '../../src/data/formats/csv.ts';
import { parseJson } from '../../src/data/formats/json.ts';
import { type ClassifierConfig, parseClassifierConfig } from '../../src/model/classifier-config.ts';
import { parseRun } from '../../src/training/run.ts';
import { type Target, whole } from './fuzz.ts';

const text = (value: string) => new TextEncoder().encode(value);
const json = (value: unknown) => text(JSON.stringify(value));
const decoded = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Nothing may have reached the prototype of all objects. */
function assertUnpolluted(value: unknown): void {
  const stray = Object.keys(Object.getOwnPropertyDescriptors(Object.prototype)).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(Object.prototype, key),
  );
  assert.equal(stray, []);
  if (typeof value !== 'object' || value === null) return;
  assert.ok([Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value)));
  for (const part of Object.values(value)) assertUnpolluted(part);
}

const csv = whole<ReturnType<typeof csvExamples>>({
  name: 'csv',
  seeds: [
    text('a,b,c\n1,2,3\n4,-5.5,6e-3\n'),
    text('1;2\r\n3;4\r\n'),
    text('"x y","z"\n"1",2\n3,"4"'),
    text('\ufeff1\t2\t3\n.5\t+6.\t7\n\n'),
    text('1 2\n3 4\n5 6\n'),
    text('# made by hand\n# a b\n\n 1.0   2.0\n-3.0\t 4.5\n'),
    text('sep=;\n"a\nb";c, d\n1;2\n\n3;4\n'),
    text(',0,1\n7,0.5,1\n3,4,5\n'),
    text('0,5\n1,6\n2,7\n'),
  ],
  read: (bytes) => csvExamples(bytes),
  check({ x }) {
    const [m, d] = x.shape;
    assert.is(x.data.length, m * d);
    assert.ok([...x.data].every(Number.isFinite));
    const rows = Array.from({ length: m }, (_, i) => [...x.data.slice(i * d, (i + 1) * d)].join(','));
    // Neither a header nor an index is looked for: what is left may begin with 0,1, or count its rows.
    const columns = Array.from({ length: d }, (_, j) => j + 1);
    assert.equal(csvExamples(text(rows.join('\n')), { header: false, columns }).x.data, x.data);
  },
});

const table = whole<ReturnType<typeof csvExamples>>({
  name: 'csv table',
  seeds: [
    text('id;b;c;note\nP1;1,5;2;x\n"P;2";-,5;6e-3;\n'),
    text('id\tb\tc\r\nP1\t1\t2\r\nP2\t3\t4,25\r\n'),
    text('\ufeff"b" "c" "id"\n1 2 3\n4 5 6'),
  ],
  read: (bytes) => csvExamples(bytes, { columns: ['c', 2], id: 'id', decimal: ',' }),
  check({ x, columns, ids }) {
    const [m, d] = x.shape;
    assert.equal([d, columns?.length, ids?.length, x.data.length], [2, 2, m, 2 * m]);
    assert.ok([...x.data].every(Number.isFinite));
    assert.is(columns?.[0], 'c');
  },
});

const run = {
  source: 'mnist',
  data: {
    table: { columns: ['a', 2], decimal: ',' },
    limit: 10,
    classes: [0, 1],
    patches: { size: 8, count: 9, seed: 1 },
    preprocessing: [{ kind: 'zca', epsilon: 1 }],
  },
  model: {
    hidden: [20, 4],
    activation: ['tanh', 'sigmoid'],
    sparsity: [{ kind: 'kl', target: 0.1, weight: 3, layer: 1 }],
    corruption: { kind: 'masking', fraction: 0.5 },
    emphasis: { corrupted: 1, untouched: 0.5 },
  },
  fit: { optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0.9 }, epochs: 2, batchSize: 10, seed: 4 },
  heldOut: 3,
};
const small = {
  source: 'x.csv',
  model: { hidden: 3, tied: true, contraction: 0.1 },
  fit: { optimizer: { kind: 'lbfgs', iterations: 5 } },
};
const kSparse = { source: 'y.npy', model: { hidden: 50, sparsity: { kind: 'k-sparse', k: 5 }, precision: 'float64' } };

const config = whole<unknown>({
  name: 'run config',
  seeds: [run, small, kSparse].map(json),
  read: (bytes) => parseRun(parseJson(decoded(bytes), 'run.json')),
  check(value) {
    assertUnpolluted(value);
    assert.equal(parseRun(JSON.parse(JSON.stringify(value))), value);
  },
});

const classifiers = [
  { inputs: 7, hidden: [], classes: 3 },
  { inputs: 9, hidden: [5, 4], classes: 2, layers: [null, { kind: 'k-sparse', k: 2 }], activation: ['relu', 'tanh'] },
];
const classifier = whole<unknown>({
  name: 'classifier config',
  seeds: classifiers.map(json),
  read: (bytes) => parseClassifierConfig(parseJson(decoded(bytes), 'config') as ClassifierConfig),
  check(value) {
    assertUnpolluted(value);
    assert.equal(parseClassifierConfig(JSON.parse(JSON.stringify(value))), value);
  },
});

const record = whole<unknown>({
  name: 'data record',
  seeds: [
    json({ source: 'mnist', data: { limit: 5, gray: true }, image: { height: 2, width: 3, channels: 1 } }),
    json({ data: run.data }),
  ],
  read: (bytes) => savedData({ metadata: { run: decoded(bytes) } }),
  check: assertUnpolluted,
});

const anyJson = whole<unknown>({
  name: 'json',
  seeds: [
    json(run),
    json([1, [2, { a: null, b: 'x"\\\u2028' }], 1e300, true, '']),
    text('"\\u0061\\ud83d"'),
    text('-0.5e-7'),
  ],
  read: (bytes) => parseJson(decoded(bytes), 'the text'),
  check(value, bytes) {
    assertUnpolluted(value);
    assert.is(JSON.stringify(value), JSON.stringify(JSON.parse(decoded(bytes))));
  },
});

export const texts = [csv, table, config, classifier, record, anyJson] as readonly Target[];
