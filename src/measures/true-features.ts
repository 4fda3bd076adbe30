import type { AnyNumbers, View } from '../array/matrix.ts';
import { asView, type MatrixLike } from '../array/view-check.ts';
import { InputError } from '../errors.ts';
import { examplesOf } from '../model/examples-check.ts';

/** What the data were made of, where that is known. */
export interface FeaturesLike {
  /** (F, d): the direction of each feature, a row of any length but 0; d is the width of the outputs. */
  readonly directions: MatrixLike;
  /** (m, F): how strongly each feature is in each example, 0 or less where it is not. Without them there is no F1. */
  readonly codes?: MatrixLike | undefined;
}

/** The same of generated data. */
export interface TrueFeatures extends FeaturesLike {
  readonly directions: View<AnyNumbers>;
  readonly codes?: View<AnyNumbers> | undefined;
}

/** As a view. @throws InputError unless it is a matrix of `columns` finite numbers in each of its rows, by default as many as it has. */
export function matrixOf(given: MatrixLike | undefined, name: string, columns?: number): View<AnyNumbers> {
  const view = asView(given as MatrixLike, name, columns);
  return examplesOf(view, name, { columns: columns ?? view.shape[1], precision: 'float64' });
}

/** @throws InputError unless it has as many rows as what it belongs to. */
export function assertRows(view: View<AnyNumbers>, name: string, { shape }: View<AnyNumbers>, other: string): void {
  if (view.shape[0] === shape[0]) return;
  throw new InputError(`${name} has ${view.shape[0]} rows, and ${other} ${shape[0]}: give one for each example`);
}
