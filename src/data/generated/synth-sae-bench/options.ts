import { assertObject } from '../../../array/argument-check.ts';
import { assertSeed } from '../../../array/random.ts';
import { InputError, show } from '../../../errors.ts';

/** What a benchmark's data are made of. Every default is SynthSAEBench-16k's. */
export interface SynthSaeBenchOptions {
  /** F, how many true features: from 1 to 2²⁰. Default 16,384. */
  readonly features?: number | undefined;
  /** d, the width of an example: from 2 to 2¹⁴. Default 768. */
  readonly width?: number | undefined;
  /** Of everything that is drawn. Default 42; rows are others than those of the published 42, which PyTorch drew. */
  readonly seed?: number | undefined;
  /** Of the base probabilities, which fall with rank^−exponent: from 1e-6. Default 0.5. */
  readonly exponent?: number | undefined;
  /** Base probability of the rarest feature. Default 5e-4. */
  readonly rarest?: number | undefined;
  /** Base probability of the commonest feature, at most 1. Default 0.4. */
  readonly commonest?: number | undefined;
  /** Trees of the hierarchy, over the commonest features; 0: no hierarchy. Default 128. */
  readonly roots?: number | undefined;
  /** Children of a feature above the last level: 1 or more. Default 4. */
  readonly branching?: number | undefined;
  /** Levels below the roots: 0 or more. Default 3. */
  readonly depth?: number | undefined;
  /** Whether one child of a feature at most is on. Default true. */
  readonly exclusive?: boolean | undefined;
  /** Whether probabilities are raised for what the hierarchy takes from them. Default true. */
  readonly compensate?: boolean | undefined;
  /** Whether a child's strength is multiplied by its parent's / the parent's mean. Default true. */
  readonly scaleByParent?: boolean | undefined;
  /** Of the correlation of features: how many factors they share; 0: none, up to 256. Default 25. */
  readonly rank?: number | undefined;
  /** Standard deviation of a feature's share in a factor. Default 0.1. */
  readonly correlation?: number | undefined;
  /** Steps that make directions more orthogonal; 0: they stay random. Default 100. */
  readonly orthogonalSteps?: number | undefined;
  /** Of those steps. Default 3e-4. */
  readonly orthogonalRate?: number | undefined;
  /** Mean strength of the commonest and of the rarest feature, linear between: above 0. Default [5, 4]. */
  readonly means?: readonly [number, number] | undefined;
  /** Mean and standard deviation of the normal whose absolute value is a feature's deviation. Default [0.5, 0.5]. */
  readonly deviations?: readonly [number, number] | undefined;
  /** Length of the vector that is added to every example. Default 0.5. */
  readonly bias?: number | undefined;
  /** Multiplies the matrices of the orthogonal steps: see `Multiply`. Default plain loops, at the full size half an hour. */
  readonly multiply?: Multiply | undefined;
}

/**
 * a·b, (rows, columns), of a (rows, depth) and b (depth, columns), all row-major; where `transposed`, a is (depth, rows) and
 * aᵀ·b is meant. A fast product takes minutes for what plain loops take half an hour for; the directions then differ in
 * rounding.
 */
export type Multiply = (
  a: Float32Array,
  b: Float32Array,
  shape: { readonly rows: number; readonly depth: number; readonly columns: number; readonly transposed: boolean },
) => Float32Array | Promise<Float32Array>;

/** Every option but `multiply`, set. */
export type FullOptions = {
  readonly [K in keyof Omit<SynthSaeBenchOptions, 'multiply'>]-?: NonNullable<SynthSaeBenchOptions[K]>;
};

const DEFAULTS: FullOptions = {
  ...{ features: 16_384, width: 768, seed: 42 },
  ...{ exponent: 0.5, rarest: 5e-4, commonest: 0.4 },
  ...{ roots: 128, branching: 4, depth: 3, exclusive: true, compensate: true, scaleByParent: true },
  ...{ rank: 25, correlation: 0.1, orthogonalSteps: 100, orthogonalRate: 3e-4 },
  ...{ means: [5, 4], deviations: [0.5, 0.5], bias: 0.5 },
};

/** The least and the most of whole numbers. */
const WHOLE = {
  features: [1, 2 ** 20],
  width: [2, 2 ** 14],
  roots: [0, 2 ** 20],
  branching: [1, 2 ** 20],
  depth: [0, 32],
  rank: [0, 256],
  orthogonalSteps: [0, 1e6],
} as const;
/** Of other numbers: the most keeps float32 rows finite. */
const RANGES = {
  exponent: [1e-6, 1e6],
  rarest: [Number.MIN_VALUE, 1],
  commonest: [Number.MIN_VALUE, 1],
  correlation: [0, 1e6],
  orthogonalRate: [0, 1e6],
  bias: [0, 1e6],
} as const;
const PAIRS = { means: [1e-6, 1e6], deviations: [0, 1e6] } as const;
const FLAGS = ['exclusive', 'compensate', 'scaleByParent'] as const;

/** With the defaults. @throws InputError naming the option that makes no sense, or that there is none of that name. */
export function fullOptions(given: SynthSaeBenchOptions): FullOptions {
  assertObject(given, 'options', '{ features: 256, width: 32, roots: 8 }');
  const { multiply, ...named } = given;
  const stray = Object.keys(named).find((key) => !Object.hasOwn(DEFAULTS, key));
  if (stray !== undefined) {
    const keys = [...Object.keys(DEFAULTS), 'multiply'].join(', ');
    throw new InputError(`options.${stray} is not a known key: the keys here are ${keys}`);
  }
  const set = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  const options: FullOptions = { ...DEFAULTS, ...set };
  assertSeed(options.seed);
  for (const [name, [least, most]] of Object.entries(WHOLE)) {
    const value = options[name as keyof typeof WHOLE];
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    throw new InputError(`options.${name} is ${show(value)}: it must be an integer from ${least} to ${most}`);
  }
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = options[name as keyof typeof RANGES];
    if (isWithin(value, least, most)) continue;
    throw new InputError(`options.${name} is ${show(value)}: it must be a number from ${least} to ${most}`);
  }
  for (const [name, [least, most]] of Object.entries(PAIRS)) {
    const pair: unknown = options[name as keyof typeof PAIRS];
    if (Array.isArray(pair) && pair.length === 2 && pair.every((value) => isWithin(value, least, most))) continue;
    throw new InputError(`options.${name} is ${show(pair)}: it must be two numbers from ${least} to ${most}`);
  }
  for (const name of FLAGS) {
    if (typeof options[name] === 'boolean') continue;
    throw new InputError(`options.${name} is ${show(options[name])}: it must be true or false`);
  }
  if (multiply !== undefined && typeof multiply !== 'function') {
    throw new InputError(`options.multiply is ${show(multiply)}: it must be a function that multiplies matrices`);
  }
  const { rarest, commonest } = options;
  if (commonest <= rarest) {
    throw new InputError(`options.commonest is ${commonest}: it must be above options.rarest, ${rarest}`);
  }
  return options;
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}
