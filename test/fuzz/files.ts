import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { fromRows, toFlat } from '../../src/array/matrix.ts';
import { contextLine, type RowContext, shownContext } from '../../src/data/formats/contexts.ts';
import { fitPreprocessing } from '../../src/data/preprocessing/preprocessing.ts';
import { InputError } from '../../src/errors.ts';
import {
  Autoencoder,
  Classifier,
  deserializeClassifier,
  deserializeModel,
  serializeClassifier,
  serializeModel,
} from '../../src/index.ts';
import type { Parameters } from '../../src/model/parameter-access.ts';
import { contextsOf } from '../../src/node/contexts.ts';
import { readExamples } from '../../src/node/files.ts';
import { arrays, safetensorsOf } from './arrays.ts';
import { dictionaries } from './dictionaries.ts';
import { type Target, whole } from './fuzz.ts';
import { images } from './images.ts';
import { namedArrays } from './named-arrays.ts';
import { tables } from './tables.ts';
import { texts } from './texts.ts';

const options = { threads: 1 } as const;
const x = fromRows([
  [0.1, 0.5, 0.9],
  [0.8, 0.2, 0.4],
  [0.3, 0.7, 0.2],
]);

/** A model file as config, preprocessing, record of the data, the rest of the header, and the tensors' bytes. */
function parts(file: Uint8Array): Uint8Array[] {
  const end = 8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const { __metadata__, ...tensors } = JSON.parse(new TextDecoder().decode(file.subarray(8, end)));
  const { config, preprocessing, run, ...rest } = __metadata__;
  const texts = [config, preprocessing, run, JSON.stringify({ rest, tensors })];
  return [...texts.map((text) => new TextEncoder().encode(text)), file.subarray(end)];
}

function modelFileOf(given: readonly Uint8Array[]): Uint8Array {
  const [config, preprocessing, run, others] = given.map((part) => new TextDecoder().decode(part));
  // The rest may not be JSON any more: then it stands as it is, for the reader to refuse.
  const strings = JSON.stringify({ config, preprocessing, run }).slice(1, -1);
  const header = others.replace(
    /^\{"rest":\{(.*?)\},"tensors":\{/,
    `{"__metadata__":{${strings.replaceAll('$', '$$$$')},$1},`,
  );
  return safetensorsOf([new TextEncoder().encode(header.replace(/\}\}$/, '}')), given[4]]);
}

const attachments = {
  preprocessing: [fitPreprocessing({ kind: 'standardize' }, x), fitPreprocessing({ kind: 'zca', epsilon: 0.1 }, x)],
  metadata: { run: '{"data":{"limit":3}}' },
};

function assertFinite(parameters: Parameters): void {
  for (const value of Object.values(parameters)) assert.ok(toFlat(value).every(Number.isFinite));
}

async function models(): Promise<Target[]> {
  const configs = [
    { inputs: 3, hidden: 2 },
    { inputs: 3, hidden: [3, 2], tied: true, precision: 'float64' },
  ] as const;
  const files = [];
  for (const config of configs)
    files.push(await serializeModel(await Autoencoder.create(config, options), attachments));
  const classifier = await Classifier.create({ inputs: 3, hidden: [2], classes: 2 }, options);
  const model: Target<Awaited<ReturnType<typeof deserializeModel>>> = {
    name: 'model file',
    seeds: files.map(parts),
    assemble: modelFileOf,
    read: (bytes) => deserializeModel(bytes, options),
    async check({ model: read, preprocessing, metadata }) {
      assertFinite(await read.parameters());
      const again = await deserializeModel(await serializeModel(read, { preprocessing, metadata }), options);
      assert.equal(await again.model.parameters(), await read.parameters());
      read.dispose();
      again.model.dispose();
    },
  };
  const classifierFile: Target<Awaited<ReturnType<typeof deserializeClassifier>>> = {
    name: 'classifier file',
    seeds: [parts(await serializeClassifier(classifier, attachments))],
    assemble: modelFileOf,
    read: (bytes) => deserializeClassifier(bytes, options),
    async check({ classifier: read }) {
      assertFinite(await read.parameters());
      read.dispose();
    },
  };
  return [model, classifierFile] as Target[];
}

const extensions = [
  '.npy',
  '.csv',
  '.png',
  '.jpg',
  '-ubyte',
  '.f32',
  '.u8',
  '.gz',
  '.csv.gz',
  '.npz',
  '',
  '.txt',
  '.mat',
  '.bin',
  '.webp',
  '.jsonl',
  '.parquet',
  '.arrow',
  '.svm',
];

/** Files on disk, told by content and name: whatever is in them, the error begins with the path. */
function onDisk(folder: string): Target {
  const sources = [...arrays, ...namedArrays, ...images, ...texts, ...tables].filter(
    ({ name }) => !name.endsWith('config'),
  );
  let n = 0;
  return {
    name: 'files by name',
    seeds: sources.flatMap(({ seeds, assemble }) => seeds.map((seed) => [assemble(seed)])),
    assemble: ([bytes]) => bytes,
    async read(bytes) {
      const path = join(folder, `data${extensions[n++ % extensions.length]}`);
      writeFileSync(path, bytes);
      if (n % 50 === 0) writeFileSync(join(folder, 'data.json'), bytes);
      else writeFileSync(join(folder, 'data.json'), `{"dtype":"uint8","shape":[${bytes.length}]}`);
      return readExamples(path).catch((error) => {
        if (error instanceof InputError) assert.ok(error.message.startsWith(folder), error.message);
        throw error;
      });
    },
    check(value) {
      const { x: read } = value as Awaited<ReturnType<typeof readExamples>>;
      assert.is(read.data.length, read.shape[0] * read.shape[1]);
    },
  };
}

/** Contexts beside a shard of five rows: whichever rows are asked for, each has the context of its line. */
function contexts(folder: string): Target {
  const path = join(folder, 'contexts.npy');
  const line = (context: RowContext) => contextLine(context);
  const seeds = [
    [0, 1, 2, 3, 4]
      .map((i) => line({ text: `the ${'cat '.repeat(i)}\u{1f600}`, position: i, length: 2, document: i }))
      .join(''),
    `${line({ token: 'x' })}{}\r\n${line({ text: '' })}{"other":[1,{"a":2}]}\n{"document":"d"}`,
  ];
  return whole<Map<number, RowContext>>({
    name: 'contexts',
    seeds: seeds.map((text) => new TextEncoder().encode(text)),
    read(bytes) {
      writeFileSync(join(folder, 'contexts.jsonl'), bytes);
      return contextsOf([{ path, first: 7, rows: 5 }], [7, 9, 11]).catch((error) => {
        if (error instanceof InputError) assert.ok(error.message.startsWith(folder), error.message);
        throw error;
      });
    },
    check(found, bytes) {
      const lines = new TextDecoder().decode(bytes).split('\n');
      assert.equal([...found.keys()], [7, 9, 11]);
      for (const [row, context] of found) {
        const { text, position, document } = JSON.parse(lines[row - 7]);
        assert.equal([context.text, context.position, context.document], [text, position, document]);
        const { before, marked, after } = shownContext(context) ?? { before: '', marked: '', after: '' };
        assert.ok(before.length <= 62 && after.length <= 33 && (marked.length <= 41 || text === undefined));
        if (text !== undefined && position !== undefined) assert.ok(text.includes(marked));
      }
    },
  }) as Target;
}

/** Every reader, and what cleans up after them. */
export async function allTargets(): Promise<{ targets: Target[]; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'rhohat-fuzz-'));
  const targets = [
    ...[...arrays, ...namedArrays, ...images, ...texts, ...tables],
    ...[...(await models()), ...(await dictionaries()), onDisk(folder), contexts(folder)],
  ];
  return { targets, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
