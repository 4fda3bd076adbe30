import type { MatrixLike } from '../array/view-check.ts';
import { InputError, show } from '../errors.ts';
import { createKernels } from '../kernels/create.ts';
import { assertWhole } from '../model/agreement.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { Engine } from '../model/engine.ts';
import { assertModel } from '../model/model-check.ts';

/** Cost J(θ) and its analytic gradient at θ. */
export type CostFunction = (theta: Float64Array) =>
  | {
      /** J(θ). */
      cost: number;
      /** ∂J/∂θ, as long as θ. */
      gradient: ArrayLike<number>;
    }
  | Promise<{
      /** J(θ). */
      cost: number;
      /** ∂J/∂θ, as long as θ. */
      gradient: ArrayLike<number>;
    }>;

/** How differences are taken. */
export interface GradientCheckOptions {
  /** Half the width ε of the central difference (J(θ+εeᵢ) − J(θ−εeᵢ)) / 2ε. Default 1e-5: at UFLDL's 1e-4 truncation exceeds 1e-8 in deep models. */
  readonly epsilon?: number | undefined;
}

/** How far an analytic gradient a is from central differences n. */
export interface GradientCheck {
  /** maxᵢ |nᵢ − aᵢ| / max(|nᵢ|, |aᵢ|, 1e-8): one bad entry shows, but so does rounding in tiny entries. */
  readonly maxRelativeError: number;
  /** ‖n − a‖ / ‖n + a‖ over the whole gradient: at most 1e-8 for a right gradient in float64. 0 where both are 0. */
  readonly normRelativeError: number;
  /** The entry with the largest |nᵢ − aᵢ|. */
  readonly worst: {
    /** Its place: in θ, or within the parameter that is named. */
    readonly index: number;
    /** aᵢ. */
    readonly analytic: number;
    /** nᵢ. */
    readonly numeric: number;
  };
}

/** n_i = (J(θ + εe_i) − J(θ − εe_i)) / 2ε, for every i. θ is left as it was. */
export async function numericGradient(
  cost: (theta: Float64Array) => number | Promise<number>,
  theta: Float64Array,
  epsilon = 1e-5,
): Promise<Float64Array> {
  const numeric = new Float64Array(theta.length);
  for (let i = 0; i < theta.length; i++) {
    const value = theta[i];
    theta[i] = value + epsilon;
    const above = await cost(theta);
    theta[i] = value - epsilon;
    const below = await cost(theta);
    theta[i] = value;
    numeric[i] = (above - below) / (2 * epsilon);
  }
  return numeric;
}

/** Compares an analytic with a numeric gradient of the same length. NaN in either gives NaN errors, which pass no limit. */
export function compareGradients(analytic: ArrayLike<number>, numeric: ArrayLike<number>): GradientCheck {
  let difference = 0;
  let sum = 0;
  // Squares of what is beyond 1e150 overflow: the ratio of the norms does not depend on the scale.
  let scale = 0;
  for (let i = 0; i < numeric.length; i++) scale = Math.max(scale, Math.abs(numeric[i]), Math.abs(analytic[i]));
  scale = scale > 1e140 && scale < Number.POSITIVE_INFINITY ? 2 ** -Math.floor(Math.log2(scale)) : 1;
  let maxRelativeError = 0;
  let worst = 0;
  let largest = -1;
  for (let i = 0; i < numeric.length; i++) {
    const gap = Math.abs(numeric[i] - analytic[i]);
    difference += (scale * gap) ** 2;
    sum += (scale * numeric[i] + scale * analytic[i]) ** 2;
    const relative = gap / Math.max(Math.abs(numeric[i]), Math.abs(analytic[i]), 1e-8);
    maxRelativeError = Math.max(maxRelativeError, relative); // passes NaN on
    if (!Number.isNaN(largest) && !(gap <= largest)) {
      largest = gap;
      worst = i;
    }
  }
  const normRelativeError = difference === 0 ? 0 : Math.sqrt(difference) / Math.sqrt(sum);
  return {
    maxRelativeError,
    normRelativeError,
    worst: { index: worst, analytic: analytic[worst], numeric: numeric[worst] },
  };
}

/**
 * Checks the gradient of any cost over a flat vector against central differences in float64.
 * @throws InputError if the gradient's length is not θ's.
 */
export async function checkGradientOf(
  f: CostFunction,
  theta: Float64Array,
  options: GradientCheckOptions = {},
): Promise<GradientCheck> {
  const { epsilon } = options;
  if (epsilon !== undefined && !(epsilon > 0 && epsilon < 1)) {
    throw new InputError(`options.epsilon is ${show(epsilon)}: it must lie strictly between 0 and 1`);
  }
  const analytic = Array.from((await f(theta)).gradient);
  if (analytic.length !== theta.length) {
    throw new InputError(`the gradient has ${analytic.length} entries and θ has ${theta.length}: they must be equal`);
  }
  return compareGradients(analytic, await numericGradient(async (t) => (await f(t)).cost, theta, options.epsilon));
}

/** The result of checking a model, its worst entry named. */
export interface ModelGradientCheck extends GradientCheck {
  readonly worst: GradientCheck['worst'] & {
    /** Such as encoder.weight. */
    readonly parameter: string;
  };
}

/**
 * Checks a model's hand-derived gradient at its present parameters on the examples x (m, d), compared with `target` where that
 * is given: the same cost code runs on
 * float64 kernels, whatever the model's own precision. Costs two evaluations a parameter, so use a small model. Stay
 * away from kinks: ReLU pre-activations and L1 activations within ε of 0, and ties of k-sparse units, make differences
 * meaningless. So does a minimum: where ∂J/∂θ is as small as the rounding of the differences, about 1e-16·J/ε a number, the
 * errors tell of rounding.
 * @throws InputError if x does not fit the model.
 */
export async function checkGradient(
  model: Autoencoder,
  examples: MatrixLike,
  { target, ...options }: GradientCheckOptions & { readonly target?: MatrixLike | undefined } = {},
): Promise<ModelGradientCheck> {
  assertModel(model, 'Autoencoder');
  assertWhole(model.engine.spec, 'the gradient check');
  const x = model.input(examples, 'x');
  const compared = model.target(target, x);
  const { kernels, layout, theta } = model.engine;
  const start = await kernels.copyOut(theta);
  const proof = new Engine(createKernels('float64'), model.engine.spec, start);
  proof.state.write(await model.engine.state.read());
  proof.keepDetached();
  await proof.costAndGradient(x, compared);
  proof.holdDetached(); // what has no gradient stays as it is at θ
  const check = await checkGradientOf(
    (t) => {
      proof.kernels.write(proof.theta, t);
      return proof.costAndGradient(x, compared);
    },
    Float64Array.from(start),
    options,
  );
  const { index, analytic, numeric } = check.worst;
  const parameter = layout.parameters.find((p) => index < p.offset + p.length) ?? layout.parameters[0];
  return {
    ...check,
    worst: { parameter: parameter.name, index: index - parameter.offset, analytic, numeric },
  };
}
