import type { AnyNumbers, View } from '../../array/matrix.ts';
import { numberAt } from '../../array/numbers.ts';
import { type Examples, type ImageShape, toGray } from '../../data/examples.ts';
import type { CsvOptions } from '../../data/formats/csv-columns.ts';
import { deadLeaves } from '../../data/generated/dead-leaves.ts';
import { swissRoll, swissRollAngles } from '../../data/generated/swiss-roll.ts';
import { prepare } from '../../data/preprocessing/prepare.ts';
import type { Preprocessing, PreprocessingSpec } from '../../data/preprocessing/preprocessing.ts';
import { InputError } from '../../errors.ts';
import { literal } from './literal.ts';
import type { Settings } from './settings.ts';

/** How an example is looked at. */
export type Look =
  | { readonly kind: 'image'; readonly image: ImageShape }
  | { readonly kind: 'roll'; readonly angles: Float64Array }
  | { readonly kind: 'table'; readonly columns: readonly string[] };

/** A data set as a model sees it. */
export interface DataSet {
  readonly x: View<AnyNumbers>;
  readonly steps: readonly Preprocessing[];
  readonly look: Look;
  /** Columns that are the same in every example: what weighs them has nothing to do with the data. */
  readonly still: readonly number[];
  /** What it is, in a line. */
  readonly read: string;
  /** The lines that make x and steps in Node. */
  readonly code: DataCode;
}

/** Lines of a program that make the same data. */
export interface DataCode {
  readonly imports: readonly string[];
  readonly lines: readonly string[];
}

/** What somebody dropped: images of their own, or a table. */
export type OwnData =
  | {
      readonly kind: 'images';
      readonly images: readonly Examples[];
      readonly names: readonly string[];
      /** Whether a decoder other than the browser's gives the same bytes. */
      readonly plain: boolean;
    }
  | { readonly kind: 'table'; readonly bytes: Uint8Array; readonly name: string };

/** Where data come from that are not generated. */
export interface DataSources {
  /** Of the digits' file. */
  digits(): Promise<Uint8Array>;
  readonly own: OwnData | null;
}

const SIZE = 8;
const PATCHES = 2000;
const POINTS = 2000;
const LEAVES = { images: 6, size: 128, seed: 1 };
const DIGIT: ImageShape = { height: SIZE, width: SIZE, channels: 1 };

/** The data of the settings. @throws InputError for files that make no sense. */
export async function loadData(settings: Settings, sources: DataSources): Promise<DataSet> {
  const { data } = settings;
  if (data === 'digits') return digits(await sources.digits());
  if (data === 'swiss-roll') return roll();
  if (data === 'dead-leaves') return patches([deadLeaves(LEAVES)], settings, leavesCode);
  const { own } = sources;
  if (own === null) throw new InputError('there are no data of your own yet: drop images or a CSV file on the page');
  if (own.kind === 'table') return table(own.bytes, own.name);
  return patches(own.images.map(toGray), settings, imagesCode(own));
}

const leavesCode = {
  imports: ["import { deadLeaves, prepare } from 'rhohat/data';"],
  lines: [`const images = [deadLeaves(${literal(LEAVES)})];`],
};

function imagesCode({ names, plain }: Extract<OwnData, { kind: 'images' }>): DataCode {
  return {
    imports: [
      "import { readFile } from 'node:fs/promises';",
      "import { imageExample, prepare, toGray } from 'rhohat/data';",
    ],
    lines: [
      ...(plain
        ? []
        : [
            '// The browser drew what is no opaque PNG of 8 bits and at most 1024 pixels a side: from here come other bits, and of',
            '// what is neither PNG nor JPEG none: convert it.',
          ]),
      `const files = ${literal(names)};`,
      'const images = await Promise.all(files.map(async (file) => toGray(imageExample(await readFile(file)))));',
    ],
  };
}

/** Patches of images: whitened, or each less its mean and of one contrast. */
function patches(images: readonly Examples[], { whiten }: Settings, { imports, lines }: DataCode): DataSet {
  const plan = {
    patches: { size: SIZE, count: PATCHES, seed: 1 },
    preprocessing: [
      whiten ? { kind: 'zca', epsilon: 0.1 } : { kind: 'contrast', epsilon: 0.001 },
    ] as readonly PreprocessingSpec[],
  };
  const { x, steps, image, read } = prepare(images, plan, 'float32');
  if (image === undefined) throw new InputError('the images have no shape');
  const code = [...lines, `const { x, steps } = prepare(images, ${literal(plan)}, 'float32');`];
  return { x, steps, still: [], look: { kind: 'image', image }, read, code: { imports, lines: code } };
}

/** Loaded where a table is read. */
const csv = () => import('../../data/formats/csv.ts');

/** 1,797 digits of 8×8 pixels from 0 to 16, a label behind them. [Alpaydin & Kaynak 1998, UCI; CC BY 4.0] */
async function digits(bytes: Uint8Array): Promise<DataSet> {
  const [{ csvExamples }, { gunzip }] = await Promise.all([csv(), import('../../data/formats/gzip.ts')]);
  const columns = Array.from({ length: SIZE * SIZE }, (_, i) => i + 1);
  const examples = { ...csvExamples(await gunzip(bytes, 2 ** 24), { columns }), unit: 16, image: DIGIT };
  const { x, steps } = prepare([examples], { preprocessing: [{ kind: 'scale' }] }, 'float32');
  return {
    x,
    steps,
    still: stillColumns(x),
    look: { kind: 'image', image: DIGIT },
    read: `${x.shape[0]} handwritten digits of 8×8 pixels, whose source stands below`,
    code: {
      imports: [
        "import { readFile } from 'node:fs/promises';",
        "import { csvExamples, gunzip, prepare } from 'rhohat/data';",
      ],
      lines: [
        'const columns = Array.from({ length: 64 }, (_, i) => i + 1); // the last one is the label',
        "const bytes = await gunzip(await readFile('digits.csv.gz'), 2 ** 24); // this site's file of that name",
        'const digits = { ...csvExamples(bytes, { columns }), unit: 16, image: { height: 8, width: 8, channels: 1 } };',
        "const { x, steps } = prepare([digits], { preprocessing: [{ kind: 'scale' }] }, 'float32');",
      ],
    },
  };
}

function roll(): DataSet {
  const options = { examples: POINTS, seed: 1, noise: 0.3 };
  const preprocessing = [{ kind: 'scale' }] as const;
  const { x, steps } = prepare([swissRoll(options)], { preprocessing }, 'float32');
  return {
    x,
    steps,
    still: stillColumns(x),
    look: { kind: 'roll', angles: swissRollAngles(options) },
    read: `${POINTS} points on a rolled sheet in space`,
    code: {
      imports: ["import { prepare, swissRoll } from 'rhohat/data';"],
      lines: [
        `const points = swissRoll(${literal(options)});`,
        "const { x, steps } = prepare([points], { preprocessing: [{ kind: 'scale' }] }, 'float32');",
      ],
    },
  };
}

async function table(bytes: Uint8Array, name: string): Promise<DataSet> {
  const { csvExamples } = await csv();
  const read = (options: CsvOptions) => csvExamples(bytes, options);
  const commas = { decimal: ',' } as const;
  const [examples, options] = (() => {
    try {
      return [read({}), ''];
    } catch (error) {
      try {
        return [read(commas), `, ${literal(commas)}`];
      } catch {
        throw error; // of the table as it is more often
      }
    }
  })();
  const { x, steps } = prepare([examples], { preprocessing: [{ kind: 'standardize' }] }, 'float32');
  const [m, d] = x.shape;
  const columns = examples.columns ?? Array.from({ length: d }, (_, j) => `column ${j + 1}`);
  return {
    x,
    steps,
    still: stillColumns(x),
    look: { kind: 'table', columns },
    read: `${m} rows of ${d} columns, each less its mean and over its standard deviation`,
    code: {
      imports: ["import { readFile } from 'node:fs/promises';", "import { csvExamples, prepare } from 'rhohat/data';"],
      lines: [
        `const table = csvExamples(await readFile(${literal(name)})${options});`,
        "const { x, steps } = prepare([table], { preprocessing: [{ kind: 'standardize' }] }, 'float32');",
      ],
    },
  };
}

/** Columns of x (m, d) in which all m numbers are the same. */
function stillColumns({ data, shape: [m, d], stride, offset }: View<AnyNumbers>): number[] {
  const at = (i: number, j: number) => numberAt(data, offset + i * stride[0] + j * stride[1]);
  const isStill = (j: number) => {
    for (let i = 1; i < m; i++) if (at(i, j) !== at(0, j)) return false;
    return true;
  };
  return Array.from({ length: d }, (_, j) => j).filter(isStill);
}
