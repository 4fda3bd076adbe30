import { assertObject } from '../array/argument-check.ts';
import type { AnyNumbers, View } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import type { Activity } from './activity.ts';
import { DetectionCounter } from './detection.ts';
import { match } from './matching.ts';
import { type Recovery, recovery } from './recovery.ts';
import { rowReader } from './row-chunks.ts';
import type { Tally } from './tally.ts';
import { assertRows, type FeaturesLike, matrixOf } from './true-features.ts';

/** Compares a model with the true features while its codes come, some examples at a time. */
export interface KnownFeatures {
  readonly tallies: readonly Tally[];
  /** `begin`: the first of the examples. */
  add(activity: Activity, begin: number): void;
  result(): Recovery;
}

/**
 * Matches the model's decoder rows with the features of the examples x (m, d).
 * @throws InputError where the features fit neither the model's outputs nor x, or the model has several hidden layers.
 */
export async function knownFeatures(
  model: Autoencoder,
  x: View<AnyNumbers>,
  outputs: number,
  given: FeaturesLike,
): Promise<KnownFeatures> {
  assertObject(given, 'options.features', '{ directions, codes }');
  const { hidden } = model.config;
  if (hidden.length > 1) {
    throw new InputError(
      `options.features is given for a model of ${hidden.length} hidden layers, whose codes have no row each in the outputs: leave it out`,
    );
  }
  const name = 'options.features.directions';
  const directions = matrixOf(given.directions, name, outputs);
  const features = directions.shape[0];
  const codes = given.codes && matrixOf(given.codes, 'options.features.codes', features);
  if (codes !== undefined) assertRows(codes, 'options.features.codes', x, 'x');
  const { layers } = model.engine.spec;
  const decoder = (await model.parameters())[layers[layers.length - 1].weight];
  const matching = await match(decoder, directions, name);
  const counter = new DetectionCounter(matching.best, features);
  const truth = codes && rowReader(codes, 'float64');
  return {
    tallies: [counter.tally],
    add(activity, begin) {
      if (truth !== undefined) counter.add(activity, truth(begin, begin + activity.examples));
    },
    result: () => recovery(matching, truth === undefined ? null : counter.result()),
  };
}
