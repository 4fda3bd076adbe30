import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { matrix } from '../../src/array/matrix.ts';
import { fillNormal, fillUniform, stream } from '../../src/array/random.ts';
import { InputError } from '../../src/errors.ts';
import type { TrueFeatures } from '../../src/measures/true-features.ts';
import { kindOfPath } from '../../src/node/read-bytes.ts';
import { readJson } from '../../src/node/read-json.ts';
import type { Lab, Sample } from './lab.ts';

/** Data made of known features: rows to learn from, and rows to measure on with what they were made of. */
export interface Toy {
  readonly train: Sample;
  readonly evaluation: Sample;
  readonly features: TrueFeatures;
}

export const TOYS = ['sharkey', 'mini'] as const;
export type ToyName = (typeof TOYS)[number];

/** Mean, least and largest of three seeds. */
export interface Spread {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** A line of reference.json. */
export interface ReferenceRow {
  readonly toy: string;
  readonly method: string;
  readonly options: object;
  readonly L0: Spread;
  readonly EV: Spread;
  readonly MCC: Spread;
  readonly MMCS: Spread;
  readonly F1: Spread;
  readonly uniqueness: Spread;
  readonly dead: Spread;
}

/** What toy.mjs exports. */
interface Maker {
  readonly toys: Readonly<Record<ToyName, () => Source>>;
  rows(toy: Source, start: number, count: number): { x: Float32Array; codes: Float32Array };
}

interface Source {
  /** F unit rows. */
  readonly F: readonly Float64Array[];
}

const WIDTH = 64;
const EVALUATION = 1_000_000; // the row at which it begins
const FULL = { train: 65_536, evaluation: 16_384 };
const QUICK = { train: 2048, evaluation: 512 };

export interface Toys {
  readonly of: Readonly<Record<ToyName, Toy>>;
  /** null where there is none, as for the stand-in of a quick run. */
  readonly reference: readonly ReferenceRow[] | null;
}

/**
 * Both toys and the reference, made by RHOHAT_DATA's toys/toy.mjs; null, and said, where that is not there. A quick run
 * without RHOHAT_DATA has a stand-in.
 * @throws InputError where a full run's data are not those of toy.json.
 */
export async function loadToys(lab: Lab): Promise<Toys | null> {
  const folder = process.env.RHOHAT_DATA;
  if (!folder && lab.quick) return { of: { sharkey: standIn(1), mini: standIn(2) }, reference: null };
  const at = (file: string) => resolve(folder ?? '', 'toys', file);
  if (!folder || (await kindOfPath(at('toy.mjs'))) !== 'file') {
    const missing = folder ? `there is no ${at('toy.mjs')}` : 'no data folder is known';
    lab.say(`  skipped: ${missing}: set RHOHAT_DATA to a folder that holds toys/toy.mjs, or use --quick`);
    return null;
  }
  const maker: Maker = await import(pathToFileURL(at('toy.mjs')).href);
  const digests = (await readJson(at('toy.json'))) as Record<string, string>;
  const reference = (await readJson(at('reference.json'))) as { rows: ReferenceRow[] };
  const made = TOYS.map((name) => [name, make(lab, maker, name, digests)] as const);
  return { of: Object.fromEntries(made) as Record<ToyName, Toy>, reference: reference.rows };
}

function make(lab: Lab, maker: Maker, name: ToyName, digests: Readonly<Record<string, string>>): Toy {
  const { train, evaluation } = lab.size(FULL, QUICK);
  const source = maker.toys[name]();
  const directions = Float32Array.from(source.F.flatMap((row) => [...row]));
  const learn = maker.rows(source, 0, train).x;
  const { x, codes } = maker.rows(source, EVALUATION, evaluation);
  const files = { train: learn, eval: x, 'eval-codes': codes, features: directions };
  for (const [file, numbers] of Object.entries(lab.quick ? {} : files)) {
    const digest = createHash('sha256').update(new Uint8Array(numbers.buffer)).digest('hex');
    if (digest === digests[`${name}-${file}.f32`]) continue;
    throw new InputError(`toys/toy.mjs makes other numbers of ${name}-${file}.f32 than toys/toy.json names: ${digest}`);
  }
  return toy(name, { learn, x, codes, directions });
}

/** 128 random directions, about four of them in an example. */
function standIn(seed: number): Toy {
  const features = 128;
  const count = QUICK.train + QUICK.evaluation;
  const draw = (counter: number) => ({ seed, stream: stream.testing, counter });
  const directions = fillNormal(new Float32Array(features * WIDTH), draw(0), 0, 1 / Math.sqrt(WIDTH));
  const strengths = fillUniform(new Float32Array(count * features), draw(1), 1 - features / 4, 1);
  const codes = strengths.map((value) => Math.max(0, value));
  const all = new Float32Array(count * WIDTH);
  codes.forEach((value, p) => {
    if (value === 0) return;
    const [row, i] = [Math.floor(p / features), p % features];
    for (let j = 0; j < WIDTH; j++) all[row * WIDTH + j] += value * directions[i * WIDTH + j];
  });
  const learn = all.subarray(0, QUICK.train * WIDTH);
  const x = all.subarray(QUICK.train * WIDTH);
  return toy(`stand-in ${seed}`, { learn, x, codes: codes.slice(QUICK.train * features), directions });
}

function toy(
  name: string,
  { learn, x, codes, directions }: Readonly<Record<'learn' | 'x' | 'codes' | 'directions', Float32Array>>,
): Toy {
  const rowsOf = (data: Float32Array, columns = WIDTH) => matrix(data, data.length / columns, columns);
  const sample = (data: Float32Array, begin: number): Sample => {
    const view = rowsOf(data);
    return { name: `toy ${name} ${begin}–${begin + view.shape[0] - 1}`, x: view };
  };
  return {
    train: sample(learn, 0),
    evaluation: sample(x, EVALUATION),
    features: { directions: rowsOf(directions), codes: rowsOf(codes, directions.length / WIDTH) },
  };
}
