import {
  type AnyNumbers,
  type Matrix,
  matrix,
  type Numbers,
  type Precision,
  rowRange,
  toFlat,
  type View,
  zeros,
} from '../../array/matrix.ts';
import { isNarrowFloat } from '../../array/type-of.ts';
import { asView, type MatrixLike } from '../../array/view-check.ts';
import { InputError, show } from '../../errors.ts';
import { refuseNonFinite } from '../finite.ts';
import { applyConstantNorm, type ConstantNorm } from './constant-norm.ts';
import { applyContrast, type Contrast, fitContrast } from './contrast.ts';
import { applyCs294a, type Cs294a, fitCs294a } from './cs294a.ts';
import { applyFill, type Fill, type FillSpec, fitFill } from './fill.ts';
import { applyLayerNorm, fitLayerNorm, type LayerNorm, type LayerNormSpec } from './layer-norm.ts';
import { applyScale, fitScale, type Scale } from './scale.ts';
import { applyStandardize, fitStandardize, type Standardize } from './standardize.ts';
import { applyWhitening, fitWhitening, unwhitenFilters, type Whitening, type WhiteningSpec } from './whitening.ts';

/** What a step shall do, before it has seen data. */
export type PreprocessingSpec =
  | {
      /** Of each patch its mean off, cut at three standard deviations of all entries, then to [0.1, 0.9]. */
      readonly kind: 'cs294a';
    }
  | {
      /** Each column less its mean, over its standard deviation. */
      readonly kind: 'standardize';
    }
  | {
      /** All columns over the root mean square of their standard deviations. */
      readonly kind: 'scale';
    }
  | Contrast
  | LayerNormSpec
  | ConstantNorm
  | WhiteningSpec
  | FillSpec;

/** A fitted step is plain data: what it learnt from the training set, to be applied to any other. */
export type Preprocessing = Cs294a | Standardize | Scale | Contrast | LayerNorm | ConstantNorm | Whitening | Fill;

/** x as a view. Throws InputError unless it has rows and columns, all finite, or gaps where they are filled. */
function checkedData(given: MatrixLike, gaps = false): View<AnyNumbers> {
  const x = asView(given, 'x');
  const [m, d] = x.shape;
  if (x.shape.length !== 2 || m < 1 || d < 1) {
    throw new InputError(
      `preprocessing: the data's shape is (${x.shape.join(', ')}): give a matrix (m, d), an example a row`,
    );
  }
  refuseNonFinite(x, 'preprocessing', undefined, gaps);
  return x;
}

/** Float32 stays, and floats of two bytes become it; all else becomes float64. */
export function precisionOf(x: View<AnyNumbers>): Precision {
  return isNarrowFloat(x.data) ? 'float32' : 'float64';
}

/** Throws InputError when a fitted step expects another number of columns. */
function checkColumns(what: string, given: number, expected: number): void {
  if (given !== expected) {
    throw new InputError(
      `${what} has ${given} columns, the preprocessing was fitted for ${expected}: give data of that width`,
    );
  }
}

/**
 * Fits one step to x: (m, d). A chain is fitted step by step, each to what the steps before it give.
 * Throws InputError on unknown kinds, on entries that are not finite, and where the data leave a step undefined.
 */
export function fitPreprocessing(spec: PreprocessingSpec, data: MatrixLike): Preprocessing {
  assertSpec(spec, 'spec');
  const x = checkedData(data, spec.kind === 'fill');
  switch (spec.kind) {
    case 'cs294a':
      return fitCs294a(x);
    case 'standardize':
      return fitStandardize(x);
    case 'scale':
      return fitScale(x);
    case 'fill':
      return fitFill(spec, x);
    case 'contrast':
      return fitContrast(spec, x);
    case 'layer-norm':
      return fitLayerNorm(spec, x);
    case 'constant-norm':
      return { kind: 'constant-norm' };
    case 'zca':
    case 'pca':
      return fitWhitening(spec, x);
  }
}

const kinds: readonly unknown[] = [
  'cs294a',
  'standardize',
  'scale',
  'contrast',
  'layer-norm',
  'constant-norm',
  'zca',
  'pca',
  'fill',
];

/** For callers without types: a step by its name alone, or of an unknown kind. @throws InputError */
export function assertSpec(spec: PreprocessingSpec, name: string): void {
  if (kinds.includes(spec?.kind)) return;
  throw new InputError(
    `${name} is ${show(spec)}: a step is an object such as { kind: 'standardize' }, of the kind ${kinds.join(', ')}`,
  );
}

const BLOCK = 256; // rows that go through all steps together: no step looks beyond its row

/**
 * The steps applied in order to x: (m, d); a new matrix. With a `precision` all is computed in float64 and rounded to it
 * at the end, without it in x's own (float64 for integers). Needs no memory but the result's. Throws InputError on other
 * widths and NaN.
 */
export function applyPreprocessing(steps: readonly Preprocessing[], data: MatrixLike, precision?: Precision): Matrix {
  const x = checkedData(data, steps[0]?.kind === 'fill');
  const [m, d] = x.shape;
  const width = widthAfter(steps, d);
  const own = precisionOf(x);
  const out = zeros(m * width, precision ?? own);
  for (let begin = 0; begin < m; begin += BLOCK) {
    const block = rowRange(x, begin, Math.min(begin + BLOCK, m));
    out.set(applyAll(steps, block, precision === undefined ? own : 'float64'), begin * width);
  }
  const result = matrix(out, m, width);
  refuseNonFinite(result, 'preprocessing result');
  return result;
}

/** How many columns the steps make of d. Throws InputError where one was fitted for another number. */
export function widthAfter(steps: readonly Preprocessing[], d: number): number {
  return steps.reduce((columns, step) => {
    if ('mean' in step) checkColumns('the data', columns, step.mean.shape[0]);
    if ('values' in step) checkColumns('the data', columns, step.values.shape[0]);
    return 'transform' in step ? step.transform.shape[0] : columns;
  }, d);
}

/** The steps applied to a few rows, row-major; every intermediate result has the precision. */
function applyAll(steps: readonly Preprocessing[], x: View<AnyNumbers>, precision: Precision): Numbers {
  const [m, d] = x.shape;
  let current: Matrix = matrix(toFlat(x, zeros(m * d, precision)), m, d);
  for (const step of steps) {
    const outputs = 'transform' in step ? step.transform.shape[0] : current.shape[1];
    const out = zeros(m * outputs, precision);
    if (step.kind === 'cs294a') applyCs294a(step, current, out);
    else if (step.kind === 'standardize') applyStandardize(step, current, out);
    else if (step.kind === 'scale') applyScale(step, current, out);
    else if (step.kind === 'fill') applyFill(step, current, out);
    else if (step.kind === 'contrast') applyContrast(step, current, out);
    else if (step.kind === 'layer-norm') applyLayerNorm(step, current, out);
    else if (step.kind === 'constant-norm') applyConstantNorm(current, out);
    else applyWhitening(step, current, out);
    current = matrix(out, m, outputs);
  }
  return current.data;
}

/**
 * Encoder rows W: (h, inputs after the steps) as pictures over the input's pixels: W·transform through zca and pca;
 * the other steps leave pixels in their place and W as it is. A new matrix of W's precision.
 */
export function displayFilters(steps: readonly Preprocessing[], w: Matrix): Matrix {
  const [h, inputs] = w.shape;
  let current: Matrix = matrix(toFlat(w), h, inputs);
  for (const step of [...steps].reverse()) {
    if (step.kind === 'zca' || step.kind === 'pca') {
      checkColumns('the encoder', current.shape[1], step.transform.shape[0]);
      const d = step.transform.shape[1];
      const out = zeros(h * d, precisionOf(w));
      unwhitenFilters(step, current, out);
      current = matrix(out, h, d);
    }
  }
  return current;
}
