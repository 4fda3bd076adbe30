import { type AnyNumbers, rowRange, type View } from '../../array/matrix.ts';
import { Autoencoder } from '../../model/autoencoder.ts';
import type { AutoencoderConfig, FullConfig } from '../../model/config.ts';
import type { Parameters } from '../../model/parameter-access.ts';

/** ‖∂(term)/∂θ‖₂ of a term of the cost. */
export interface Share {
  readonly term: string;
  readonly norm: number;
}

const TERMS: Readonly<Record<string, (config: FullConfig) => Partial<Record<keyof FullConfig, unknown>> | null>> = {
  'weight decay': ({ weightDecay }) => (weightDecay > 0 ? { weightDecay: 0 } : null),
  sparsity: ({ sparsity }) => (sparsity !== null && 'weight' in sparsity ? { sparsity: null } : null),
  contraction: ({ contraction }) => (contraction.weight > 0 ? { contraction: 0 } : null),
  auxiliary: ({ auxiliary }) => (auxiliary ? { auxiliary: null } : null),
};

const SHARES_MS = 1000;
const SHARED = 100; // examples that they are measured on

/**
 * How hard each term pulls on θ. ∇J is a sum, so a term's gradient is ∇J less that of the model without the term: in
 * float64, where the difference of two gradients keeps its digits. A model of each kind is kept until the config changes.
 */
export class GradientShares {
  private readonly models: readonly { readonly term: string; readonly model: Promise<Autoencoder> }[];

  private measured: readonly Share[] = [];
  private due: number;

  /** `wait` milliseconds until they are measured for the first time. */
  constructor(config: FullConfig, wait = 0) {
    this.due = performance.now() + wait;
    const create = (without: object) =>
      Autoencoder.create({ ...config, ...without, precision: 'float64' } as unknown as AutoencoderConfig);
    const terms = Object.entries(TERMS).flatMap(([term, of]) => {
      const without = of(config);
      return without === null ? [] : [{ term, model: create(without) }];
    });
    this.models = [{ term: '', model: create({}) }, ...terms];
  }

  /** Of a model as it stands, or as it was a moment ago: large ones are measured seldom, for a tenth of the time. */
  async latest(model: Autoencoder, x: View<AnyNumbers>): Promise<readonly Share[]> {
    const begin = performance.now();
    if (begin < this.due) return this.measured;
    const some = rowRange(x, 0, Math.min(SHARED, x.shape[0])) as View<AnyNumbers>;
    this.measured = await this.of(await model.parameters(), await model.state(), some);
    const now = performance.now();
    this.due = now + Math.max(SHARES_MS, 9 * (now - begin));
    return this.measured;
  }

  /** On examples (m, d). */
  async of(parameters: Parameters, state: Parameters, x: View<AnyNumbers>): Promise<readonly Share[]> {
    const gradients: { term: string; flat: Float64Array }[] = [];
    for (const { term, model } of this.models)
      gradients.push({ term, flat: await gradientOf(await model, parameters, state, x) });
    const [{ flat: whole }, ...without] = gradients;
    const rest = whole.slice();
    const shares = without.map(({ term, flat }) => {
      const own = whole.map((g, i) => g - flat[i]);
      own.forEach((g, i) => {
        rest[i] -= g;
      });
      return { term, norm: norm(own) };
    });
    return [{ term: 'reconstruction', norm: norm(rest) }, ...shares];
  }

  dispose(): void {
    for (const { model } of this.models) void model.then((one) => one.dispose());
  }
}

async function gradientOf(
  model: Autoencoder,
  parameters: Parameters,
  state: Parameters,
  x: View<AnyNumbers>,
): Promise<Float64Array> {
  model.setParameters(parameters);
  const own = await model.state();
  model.setState(Object.fromEntries(Object.entries(state).filter(([name]) => name in own)));
  return Float64Array.from((await model.engine.costAndGradient(model.input(x, 'x'))).gradient);
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
