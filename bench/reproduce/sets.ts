import { type AnyNumbers, matrix, rowRange, type View } from '../../src/array/matrix.ts';
import { elementsOf } from '../../src/array/numbers.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import type { Examples, ImageShape } from '../../src/data/examples.ts';
import { deadLeaves } from '../../src/data/generated/dead-leaves.ts';
import type { DataPlan } from '../../src/data/preprocessing/data-plan.ts';
import { prepare } from '../../src/data/preprocessing/prepare.ts';
import type { Preprocessing } from '../../src/data/preprocessing/preprocessing.ts';
import { loadDataSet, loadLabels } from '../../src/node/data-sets.ts';
import type { Lab, LabelledSample, Sample } from './lab.ts';

/** MNIST: the training images, their first 50,000 to learn from and their last 10,000 to choose by, and the test images. */
export interface Digits {
  readonly all: LabelledSample;
  readonly train: LabelledSample;
  readonly validation: LabelledSample;
  readonly test: LabelledSample;
}

export const DIGIT: ImageShape = { height: 28, width: 28, channels: 1 };
/** Of a quick run: enough for every step to run. */
const QUICK = { train: 600, validation: 200, test: 200 };

/** MNIST, or a small part of it; generated images stand in for it in a quick run without data. */
export async function digits(lab: Lab): Promise<Digits> {
  const [images, test] = await Promise.all(
    ['mnist', 'mnist-test'].map(async (name) => {
      if (lab.quick && !haveData()) return standIn(name);
      const examples = await loadDataSet(name);
      if (examples === undefined) throw new Error(`${name} is no data set`);
      return { x: view(examples), labels: await loadLabels(name) };
    }),
  );
  const range = (name: string, from: Omit<LabelledSample, 'name'>, begin: number, end: number): LabelledSample => ({
    name: `${name} ${begin}–${end - 1}`,
    x: rowRange(from.x, begin, end),
    labels: (from.labels as Uint8Array).subarray(begin, end),
  });
  const m = lab.size(60_000, QUICK.train + QUICK.validation);
  const cut = lab.size(50_000, QUICK.train);
  return {
    all: range('mnist', images, 0, m),
    train: range('mnist', images, 0, cut),
    validation: range('mnist', images, cut, m),
    test: range('mnist-test', test, 0, lab.size(10_000, QUICK.test)),
  };
}

/** The first n examples of a sample. */
export function first<S extends Sample>(sample: S, n: number): S {
  const m = sample.x.shape[0];
  if (n >= m) return sample;
  const labels = (sample as { labels?: ArrayLike<number> }).labels;
  return {
    ...sample,
    name: `${sample.name}, first ${n}`,
    x: rowRange(sample.x, 0, n),
    ...(labels ? { labels: Array.from(labels).slice(0, n) } : {}),
  };
}

/** The images of a sample with one of the labels. */
export function only({ name, x, labels }: LabelledSample, classes: readonly number[]): LabelledSample {
  const rows = Array.from(labels).flatMap((label, i) => (classes.includes(label) ? [i] : []));
  const d = x.shape[1];
  const bytes = new Uint8Array(rows.length * d);
  rows.forEach((row, i) => {
    const { data, offset } = rowRange(x, row, row + 1);
    bytes.set(elementsOf(data).subarray(offset, offset + d), i * d);
  });
  return {
    name: `${name}, digits ${classes.join('')}`,
    x: Object.assign(matrix(bytes, rows.length, d), { unit: x.unit }),
    labels: rows.map((row) => labels[row]),
  };
}

/** Rows begin … end − 1 of a sample. */
export function part({ name, x, labels }: LabelledSample, begin: number, end: number): LabelledSample {
  return {
    name: `${name} [${begin}, ${end})`,
    x: rowRange(x, begin, end),
    labels: Array.from(labels).slice(begin, end),
  };
}

/** Patches or points of a data set, prepared as a run would; generated leaves stand in for missing images. */
export async function prepared(
  lab: Lab,
  source: string,
  plan: DataPlan,
): Promise<Sample & { steps: readonly Preprocessing[]; image?: ImageShape }> {
  const missing = lab.quick && !haveData() && source !== 'swiss-roll';
  const examples = missing ? leaves(source === 'cifar10' ? 3 : 1) : await loadDataSet(source);
  if (examples === undefined) throw new Error(`${source} is no data set`);
  return { name: `${source} ${JSON.stringify(plan)}`, ...prepare([examples], plan, 'float32') };
}

function haveData(): boolean {
  return Boolean(process.env.RHOHAT_DATA);
}

function view({ x, unit }: Examples): View<AnyNumbers> {
  return Object.assign(rowRange(x, 0, x.shape[0]), { unit });
}

/** Ten small pictures, moved and covered with noise: as many labels and pixels as digits have. */
function standIn(name: string): Omit<LabelledSample, 'name'> {
  const m = name === 'mnist' ? QUICK.train + QUICK.validation : QUICK.test;
  const d = DIGIT.height * DIGIT.width;
  const shapes = deadLeaves({ images: 10, size: 28, seed: 7, rMin: 3 }).x;
  const noise = fillUniform(new Float64Array(m * d), { seed: m, stream: stream.swissRoll, counter: 0 });
  const bytes = new Uint8Array(m * d);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < d; j++) {
      const lit = shapes.get(i % 10, j) > shapes.get(i % 10, 400) ? 200 : 0;
      bytes[i * d + j] = noise[i * d + j] < 0.1 ? 255 - lit : lit;
    }
  }
  const x = Object.assign(matrix(bytes, m, d), { unit: 255 });
  return { x, labels: Uint8Array.from({ length: m }, (_, i) => i % 10) };
}

function leaves(channels: number): Examples {
  const { x, unit, image } = deadLeaves({ images: 2, size: 64, seed: 1, rMin: 5 });
  if (channels === 1) return { x, unit, ...(image ? { image } : {}) };
  const [m, d] = x.shape;
  const out = new Float64Array(m * d * channels);
  for (let i = 0; i < out.length; i++) {
    const pixel = Math.floor(i / channels) % d;
    // Each channel sees another corner of the leaves, so that colours differ.
    out[i] = x.get(Math.floor(i / (d * channels)), (pixel + 517 * (i % channels)) % d);
  }
  return { x: matrix(out, m, d * channels), unit, image: { height: 64, width: 64, channels } };
}
