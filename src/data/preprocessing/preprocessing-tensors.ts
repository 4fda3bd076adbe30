import { type Matrix, matrix, toFlat, type Vector, vector } from '../../array/matrix.ts';
import { InputError, show } from '../../errors.ts';
import type { Tensor } from '../formats/tensor.ts';
import { type Fill, fillWays } from './fill.ts';
import type { Preprocessing } from './preprocessing.ts';

/** One step in JSON; its arrays are tensors named preprocessing.<index>.<field>. */
export type PreprocessingJson =
  | { readonly kind: 'cs294a'; readonly limit: number }
  | { readonly kind: 'zca' | 'pca' | 'contrast' | 'layer-norm'; readonly epsilon: number }
  | { readonly kind: 'standardize' | 'constant-norm' }
  | { readonly kind: 'scale'; readonly deviation: number }
  | { readonly kind: 'fill'; readonly by: Fill['by'] };

/** Kinds that are one number. */
const numbers = new Map<unknown, string>([
  ['cs294a', 'limit'],
  ['contrast', 'epsilon'],
  ['layer-norm', 'epsilon'],
  ['scale', 'deviation'],
]);
const LIMIT_STEPS = 100;
const tensorName = (index: number, field: string) => `preprocessing.${index}.${field}`;

/** Fitted steps as what a model file carries: a JSON list and float64 tensors. */
export function preprocessingToTensors(steps: readonly Preprocessing[]): {
  json: PreprocessingJson[];
  tensors: Map<string, Tensor>;
} {
  const tensors = new Map<string, Tensor>();
  const json = steps.map((step, index): PreprocessingJson => {
    assertFitted(step, index);
    const { kind, ...fields } = step;
    const others: Record<string, unknown> = {};
    for (const [field, value] of Object.entries(fields)) {
      if (typeof value === 'object') tensors.set(tensorName(index, field), { shape: value.shape, data: toFlat(value) });
      else others[field] = value;
    }
    return { kind, ...others } as PreprocessingJson;
  });
  return { json, tensors };
}

/** For callers without types: a file with options in the place of what was fitted could not be read again. */
function assertFitted(step: Preprocessing, index: number): void {
  if (step?.kind === 'constant-norm') return;
  const { kind, ...fields } = (step ?? {}) as object as Record<string, unknown>;
  const fitted = fields[numbers.get(kind) ?? (kind === 'fill' ? 'values' : 'mean')];
  if (fitted !== undefined) return;
  throw new InputError(
    `preprocessing.${index} is ${show(step)}, which is not fitted: pass the steps that prepare or fitPreprocessing gave`,
  );
}

/** A float64 tensor of the given rank, all finite. */
function take(tensors: ReadonlyMap<string, Tensor>, name: string, rank: number): Tensor & { data: Float64Array } {
  const tensor = tensors.get(name);
  if (!tensor) throw new InputError(`saved preprocessing: the tensor ${name} is missing: the file is damaged`);
  const { shape, data } = tensor;
  if (!(data instanceof Float64Array) || shape.length !== rank || !data.every(Number.isFinite)) {
    throw new InputError(`saved preprocessing: the tensor ${name} must hold finite float64 numbers of rank ${rank}`);
  }
  return { shape, data };
}

function takeVector(tensors: ReadonlyMap<string, Tensor>, name: string): Vector<Float64Array> {
  return vector(take(tensors, name, 1).data);
}

function takeMatrix(tensors: ReadonlyMap<string, Tensor>, name: string): Matrix<Float64Array> {
  const { shape, data } = take(tensors, name, 2);
  return matrix(data, shape[0], shape[1]);
}

/** A saved number, checked. */
function takeNumber(value: unknown, name: string, allowed: (value: number) => boolean, what: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && allowed(value)) return value;
  throw new InputError(`saved preprocessing: ${name} is ${show(value)}: it must be a finite number ${what}`);
}

/** Throws InputError unless both arrays of a step have one width. */
function checkWidths(index: number, mean: number, other: number): void {
  if (mean !== other) {
    throw new InputError(`saved preprocessing: step ${index} has a mean of ${mean} columns beside arrays of ${other}`);
  }
}

/** The steps that `preprocessingToTensors` split. Throws InputError, naming what is wrong, on anything else. */
export function preprocessingFromTensors(json: unknown, tensors: ReadonlyMap<string, Tensor>): Preprocessing[] {
  if (!Array.isArray(json) || json.length > LIMIT_STEPS) {
    throw new InputError(`saved preprocessing: it must be a list of steps, at most ${LIMIT_STEPS}`);
  }
  return json.map((saved: unknown, index): Preprocessing => {
    const { kind, epsilon, by } = (saved ?? {}) as Record<string, unknown>;
    if (kind === 'constant-norm') return { kind };
    const field = numbers.get(kind);
    if (field !== undefined) {
      const value = (saved as Record<string, unknown>)[field];
      return { kind, [field]: takeNumber(value, field, (n) => n > 0, 'above 0') } as unknown as Preprocessing;
    }
    if (kind === 'standardize') {
      const mean = takeVector(tensors, tensorName(index, 'mean'));
      const deviation = takeVector(tensors, tensorName(index, 'deviation'));
      checkWidths(index, mean.shape[0], deviation.shape[0]);
      if (!deviation.data.every((value) => value > 0)) {
        throw new InputError(`saved preprocessing: step ${index} has a deviation that is not above 0`);
      }
      return { kind, mean, deviation };
    }
    const way = fillWays.find((each) => kind === 'fill' && each === by);
    if (way) return { kind: 'fill', by: way, values: takeVector(tensors, tensorName(index, 'values')) };
    if (kind === 'zca' || kind === 'pca') {
      const mean = takeVector(tensors, tensorName(index, 'mean'));
      const transform = takeMatrix(tensors, tensorName(index, 'transform'));
      checkWidths(index, mean.shape[0], transform.shape[1]);
      return { kind, epsilon: takeNumber(epsilon, 'epsilon', (value) => value >= 0, 'of at least 0'), mean, transform };
    }
    throw new InputError(`saved preprocessing: step ${index} is of kind ${show(kind)}: the file is damaged`);
  });
}
