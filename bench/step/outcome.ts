import { type Matrix, type Numbers, rowRange, toFlat } from '../../src/array/matrix.ts';
import { type Autoencoder, fit } from '../../src/index.ts';
import { fitOptions, type Setting } from './settings.ts';

/** Every subject first takes so many steps on the first batch. */
export const STEPS = 3;

/** What those steps did: the cost before each, and θ after the last, flat in the order of our parameters. */
export interface Outcome {
  readonly costs: ArrayLike<number>;
  readonly theta: ArrayLike<number>;
}

/** Bounds of relative errors against float64. Rounding may let another unit survive a k-sparse layer, and θ follows. */
const TOLERANCES = {
  kl: { cost: 1e-5, movement: 1e-4 },
  'k-sparse': { cost: 1e-4, movement: 3e-2 },
} as const;

export const CHECKED =
  `the costs of the first ${STEPS} steps on one batch, and where they move θ to, agree with ours in float64 on reference ` +
  `kernels: costs to ${TOLERANCES.kl.cost}, the movement of θ to ${TOLERANCES.kl.movement} in relative norm (k-sparse: ` +
  `${TOLERANCES['k-sparse'].cost} and ${TOLERANCES['k-sparse'].movement}, as rounding may choose another survivor; costs of TensorFlow.js: 0.0001, of jax-js: 0.001), before timing`;

/** θ as one vector. */
export async function thetaOf(model: Autoencoder): Promise<number[]> {
  return Object.values(await model.parameters()).flatMap((p) => Array.from<number>(toFlat<Numbers>(p)));
}

/** The first steps of one of our models, by the public `fit`. */
export async function firstSteps(model: Autoencoder, x: Matrix, setting: Setting): Promise<Outcome> {
  const { history } = await fit(model, rowRange(x, 0, setting.batch), fitOptions(setting, STEPS));
  return { costs: history.map(({ cost }) => cost), theta: await thetaOf(model) };
}

/** Throws unless costs and movement agree with the reference's. */
export function assertOutcome(
  name: string,
  outcome: Outcome,
  reference: Outcome,
  start: ArrayLike<number>,
  { kind }: Setting['objective'],
  costTolerance: number = TOLERANCES[kind].cost,
): void {
  for (let i = 0; i < STEPS; i++) {
    const error = Math.abs(outcome.costs[i] - reference.costs[i]) / Math.abs(reference.costs[i]);
    if (!(error <= costTolerance)) {
      throw new Error(
        `${name}: step ${i + 1} has cost ${outcome.costs[i]}, the reference ${reference.costs[i]}: nothing was timed`,
      );
    }
  }
  if (outcome.theta.length !== reference.theta.length) {
    throw new Error(`${name}: ${outcome.theta.length} parameters, not ${reference.theta.length}`);
  }
  let [difference, norm] = [0, 0];
  for (let i = 0; i < start.length; i++) {
    difference += (outcome.theta[i] - reference.theta[i]) ** 2;
    norm += (reference.theta[i] - start[i]) ** 2;
  }
  const error = Math.sqrt(difference / norm);
  if (!(error <= TOLERANCES[kind].movement)) {
    throw new Error(`${name}: θ moved elsewhere than the reference's, by ${error} of the way: nothing was timed`);
  }
}
