import type { AnyNumbers, View } from '../../array/matrix.ts';
import { immoderate, inUnitRange, round, unscaled } from '../../data/preprocessing/column-scale.ts';
import { layerKindNamed } from '../../layers/table.ts';
import { parseConfig, sparsitiesOf } from '../../model/config.ts';
import type { DataSize } from '../../training/dictionaries.ts';
import type { Run } from '../../training/run.ts';
import { anyTyped, optimizerKinds } from '../flags/part-flags.ts';
import { type RunFlags, runFromFlags } from './run-from-flags.ts';
import { scaleOf } from './scale-of.ts';
import { isSized } from './sized-preset.ts';

/** Which parts of a run its user left to the command line, which chooses by the data. */
export interface Open {
  readonly preprocessing: false | 'columns' | 'scale';
  readonly output: boolean;
  readonly optimizer: boolean;
  /** A preset that follows from the data: the run for so many examples of such a length; null for others. */
  readonly sized: ((size: DataSize) => Run) | null;
}

/** A run that is decided: of a config, a preset, or one that goes on. */
export const decided: Open = { preprocessing: false, output: false, optimizer: false, sized: null };

/** A run with what was chosen, as if it had been given, and the flags that would have given it. */
export interface Suited {
  readonly run: Run;
  readonly chosen: readonly string[];
  /** What was measured. */
  readonly measured: string | null;
}

/** Data sets of pixels in [0, 1]: nothing is chosen by them. */
const PIXELS = ['mnist', 'mnist-test', 'olivetti', 'cifar10'];
const OPTIMIZER: readonly (keyof RunFlags)[] = [
  'optimizer',
  'epochs',
  'batchSize',
  'penaltyWarmup',
  'clipNorm',
  'resampleEvery',
];

/** What flags leave open of the run that they make. A kind of model has its outputs and its optimizer. */
export function openParts(run: Run, flags: RunFlags): Open {
  if (isSized(flags)) {
    // A transcoder is not centred: inputs of a large mean are standardized, so that units are not dead at birth.
    const preprocessing = flags.preprocess === undefined && (flags.targetData === undefined ? 'scale' : 'columns');
    return { ...decided, preprocessing, sized: (size) => runFromFlags(run.source, flags, undefined, size) };
  }
  if (flags.preset !== undefined || flags.config !== undefined || PIXELS.includes(run.source)) return decided;
  const config = parseConfig({ ...run.model, inputs: 1 });
  const steps = run.data.preprocessing;
  const builtIn = flags.model === undefined;
  const output =
    builtIn &&
    flags.output === undefined &&
    config.output === 'sigmoid' &&
    config.loss !== 'cross-entropy' &&
    steps?.[steps.length - 1]?.kind !== 'cs294a'; // which ends in [0.1, 0.9]
  const still =
    config.corruption === null && sparsitiesOf(config).every(({ kind }) => layerKindNamed(kind) === undefined);
  return {
    output,
    preprocessing:
      flags.preprocess === undefined &&
      (steps === undefined || steps.every(({ kind }) => kind === 'fill')) &&
      config.center === false &&
      (output || config.output === 'linear') &&
      'columns',
    optimizer:
      builtIn && still && OPTIMIZER.every((flag) => flags[flag] === undefined) && !anyTyped(optimizerKinds, flags),
    sized: null,
  };
}

/** Whether anything is left to choose. */
export function isOpen({ preprocessing, output, sized }: Open): boolean {
  return preprocessing !== false || output || sized !== null;
}

/**
 * Standardization where the raw training examples are no pixels, and far from centred columns of equal, moderate size; for a
 * dictionary, which finds its own centre and goes by directions, one scale for all columns where theirs is not moderate.
 */
export function suitPreprocessing(run: Run, open: Open, raw: View<AnyNumbers>): Suited {
  const as: Suited = { run, chosen: [], measured: null };
  if (!open.preprocessing) return as;
  const scale = scaleOf(raw);
  const problem = open.preprocessing === 'scale' ? immoderate(scale) : unscaled(scale);
  if (problem === null) return as;
  const kind = open.preprocessing === 'scale' ? 'scale' : 'standardize';
  const data: Run['data'] = { ...run.data, preprocessing: [...fillOf(run), { kind }] };
  return { run: { ...run, data }, chosen: [`--preprocess ${kind}`], measured: problem };
}

/** The step that fills gaps, which is the first, or none. */
const fillOf = ({ data }: Run) => (data.preprocessing ?? []).filter(({ kind }) => kind === 'fill');

const FEW_STEPS = 2000;
const SMALL = 2 ** 18; // numbers that 400 iterations of L-BFGS go through in seconds

/**
 * Linear outputs where the training examples, preprocessed, are no pixels; for few of them L-BFGS instead of few steps. A preset
 * that follows from the data is given their size: x or, where x is a sample, `rows` of its length.
 */
export function suitModel(suited: Suited, open: Open, x: View<AnyNumbers>, rows = x.shape[0]): Suited {
  const { run, chosen, measured } = suited;
  if (open.sized !== null) {
    const { deviation } = scaleOf(x);
    return { ...suited, run: { ...open.sized({ rows, inputs: x.shape[1], deviation }), data: run.data } };
  }
  if (!open.output) return { run, chosen, measured };
  const { range } = scaleOf(x);
  if (inUnitRange(range)) return { run, chosen, measured };
  const [m, d] = x.shape;
  const { epochs = 0, batchSize = m } = run.fit;
  const few = open.optimizer && epochs * Math.ceil(m / batchSize) < FEW_STEPS && m * d <= SMALL;
  const optimizer = { kind: 'lbfgs', iterations: 400 } as const;
  return {
    run: {
      ...run,
      model: { ...run.model, output: 'linear' },
      fit: few ? { optimizer, ...(run.fit.seed === undefined ? {} : { seed: run.fit.seed }) } : run.fit,
    },
    chosen: [...chosen, '--output linear', ...(few ? ['--optimizer lbfgs'] : [])],
    measured: measured ?? `the data go from ${round(range[0])} to ${round(range[1])}`,
  };
}

/** One line that says what was measured and chosen, and how to decide otherwise; null where nothing was chosen. */
export function suitNote({ chosen, measured }: Suited): string | null {
  if (measured === null || chosen.length === 0) return null;
  const instead = [
    chosen.some((flag) => flag.startsWith('--preprocess')) && '--preprocess none',
    chosen.includes('--output linear') && '--output sigmoid',
    chosen.includes('--optimizer lbfgs') && '--optimizer adam',
  ].filter(Boolean);
  return `${measured}, so the run has ${chosen.join(' ')}; decide otherwise with ${instead.join(', ')}`;
}
