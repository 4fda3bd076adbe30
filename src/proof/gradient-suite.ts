import { type Matrix, matrix, type Precision } from '../array/matrix.ts';
import { fillUniform, stream } from '../array/random.ts';
import { createKernels } from '../kernels/create.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { Engine, evaluate, firstRows } from '../model/engine.ts';
import { Loader } from '../model/load.ts';
import type { NetworkSpec } from '../model/spec.ts';
import { CLASSES, type GradientCase, INPUTS } from './gradient-cases.ts';
import { checkGradientOf, compareGradients } from './gradient-check.ts';
import { kinkDistance } from './kink-distance.ts';
import { FLOAT32_LIMIT, LIMIT } from './limits.ts';

export interface GradientRow extends Omit<GradientCase, 'spec'> {
  /** Numeric against analytic gradient, both float64. */
  readonly normRelativeError: number;
  readonly maxRelativeError: number;
  /** Analytic float32 against analytic float64. */
  readonly float32Error: number;
  readonly passed: boolean;
}

const EXAMPLES = 4;

/** What a case runs on; those of a GPU come late. */
export type MakeKernels = (precision: Precision) => Kernels | Promise<Kernels>;

/**
 * Checks one case at a point where every term is alive: biases not 0, away from kinks and ties, no parameter idle. `limit`: of the
 * float32 gradient against the float64 one.
 */
export async function checkCase(
  given: GradientCase,
  kernels: MakeKernels = createKernels,
  limit = FLOAT32_LIMIT,
): Promise<GradientRow> {
  const { spec, lowest = 0, ...names } = given;
  const { theta, x } = await livePoint(given);
  const proof = new Proof(given, await kernels('float64'), theta, x);
  const free = proof.trained(lowest);
  proof.network.detached.kept = true;
  await proof.at(theta);
  proof.network.detached.held = true; // what has no gradient stays as it is at θ
  // Parameters below `lowest` are not trained: their gradient is 0 by design, and they are held in the differences.
  const check = await checkGradientOf(
    async (t) => {
      const { cost, gradient } = await proof.at(scatter(theta, free, t));
      return { cost, gradient: free.map((i) => gradient[i]) };
    },
    Float64Array.from(free, (i) => theta[i]),
  );
  const idle = (await proof.at(theta)).gradient.filter((g, i) => g !== 0 && !free.includes(i)).length;
  // Float32 is compared at a point that float32 can hold, so that only the arithmetic differs.
  const rounded = Float32Array.from(theta);
  const x32 = matrix(Float32Array.from(x.data), EXAMPLES, INPUTS);
  const double = await new Proof(given, await kernels('float64'), rounded, x32).at(rounded);
  const own = await kernels('float32');
  const single = await new Proof(given, own, rounded, x32).at(rounded).finally(() => own.dispose());
  const float32Error = compareGradients(single.gradient, double.gradient).normRelativeError;
  const { normRelativeError, maxRelativeError } = check;
  return {
    ...names,
    lowest,
    normRelativeError,
    maxRelativeError,
    float32Error,
    passed: normRelativeError <= LIMIT && float32Error <= limit && idle === 0,
  };
}

/** Cost and gradient of a case as functions of θ, on fixed examples. */
class Proof {
  readonly engine: Engine;
  readonly network;
  readonly pass;
  private readonly lowest: number;

  constructor({ spec, lowest = 0 }: GradientCase, kernels: Kernels, theta: ArrayLike<number>, x: Matrix) {
    this.engine = new Engine(kernels, spec, theta);
    this.network = this.engine.createNetwork({ keepsZ: true });
    this.lowest = lowest;
    const labels = matrix(new Uint8Array(EXAMPLES * CLASSES), EXAMPLES, CLASSES);
    for (let i = 0; i < EXAMPLES; i++) labels.set(i, i % CLASSES, 1);
    const targets =
      spec.dataTerm === 'classification' ? labels : spec.targets === 'apart' ? otherExamples(spec) : undefined;
    this.pass = new Loader(this.network).load(x, firstRows(EXAMPLES), 0, targets);
  }

  async at(theta: ArrayLike<number>) {
    const { kernels } = this.engine;
    kernels.write(this.engine.theta, theta);
    const { cost } = await evaluate(this.network, this.pass, { lowest: this.lowest });
    return { cost, gradient: await kernels.copyOut(this.network.gradient) };
  }

  /** Indices of the parameters of layers from `lowest` up. */
  trained(lowest: number): number[] {
    const held = new Set(this.engine.spec.layers.slice(0, lowest).flatMap(({ weight, bias }) => [weight, bias]));
    return this.engine.layout.parameters.flatMap(({ name, offset, length }) =>
      held.has(name) ? [] : Array.from({ length }, (_, i) => offset + i),
    );
  }
}

/** What a transcoder is to give, in [0.1, 0.9] as examples are. */
function otherExamples({ layers, parameters }: NetworkSpec): Matrix<Float64Array> {
  const { bias } = layers[layers.length - 1];
  const [width] = parameters.find(({ name }) => name === bias)?.shape ?? [];
  const draw = { seed: 2, stream: stream.gradientCheck, counter: 0 };
  return matrix(fillUniform(new Float64Array(EXAMPLES * width), draw, 0.1, 0.9), EXAMPLES, width);
}

function scatter(theta: Float64Array, indices: readonly number[], values: Float64Array): Float64Array {
  const whole = theta.slice();
  indices.forEach((index, i) => {
    whole[index] = values[i];
  });
  return whole;
}

/** Central differences reach 1e-5·|∂z/∂θ| to either side; this leaves a wide margin. */
const KINK_MARGIN = 0.01;

/** The first random point without a value near a kink or a tie, and without a parameter whose gradient is all but 0. */
async function livePoint(given: GradientCase): Promise<{ theta: Float64Array; x: Matrix<Float64Array> }> {
  for (let counter = 0; counter < 10_000; counter++) {
    const draw = { seed: 1, stream: stream.gradientCheck, counter };
    const { parameters, length } = new Engine(createKernels('float64'), given.spec, []).layout;
    const numbers = fillUniform(new Float64Array(length + EXAMPLES * INPUTS), draw, -1, 1);
    const theta = numbers.slice(0, length);
    // Positive biases, so that a few units of every ReLU layer are on.
    for (const { shape, offset, length: n } of parameters) {
      if (shape.length === 1) for (let i = offset; i < offset + n; i++) theta[i] = Math.abs(theta[i]);
    }
    // Inputs in [0.1, 0.9], as cross-entropy asks and CS294A's patches have.
    const x = matrix(
      numbers.subarray(length).map((u) => 0.5 + 0.4 * u),
      EXAMPLES,
      INPUTS,
    );
    const proof = new Proof(given, createKernels('float64'), theta, x);
    if ((await kinkDistance(proof.engine, proof.pass, theta)) < KINK_MARGIN) continue;
    const { gradient } = await proof.at(theta);
    const free = new Set(proof.trained(given.lowest ?? 0));
    const alive = parameters.every(
      ({ offset, length: n }) =>
        !free.has(offset) || gradient.subarray(offset, offset + n).some((g) => Math.abs(g) > 1e-5),
    );
    if (alive) return { theta, x };
  }
  throw new Error(`no point away from kinks was found for ${JSON.stringify(given)}`);
}
