import { type Matrix, matrix, type Precision, toFlat } from '../src/array/matrix.ts';
import { fillUniform, stream } from '../src/array/random.ts';
import { Autoencoder } from '../src/index.ts';
import { effort, measure } from './measure.ts';
import { digits, type Report } from './report.ts';

interface Setting {
  readonly inputs: number;
  readonly hidden: number;
  readonly examples: number;
  /** ρ and λ; β is 3 throughout. */
  readonly target: number;
  readonly weightDecay: number;
}

// The two exercises of Stanford's CS294A: digits in mini-batches, 8×8 patches as one full batch.
const SETTINGS: readonly Setting[] = [
  { inputs: 784, hidden: 196, examples: 256, target: 0.1, weightDecay: 3e-3 },
  { inputs: 64, hidden: 25, examples: 10_000, target: 0.01, weightDecay: 1e-4 },
];
const SMOKE_SETTINGS: readonly Setting[] = [{ inputs: 8, hidden: 5, examples: 16, target: 0.1, weightDecay: 3e-3 }];

/** ‖g32 − g64‖/‖g64‖ over all parameters together: float32 sums of these lengths stay well below. */
const TOLERANCE = 1e-5;

function create({ inputs, hidden, target, weightDecay }: Setting, precision: Precision) {
  const sparsity = { kind: 'kl', target, weight: 3 } as const;
  const units = { activation: 'sigmoid', output: 'sigmoid', loss: 'squared-error' } as const;
  return Autoencoder.create({ inputs, hidden, ...units, weightDecay, sparsity, precision, seed: 1 });
}

type Model = Awaited<ReturnType<typeof create>>;

/** Throws unless the float32 model's cost and gradient agree with the float64 model's at the same parameters. */
async function assertGradient(single: Model, double: Model, x: Matrix): Promise<void> {
  double.setParameters(single.parameters);
  const [actual, expected] = [await single.costAndGradient(x), await double.costAndGradient(x)];
  let [difference, norm] = [0, 0];
  for (const [name, g] of Object.entries(expected.gradient)) {
    const wanted = toFlat(g); // views of one flat vector: `.data` would be all of it
    const got = toFlat(actual.gradient[name]);
    if (got.length !== wanted.length) throw new Error(`${name}: ${got.length} values, not ${wanted.length}`);
    for (let i = 0; i < wanted.length; i++) {
      difference += (got[i] - wanted[i]) ** 2;
      norm += wanted[i] ** 2;
    }
  }
  const gradientError = Math.sqrt(difference / norm);
  const costError = Math.abs(actual.cost - expected.cost) / Math.abs(expected.cost);
  if (!(gradientError < TOLERANCE && costError < TOLERANCE)) {
    throw new Error(
      `float32 differs from float64: cost by ${costError}, gradient by ${gradientError}; nothing was timed`,
    );
  }
}

/** One cost-and-gradient through the public surface, which is what a training step spends its time on. */
export async function benchTrainingStep(smoke: boolean): Promise<Report> {
  const rows: string[][] = [];
  const records: Record<string, unknown>[] = [];
  for (const setting of smoke ? SMOKE_SETTINGS : SETTINGS) {
    const { inputs, hidden, examples } = setting;
    const values = fillUniform(new Float32Array(examples * inputs), { seed: 1, stream: stream.testing }, 0.1, 0.9);
    const x = matrix(values, examples, inputs);
    const single = await create(setting, 'float32');
    const double = await create(setting, 'float64');
    await assertGradient(single, double, x);
    const timings = await measure(
      [
        { name: 'float32', run: () => single.costAndGradient(x) },
        { name: 'float64', run: () => double.costAndGradient(x) },
      ],
      smoke ? effort.smoke : effort.full,
    );
    // Two products forward, three backward, 2·m·d·h operations each; the elementwise rest is not counted.
    const operations = 5 * 2 * examples * inputs * hidden;
    for (const { name, median, low, high, samples } of timings) {
      const gflops = operations / median / 1e6;
      const network = `${inputs}-${hidden}-${inputs}`;
      const quartiles = `${digits(low)}–${digits(high)}`;
      rows.push([network, String(examples), name, `${digits(median)} ms`, quartiles, digits(gflops)]);
      records.push({ network, examples, precision: name, median, low, high, samples, gflops });
    }
    single.dispose();
    double.dispose();
  }
  return {
    title: 'One cost and gradient, KL sparsity',
    checked: `float32 cost and gradient agree with the float64 model's to ${TOLERANCE} in relative norm, before timing`,
    columns: ['network', 'examples', 'precision', 'median', 'quartiles', 'GFLOP/s of the products'],
    rows,
    records,
  };
}
