import type { AnyNumbers, View } from '../array/matrix.ts';
import { batchRows } from '../data/batches.ts';
import { TrainingError } from '../errors.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { type Evaluation, evaluate, load, type Terms } from '../model/engine.ts';
import { TERMS } from '../model/network.ts';
import { createOptimizer } from '../optimizers/create.ts';
import type { StepResult } from '../optimizers/optimizer.ts';
import { type FitOptions, planFit } from './options.ts';
import { createMeanActivation, Pace } from './progress.ts';

/** One entry an epoch, or an iteration of L-BFGS. */
export interface HistoryEntry {
  readonly epoch: number;
  readonly step: number;
  /** Mean over the epoch's examples. */
  readonly cost: number;
  readonly terms: Terms;
  /** Mean reconstruction error of the validation set after the epoch. */
  readonly validation?: number;
}

export interface FitResult {
  readonly steps: number;
  readonly epochs: number;
  /** Of the last epoch: see HistoryEntry. */
  readonly cost: number;
  readonly terms: Terms;
  readonly history: readonly HistoryEntry[];
  readonly seconds: number;
  /** Why training ended before its last epoch; null if it did not. */
  readonly converged: string | null;
}

/**
 * Trains `model` on the examples x (m, d): minimises J over mini-batches in the order of (seed, epoch), or over the
 * whole set with L-BFGS. With mini-batches ρ̂ is the batch's mean.
 * @throws InputError for options or data that are not allowed; TrainingError naming step and term when the cost is not
 *   finite, θ then being the last good one; the signal's reason when aborted, θ then being that of the last step.
 */
export async function fit(model: Autoencoder, x: View<AnyNumbers>, options: FitOptions = {}): Promise<FitResult> {
  model.assertInput(x, 'x');
  const { engine } = model;
  const m = x.shape[0];
  const plan = planFit(options, m, model.config.seed);
  if (options.validation !== undefined) model.assertInput(options.validation, 'options.validation');
  const steps = plan.epochs * Math.ceil(m / plan.batchSize);
  options.signal?.throwIfAborted();
  engine.assertIdle('fit was called');
  engine.training = true;
  try {
    const network = engine.createNetwork();
    const optimizer = createOptimizer(engine.kernels, engine.layout.length, plan.optimizer, steps);
    const meanActivation = createMeanActivation(network);
    const history: HistoryEntry[] = [];
    const pace = new Pace();
    let converged: string | null = null;
    let step = 0;

    for (let epoch = 0; epoch < plan.epochs && converged === null; epoch++) {
      const mean = new MeanEvaluation();
      for (const rows of batchRows(m, plan.batchSize, { seed: plan.seed, epoch })) {
        const pass = load(network, x, rows);
        const problem = { theta: engine.theta, gradient: network.gradient, evaluate: () => evaluate(network, pass) };
        const result = await engine.exclusive(() => optimizer.step(problem));
        step++;
        if (!isFiniteStep(result)) {
          optimizer.undo(engine.theta);
          throw notFinite(result, step);
        }
        mean.add(result.evaluation, rows.length);
        pace.count(rows.length);
        options.onProgress?.({
          epoch: epoch + 1,
          epochs: plan.epochs,
          step,
          steps,
          ...result.evaluation,
          gradientNorm: result.gradientNorm,
          meanActivation: await meanActivation(pass),
          ...pace.estimate(step, steps),
        });
        converged = result.converged;
        await pace.breathe();
        options.signal?.throwIfAborted();
      }
      const validation = options.validation && (await engine.reconstructionError(options.validation));
      history.push({ epoch: epoch + 1, step, ...mean.value(), ...(validation === undefined ? {} : { validation }) });
    }
    if (!(await engine.hasFiniteParameters())) {
      optimizer.undo(engine.theta); // the very last update left them, and no step came to notice
      throw new TrainingError(
        `step ${step}: ${notFiniteRemedy('the parameters are no longer finite')}`,
        step,
        'parameters',
      );
    }
    const { cost, terms } = history[history.length - 1];
    return { steps: step, epochs: history.length, cost, terms, history, seconds: pace.seconds, converged };
  } finally {
    engine.training = false;
  }
}

/** The mean of evaluations, weighted by their examples. */
class MeanEvaluation {
  private readonly sums = TERMS.map(() => 0);
  private examples = 0;

  add({ terms }: Evaluation, examples: number): void {
    for (const [i, term] of TERMS.entries()) this.sums[i] += terms[term] * examples;
    this.examples += examples;
  }

  value(): Evaluation {
    const terms = Object.fromEntries(TERMS.map((term, i) => [term, this.sums[i] / this.examples])) as Terms;
    return { cost: TERMS.reduce((sum, term) => sum + terms[term], 0), terms };
  }
}

function isFiniteStep({ evaluation, gradientNorm }: StepResult<Evaluation>): boolean {
  return Number.isFinite(evaluation.cost) && Number.isFinite(gradientNorm);
}

function notFinite({ evaluation, gradientNorm }: StepResult<Evaluation>, step: number): TrainingError {
  const term = TERMS.find((name) => !Number.isFinite(evaluation.terms[name])) ?? 'gradient';
  const value = evaluation.terms[term as keyof Terms] ?? gradientNorm;
  return new TrainingError(`step ${step}: ${notFiniteRemedy(`the ${term} term is ${value}`)}`, step, term);
}

function notFiniteRemedy(what: string): string {
  return `${what}; training stopped and the model keeps its last good parameters: try a lower learning rate, or bounded units such as sigmoid`;
}
