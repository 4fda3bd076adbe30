import type { AnyNumbers, View } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { assertExamples } from '../model/examples-check.ts';

/** What the data were made of, where that is known: of toys. */
export interface TrueFeatures {
  /** (F, d): the direction of each feature, a row of any length but 0; d is the width of the outputs. */
  readonly directions: View<AnyNumbers>;
  /** (m, F): how strongly each feature is in each example, 0 or less where it is not. Without them there is no F1. */
  readonly codes?: View<AnyNumbers>;
}

/** @throws InputError unless the view is a matrix of `columns` finite numbers in each of its rows. */
export function assertMatrix(view: View<AnyNumbers>, name: string, columns = view?.shape?.[1] ?? 'd'): void {
  assertExamples(view, name, { columns: columns as number, precision: 'float64' });
}

/** @throws InputError unless it has as many rows as what it belongs to. */
export function assertRows(view: View<AnyNumbers>, name: string, { shape }: View<AnyNumbers>, other: string): void {
  if (view.shape[0] === shape[0]) return;
  throw new InputError(`${name} has ${view.shape[0]} rows, and ${other} ${shape[0]}: give one for each example`);
}
