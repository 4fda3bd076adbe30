import { matrix } from '../array/matrix.ts';
import { fillUniform, stream } from '../array/random.ts';
import { createKernels } from '../kernels/create.ts';
import type { ActivationName } from '../kernels/kernels.ts';
import { activationNames, activations } from '../layers/activation.ts';
import { denseForward } from '../layers/dense.ts';
import type { ActivationPenaltySpec } from '../penalties/activation-penalty.ts';
import type { LossName } from '../penalties/reconstruction.ts';
import { type FullConfig, parseConfig } from './config.ts';
import { Engine, firstRows, load } from './engine.ts';
import { checkGradientOf, compareGradients } from './gradient-check.ts';

/** The limit on ‖n − a‖/‖n + a‖ in float64, and on that of the float32 against the float64 analytic gradient. */
export const LIMIT = 1e-8;
export const FLOAT32_LIMIT = 1e-5;

export interface GradientRow {
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly output: ActivationName;
  readonly loss: LossName;
  readonly tied: boolean;
  /** 'none', 'weight decay', 'kl', 'weight decay + l1', … */
  readonly penalties: string;
  /** Numeric against analytic gradient, both float64. */
  readonly normRelativeError: number;
  readonly maxRelativeError: number;
  /** Analytic float32 against analytic float64. */
  readonly float32Error: number;
  readonly passed: boolean;
}

const INPUTS = 5;
const EXAMPLES = 4;
const DEPTHS = [[4], [4, 3], [4, 3, 2]];
const KL: ActivationPenaltySpec = { kind: 'kl', target: 0.2, weight: 3 };
const L1: ActivationPenaltySpec = { kind: 'l1', weight: 0.3 };
/** Large enough that a missing or doubled λW moves the whole gradient by far more than the limit. */
const WEIGHT_DECAY = 0.1;

/** Every allowed combination of depth, activation, output, loss, tying and penalties. */
export function* gradientConfigs(): Generator<FullConfig> {
  for (const hidden of DEPTHS) {
    for (const activation of activationNames) {
      const sparsities = [null, ...(activations[activation].rate === null ? [] : [KL]), L1];
      for (const output of activationNames) {
        const losses: LossName[] = output === 'sigmoid' ? ['squared-error', 'cross-entropy'] : ['squared-error'];
        for (const loss of losses) {
          for (const tied of [false, true]) {
            for (const sparsity of sparsities) {
              for (const weightDecay of [0, WEIGHT_DECAY]) {
                const precision = 'float64';
                yield parseConfig({
                  inputs: INPUTS,
                  hidden,
                  activation,
                  output,
                  loss,
                  tied,
                  sparsity,
                  weightDecay,
                  precision,
                });
              }
            }
          }
        }
      }
    }
  }
}

/** Checks one config at a point where every term is alive: biases not 0, away from kinks, no parameter's gradient 0. */
export async function checkConfig(config: FullConfig): Promise<GradientRow> {
  const { theta, x } = await livePoint(config);
  const proof = new Engine(createKernels('float64'), config, theta);
  const check = await checkGradientOf((t) => {
    proof.kernels.write(proof.theta, t);
    return proof.costAndGradient(x);
  }, theta);
  // Float32 is compared at a point that float32 can hold, so that only the arithmetic differs.
  const rounded = Float32Array.from(theta);
  const x32 = matrix(Float32Array.from(x.data), EXAMPLES, INPUTS);
  const single = await new Engine(
    createKernels('float32'),
    { ...config, precision: 'float32' },
    rounded,
  ).costAndGradient(x32);
  const double = await new Engine(createKernels('float64'), config, rounded).costAndGradient(x32);
  const float32Error = compareGradients(single.gradient, double.gradient).normRelativeError;
  const { hidden, activation, output, loss, tied } = config;
  const { normRelativeError, maxRelativeError } = check;
  return {
    hidden,
    activation,
    output,
    loss,
    tied,
    penalties: penaltyNames(config),
    normRelativeError,
    maxRelativeError,
    float32Error,
    passed: normRelativeError <= LIMIT && float32Error <= FLOAT32_LIMIT,
  };
}

function penaltyNames({ weightDecay, sparsity }: FullConfig): string {
  const names = [...(weightDecay > 0 ? ['weight decay'] : []), ...(sparsity === null ? [] : [sparsity.kind])];
  return names.join(' + ') || 'none';
}

/** Central differences reach 1e-5·|∂z/∂θ| to either side; this leaves a wide margin. */
const KINK_MARGIN = 0.01;

/** The first random point without a value near a kink and without a parameter whose gradient is all but 0. */
async function livePoint(config: FullConfig) {
  for (let counter = 0; counter < 10_000; counter++) {
    const draw = { seed: 1, stream: stream.gradientCheck, counter };
    const engine = new Engine(createKernels('float64'), config, []);
    const numbers = fillUniform(new Float64Array(engine.layout.length + EXAMPLES * INPUTS), draw, -1, 1);
    const theta = numbers.slice(0, engine.layout.length);
    // Positive biases, so that a few units of every ReLU layer are on.
    for (const { shape, offset, length } of engine.layout.parameters) {
      if (shape.length === 1) for (let i = offset; i < offset + length; i++) theta[i] = Math.abs(theta[i]);
    }
    // Inputs in [0.1, 0.9], as cross-entropy asks and CS294A's patches have.
    const x = matrix(
      numbers.slice(engine.layout.length).map((u) => 0.5 + 0.4 * u),
      EXAMPLES,
      INPUTS,
    );
    engine.kernels.write(engine.theta, theta);
    if (kinkDistance(engine, x) < KINK_MARGIN) continue;
    const { gradient } = await engine.costAndGradient(x);
    const alive = engine.layout.parameters.every(({ offset, length }) =>
      gradient.subarray(offset, offset + length).some((g) => Math.abs(g) > 1e-5),
    );
    if (alive) return { theta, x };
  }
  throw new Error(`no point away from kinks was found for ${JSON.stringify(config)}`);
}

/** The least |z| of units whose f has a kink at 0, and the least |a| under L1 that is not exactly 0. */
function kinkDistance(engine: Engine, x: ReturnType<typeof matrix>): number {
  const k = engine.kernels;
  const pass = load(engine.createNetwork(), x, firstRows(EXAMPLES));
  let least = Number.POSITIVE_INFINITY;
  pass.layers.forEach((layer, l) => {
    denseForward(k, layer.z, layer.input, layer.weight, layer.bias);
    if (activations[layer.f].kink) for (const z of k.copyOut(layer.z)) least = Math.min(least, Math.abs(z));
    k.activate(layer.a, layer.z, layer.f);
    const { sparsity } = engine.config;
    if (sparsity?.kind === 'l1' && sparsity.layer === l) {
      for (const a of k.copyOut(layer.a)) if (a !== 0) least = Math.min(least, Math.abs(a));
    }
  });
  return least;
}
