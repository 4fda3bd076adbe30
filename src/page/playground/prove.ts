import { type AnyNumbers, matrix, rowRange, toFlat, type View } from '../../array/matrix.ts';
import { permutation, stream } from '../../array/random.ts';
import { InputError } from '../../errors.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { createReferenceKernels } from '../../kernels/reference/reference.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';
import { Engine } from '../../model/engine.ts';
import { Loader } from '../../model/load.ts';
import { compareGradients } from '../../proof/gradient-check.ts';
import { kinkDistance } from '../../proof/kink-distance.ts';
import { LIMIT } from '../../proof/limits.ts';
import type { PlantedBug } from '../../proof/planted-bugs.ts';

/** A parameter's part of a gradient check. */
export interface Proved {
  readonly parameter: string;
  /** Of its numbers, how many were moved. */
  readonly moved: number;
  readonly numbers: number;
  /** ‖n − a‖/‖n + a‖ over those; ‖n + a‖ counts as at least what a central difference can tell. */
  readonly error: number;
}

/** What a gradient check in the page came to. */
export interface Proof {
  readonly examples: number;
  readonly moved: number;
  readonly numbers: number;
  /** Over all that were moved. */
  readonly error: number;
  readonly parameters: readonly Proved[];
  readonly seconds: number;
  readonly bug: string | null;
}

const EXAMPLES = 6;
/** Derivatives that are measured, at most: two evaluations each. */
const MOST = 1600;
/** Of large models fewer: an evaluation takes as long as θ is. */
const MOST_NUMBERS = 3e7;
/** How far off a central difference is, a number, where J is 1: it rounds by 1e-16·J/ε and leaves out ε²·J‴/6. */
const NOISE = 3e-10;
const EPSILON = 1e-5;
/** Central differences reach 1e-5·|∂z/∂θ| to either side. */
const MARGIN = 1e-3;
const LEAST = 1e-4; // of an example that is checked at all
const BREATHE_MS = 40;

/**
 * Moves θ, as it stands, by ±1e-5, one number after another, and compares (J(θ + ε) − J(θ − ε))/2ε with the gradient that
 * was derived by hand: float64, on six examples that lie near no kink. Of large models a sample of each parameter is moved.
 * `bug` is planted in the kernels of the gradient. `told` hears what part is done; false from it ends the check.
 * @throws InputError for a bug that changes nothing at θ, and where every example lies at a kink.
 */
export async function prove(
  model: Autoencoder,
  x: View<AnyNumbers>,
  bug: PlantedBug | null,
  told: (done: number) => boolean | Promise<boolean>,
  most?: number,
): Promise<Proof | null> {
  const begin = performance.now();
  const { spec, layout } = model.engine;
  const theta = Float64Array.from(await model.engine.kernels.copyOut(model.engine.theta));
  const state = await model.engine.state.read();
  const kernels = () => createReferenceKernels('float64');
  const engineOn = (k: Kernels) => {
    const made = new Engine(k, spec, theta);
    made.state.write(state);
    return made;
  };
  const rows = await awayFromKinks(engineOn(kernels()), x, theta);
  const engine = engineOn(bug ? bug.plant(kernels(), { m: rows.shape[0], layout }) : kernels());
  engine.keepDetached();
  const { cost: J, gradient } = await engine.costAndGradient(rows);
  const analytic = Float64Array.from(gradient);
  engine.holdDetached(); // what has no gradient stays as it is at θ
  const noise = NOISE * Math.max(1, Math.abs(J));
  if (bug !== null) {
    const { gradient: sound } = await engineOn(kernels()).costAndGradient(rows);
    if (errorOf(analytic, sound, noise) < 3 * LIMIT) {
      throw new InputError(
        `the mistake ${JSON.stringify(bug.name)} changes nothing here: its term is 0, or the units that it needs are off; choose another, or train on`,
      );
    }
  }
  const cost = async (i: number, value: number) => {
    theta[i] = value;
    engine.kernels.write(engine.theta, theta);
    return (await engine.costAndGradient(rows)).cost;
  };
  const parts = sampleOf(
    layout.parameters,
    most ?? Math.min(MOST, Math.max(24, Math.floor(MOST_NUMBERS / layout.length))),
  );
  const all = parts.reduce((sum, { indices }) => sum + indices.length, 0);
  const pairs: { parameter: string; numbers: number; a: number[]; n: number[] }[] = [];
  let [done, breathed] = [0, begin];
  for (const { name, numbers, indices } of parts) {
    const pair = { parameter: name, numbers, a: [] as number[], n: [] as number[] };
    pairs.push(pair);
    for (const i of indices) {
      const value = theta[i];
      const difference = (await cost(i, value + EPSILON)) - (await cost(i, value - EPSILON));
      theta[i] = value;
      pair.a.push(analytic[i]);
      pair.n.push(difference / (2 * EPSILON));
      done++;
      if (performance.now() - breathed > BREATHE_MS) {
        if (!(await told(done / all))) return null;
        breathed = performance.now();
      }
    }
  }
  return {
    examples: rows.shape[0],
    moved: all,
    numbers: layout.length,
    error: errorOf(
      pairs.flatMap(({ a }) => a),
      pairs.flatMap(({ n }) => n),
      noise,
    ),
    parameters: pairs.map(({ parameter, numbers, a, n }) => ({
      parameter,
      numbers,
      moved: a.length,
      error: errorOf(a, n, noise),
    })),
    seconds: (performance.now() - begin) / 1000,
    bug: bug?.name ?? null,
  };
}

/** ‖n − a‖/‖n + a‖, or over what central differences, each off by so much, can tell: after long training gradients are tiny. */
function errorOf(a: ArrayLike<number>, n: ArrayLike<number>, noise: number): number {
  const { normRelativeError: error } = compareGradients(a, n);
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i] + n[i]) ** 2;
  return squares > 0 ? error * Math.min(1, (LIMIT * Math.sqrt(squares / a.length)) / noise) : error;
}

/** Which numbers of each parameter are moved: all of small ones, of others equally many. */
function sampleOf(parameters: Engine['layout']['parameters'], most: number) {
  const sizes = parameters.map(({ length }) => length).sort((a, b) => a - b);
  let left = most;
  let each = 0;
  for (const [i, size] of sizes.entries()) {
    each = Math.floor(left / (sizes.length - i));
    if (size > each) break;
    left -= size;
  }
  return parameters.map(({ name, offset, length }, counter) => {
    const order = permutation(length, { seed: 1, stream: stream.gradientCheck, counter });
    const some = length <= each ? order : order.subarray(0, each);
    return { name, numbers: length, indices: Array.from(some, (i) => offset + i).sort((a, b) => a - b) };
  });
}

/** The first examples that are away from kinks and ties at θ, or those that are farthest, as float64. @throws InputError where there are none. */
async function awayFromKinks(engine: Engine, x: View<AnyNumbers>, theta: Float64Array): Promise<View<Float64Array>> {
  const network = engine.createNetwork({ keepsZ: true });
  const found: { row: number; distance: number }[] = [];
  const most = Math.min(x.shape[0], 200);
  for (let row = 0; row < most && found.filter(({ distance }) => distance >= MARGIN).length < EXAMPLES; row++) {
    const pass = new Loader(network).load(x, Uint32Array.of(row), 0);
    found.push({ row, distance: await kinkDistance(engine, pass, theta) });
  }
  network.dispose();
  const order = found.sort(
    (a, b) => Number(b.distance >= MARGIN) - Number(a.distance >= MARGIN) || b.distance - a.distance,
  );
  const chosen = order.filter(({ distance }) => distance > LEAST).slice(0, EXAMPLES);
  if (chosen.length === 0) {
    throw new InputError(
      `none of the first ${most} examples can be checked: each lies at a kink, as where two units tie, and the cost has no derivative there; train on, or begin anew from another seed`,
    );
  }
  const d = x.shape[1];
  const out = new Float64Array(chosen.length * d);
  for (const [i, { row }] of chosen.entries()) toFlat(rowRange(x, row, row + 1), out.subarray(i * d, (i + 1) * d));
  return matrix(out, chosen.length, d);
}
