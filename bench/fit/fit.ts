import { toFlat } from '../../src/array/matrix.ts';
import { type Autoencoder, fit } from '../../src/index.ts';
import type { Python } from '../beside/python.ts';
import type { Context } from '../context.ts';
import { measure, type Subject } from '../harness/measure.ts';
import { digits, duration, durations, type Report } from '../harness/report.ts';
import { benchModel, nameOf, threadWord } from '../subjects.ts';
import { type FitProblem, fitProblem } from './problem.ts';

const TOLERANCE = { float32: 1e-5, float64: 1e-10 } as const;
/** Final costs differ with the path, and by no more than so much of themselves. */
const FINAL = 0.05;

type Parameters = Awaited<ReturnType<Autoencoder['parameters']>>;

interface Runner {
  readonly subject: Subject;
  /** θ of the last run and what it took. */
  last(): Promise<{ theta: ArrayLike<number>; iterations: number; evaluations: number | null }>;
  end?(): unknown;
}

async function ours({ x, config, options }: FitProblem, start: Parameters, threads: number): Promise<Runner> {
  const model = await benchModel(config, { threads });
  let iterations = 0;
  const run = async () => {
    model.setParameters(start);
    iterations = (await fit(model, x, options)).steps;
  };
  return {
    subject: { name: nameOf(model.engine.kernels), isAsync: true, run },
    last: async () => ({ theta: flat(await model.parameters()), iterations, evaluations: null }),
    end: () => model.dispose(),
  };
}

function flat(parameters: Parameters): number[] {
  return Object.values(parameters).flatMap((p) => Array.from<number>(toFlat(p)));
}

/** SciPy's L-BFGS-B, its cost and gradient checked against ours in float64 at the start. */
async function scipy(
  python: Python,
  problem: FitProblem,
  precision: 'float32' | 'float64',
  start: readonly number[],
  expected: { cost: number; gradient: ArrayLike<number> },
  threads: number,
): Promise<Runner> {
  const name = `SciPy L-BFGS-B, NumPy ${precision}, ${threadWord(threads)}`;
  const [cost, gradient, theta, counts] = Array.from({ length: 4 }, () => python.path());
  const id = await python.prepare('fit', {
    ...{ objective: problem.objective, precision, cost, gradient, theta, counts },
    x: python.send(problem.x.data, problem.x.shape),
    start: python.send(Float64Array.from(start), [start.length]),
  });
  const costError = Math.abs(python.receive(cost, 'float64')[0] / expected.cost - 1);
  const slope = python.receive(gradient, 'float64');
  const error = distance(slope, expected.gradient) / distance(expected.gradient, new Float64Array(slope.length));
  if (!(costError <= TOLERANCE[precision] && error <= TOLERANCE[precision])) {
    throw new Error(`${name}: its cost differs by ${costError}, its gradient by ${error}: nothing was timed`);
  }
  const last = async () => {
    const [iterations, evaluations] = python.receive(counts, 'float64');
    return { theta: python.receive(theta, 'float64'), iterations, evaluations };
  };
  return { subject: python.subject(name, id), last, end: () => python.forget(id) };
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values, not ${b.length}`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}

/** A whole fit, the CS294A exercise, from the same start on the same patches. */
export async function benchFit(context: Context): Promise<Report> {
  const threads = context.threads ?? 1;
  const problem = await fitProblem(context.smoke);
  const double = await benchModel({ ...problem.config, precision: 'float64' }, { threads: 1, kind: 'reference' });
  const single = await benchModel(problem.config, { threads: 1 });
  const start = await single.parameters();
  const { shape } = problem.x;
  single.dispose();
  double.setParameters(start);
  const { cost, gradient } = await double.costAndGradient(problem.x);
  const expected = { cost, gradient: flat(gradient) };

  const runners = [await ours(problem, start, threads)];
  const python = await context.python('scientific', threads);
  if (python !== null) {
    for (const precision of ['float64', 'float32'] as const) {
      runners.push(await scipy(python, problem, precision, flat(start), expected, threads));
    }
  }
  const subjects = runners.map(({ subject }) => subject);
  // One call a round: a fit is long.
  const timings = await measure(subjects, context.smoke ? { rounds: 1, roundTime: 0 } : { rounds: 3, roundTime: 1 });
  const ends: { finalCost: number; iterations: number; evaluations: number | null }[] = [];
  for (const runner of runners) {
    const { theta, ...counts } = await runner.last();
    await setFlat(double, theta);
    ends.push({ ...counts, finalCost: (await double.costAndGradient(problem.x)).cost });
    await runner.end?.();
  }
  double.dispose();
  const best = Math.min(...ends.map(({ finalCost }) => finalCost));
  const late = ends.findIndex(({ finalCost }) => !(finalCost <= (1 + FINAL) * best));
  if (late >= 0) throw new Error(`${timings[late].name}: final cost ${ends[late].finalCost}, another's is ${best}`);
  const rows = timings.map(({ name, median, low, high }, i) => {
    const { finalCost, iterations, evaluations } = ends[i];
    const counts = `${iterations} / ${evaluations ?? '–'}`;
    return [
      ...[name, duration(median), durations(low, high), counts, finalCost.toPrecision(7)],
      `${digits(median / timings[0].median)}×`,
    ];
  });
  return {
    title: `A whole fit: ${shape[1]}-${problem.objective.hidden}-${shape[1]}, KL, L-BFGS, ${problem.where}`,
    checked:
      `SciPy's cost and gradient at the start agree with ours in float64 to ${TOLERANCE.float64} (float32: ${TOLERANCE.float32}) before timing; ` +
      `no final cost, evaluated in float64, lies more than ${100 * FINAL}% above another`,
    columns: ['who', 'time', 'quartiles', 'iterations / evaluations', 'final cost', "over rhohat's"],
    rows,
    records: timings.map((timing, i) => ({ ...timing, ...ends[i], overOurs: timing.median / timings[0].median })),
    notes: ['ours computes in float32; SciPy keeps θ in float64 and NumPy computes in the precision that is named'],
  };
}

/** Sets θ from one vector, in the order of the parameters. */
async function setFlat(model: Autoencoder, theta: ArrayLike<number>): Promise<void> {
  const parameters = await model.parameters();
  let at = 0;
  for (const p of Object.values(parameters)) {
    for (let i = 0; i < p.size; i++) p.data[p.offset + i] = theta[at++];
  }
  model.setParameters(parameters);
}
