import type { AnyNumbers, View } from '../../array/matrix.ts';
import { describeCorruption } from '../../corruption/corruption.ts';
import type { ImageShape } from '../../data/examples.ts';
import { assess } from '../../measures/assess.ts';
import type { Inspection } from '../../measures/inspection.ts';
import type { MeasureOptions, Metrics } from '../../measures/metrics.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';
import { type FullConfig, sparsitiesOf } from '../../model/config.ts';
import { turboHere } from '../../node/turbo/enable-turbo.ts';
import { ranOn, ranOnLines } from '../../report/ran-on.ts';
import type { PcaBaseline, ProcessesSummary, Summary, SummaryMetrics } from '../../report/run-summary.ts';
import { trainingNote } from '../../report/training-note.ts';
import type { FitResult, HistoryEntry } from '../../training/history.ts';
import type { Run } from '../../training/run.ts';
import { VERSION } from '../../version.ts';
import { duration, short } from '../output.ts';
import { attempt } from './attempt.ts';
import { costText } from './cost-text.ts';
import { describeDictionary, describePart } from './describe-parts.ts';
import { rangeNote } from './range-note.ts';
import { thinned } from './summary-file.ts';
import { turboText } from './turbo-text.ts';

/** What `summarize` is made from. */
export interface Outcome {
  readonly run: Run;
  /** The words of the command that began it. */
  readonly command?: readonly string[] | undefined;
  readonly model: Autoencoder;
  /** The training examples, or a sample of them. */
  readonly x: View<AnyNumbers>;
  /** Of a transcoder: what the outputs for x are compared with. */
  readonly target?: View<AnyNumbers>;
  /** How many there are, where x is a sample. */
  readonly examples?: number;
  readonly image?: ImageShape;
  /** What the source held, in words. */
  readonly read?: string;
  /** Its numbers, in words. */
  readonly values?: string;
  /** null where training was interrupted. */
  readonly result: FitResult | null;
  /** With --keep best: the epoch whose parameters the model has. */
  readonly kept?: number;
  readonly history: readonly HistoryEntry[];
  readonly baseline?: PcaBaseline;
  /** Where several shared the run. */
  readonly processes?: ProcessesSummary | undefined;
  /** How many shared it before it was taken up, where that is another number. */
  readonly processesBefore?: number | undefined;
}

/**
 * The summary of a run, its metrics measured on x, by all processes of a group; what cannot be measured is left out, and said.
 */
export async function summarize(outcome: Outcome, share: Pick<MeasureOptions, 'group'> = {}): Promise<Summary> {
  const {
    run,
    command,
    model,
    x,
    target,
    examples = x.shape[0],
    image,
    read,
    values,
    result,
    kept,
    history,
    baseline,
    processes,
    processesBefore,
  } = outcome;
  const last = history[history.length - 1];
  const found = await attempt('the metrics and the statistics of the codes are', () =>
    assess(model, x, { target, ...share }),
  );
  const metrics = found && (await attempt('the metrics are', () => summaryMetrics(found.metrics())));
  const inspection = found && (await attempt('the statistics of the codes are', found.inspection));
  const note = rangeNote(model.config, x);
  return {
    rhohat: VERSION,
    node: process.versions.node,
    ...ranOn(model.runtime),
    turbo: turboHere(),
    ...(processes === undefined ? {} : { processes }),
    run,
    ...(command === undefined ? {} : { command }),
    model: model.config,
    parameters: model.engine.layout.length,
    examples,
    ...(read === undefined ? {} : { read }),
    ...(values === undefined ? {} : { values }),
    ...(x.shape[0] === examples ? {} : { sample: x.shape[0] }),
    ...(image ? { image } : {}),
    ...(note === null ? {} : { dataNote: note }),
    interrupted: result === null,
    ...(result?.resumed ? { resumed: result.resumed } : {}),
    ...(processesBefore === undefined ? {} : { processesBefore }),
    ...(result === null ? {} : { seconds: result.seconds, converged: result.converged }),
    ...(kept === undefined ? {} : { kept }),
    ...(last === undefined ? {} : { last }),
    ...(baseline === undefined ? {} : { pca: baseline }),
    ...(metrics === undefined ? {} : { metrics }),
    ...(inspection === undefined ? {} : { inspection }),
    ...thinned(history),
  };
}

function summaryMetrics(metrics: Metrics): SummaryMetrics {
  return { ...metrics, meanActivations: Array.from(metrics.meanActivations), firing: Array.from(metrics.firing) };
}

/** The summary for a person. */
export function summaryLines(summary: Summary, path: string): string[] {
  const { model, metrics, last } = summary;
  const { target } = summary.run;
  const layers = [model.inputs, ...model.hidden, ...[...model.hidden].reverse().slice(1), model.targets].join('-');
  const terms = Object.entries(last?.terms ?? {}).filter(([, value]) => value !== 0);
  const little = trainingNote(summary);
  return [
    `${path}`,
    `  model           ${layers}, ${model.activation}/${model.output}, ${model.loss}${tying(model)}, ${model.precision}, seed ${model.seed}`,
    ...objective(model).map((line) => `                  ${line}`),
    ...ranOnLines(summary).map((line, i) => `  ${i === 0 ? 'engine' : '      '}          ${line}`),
    ...(summary.turbo === undefined ? [] : [`  turbo           ${turboText(summary.turbo)}`]),
    ...(summary.processes === undefined ? [] : [`  processes       ${processesText(summary.processes)}`]),
    `  examples        ${summary.examples.toLocaleString('en-US')} from ${summary.run.source}${summary.sample === undefined ? '' : `, measured on ${summary.sample.toLocaleString('en-US')} of them`}`,
    ...(target === undefined ? [] : [`  targets         ${summary.examples.toLocaleString('en-US')} from ${target}`]),
    ...(summary.read === undefined ? [] : [`  read as         ${summary.read}`]),
    ...(summary.values === undefined ? [] : [`  values          ${summary.values}`]),
    ...(last === undefined
      ? []
      : [
          `  cost            ${costText(last.cost, last.step, summary.run.fit)}${summary.seconds === undefined ? '' : ` in ${duration(summary.seconds)}`}`,
          `                  ${terms.map(([name, value]) => `${TERM_NAMES[name] ?? name} ${short(value)}`).join(', ')}`,
        ]),
    ...(last === undefined && metrics !== undefined
      ? [`  reconstruction  ${short(metrics.reconstructionError, 6)} mean error`]
      : []),
    ...(last?.validation === undefined ? [] : [`  validation      ${short(last.validation)} reconstruction error`]),
    ...(metrics === undefined
      ? []
      : [`  unexplained     ${unexplained(metrics, summary)}`, activationsLine(metrics, model)]),
    ...(summary.inspection === undefined ? [] : [codesLine(summary.inspection)]),
    ...(summary.pca === undefined || metrics === undefined ? [] : [pcaLine(summary.pca, metrics.squaredError)]),
    ...(summary.resumed ? [`  resumed         after step ${summary.resumed.step}${resumedText(summary)}`] : []),
    ...(summary.converged ? [`  stopped early   ${summary.converged}`] : []),
    ...(summary.kept ? [`  parameters of   epoch ${summary.kept}, ${keptText(summary)}`] : []),
    ...(summary.interrupted
      ? [`  interrupted     the model holds what was learnt until then${summary.kept ? ', of its best epoch' : ''}`]
      : []),
    ...(little === null ? [] : [`  learnt little   ${little}`]),
  ];
}

/** Where sums are added in another order than before. */
function resumedText({ processesBefore: before }: Summary): string {
  if (before === undefined) return '';
  return `, which ${before} ${before === 1 ? 'process' : 'processes'} had done: equal to rounding, not to the bit`;
}

function processesText({ number, library, bytesPerStep }: ProcessesSummary): string {
  const bytes = bytesPerStep === undefined ? '' : `, ${short(bytesPerStep / 1e6)} MB a step summed by each`;
  return `${number}, ${library}${bytes}`;
}

/** What the epoch that was kept is chosen by. */
function keptText({ history, kept }: Summary): string {
  const { validation } = history.find(({ epoch }) => epoch === kept) ?? {};
  return `the least validation error${validation === undefined ? '' : `, ${short(validation)}`}`;
}

const TERM_NAMES: Readonly<Record<string, string>> = { weightDecay: 'weight decay', weightL1: 'weight l1' };

/** ', tied', ', tied in layers 0, 2', or nothing. */
function tying({ tied }: FullConfig): string {
  if (typeof tied === 'boolean') return tied ? ', tied' : '';
  const layers = tied.flatMap((is, i) => (is ? [i] : []));
  if (layers.length === tied.length) return ', tied';
  return layers.length === 0 ? '' : `, tied in layers ${layers.join(', ')}`;
}

/** What beside the reconstruction is asked for, on one line. */
function objective(config: FullConfig): string[] {
  const { contraction, corruption, weightDecay, weightL1 } = config;
  const parts = [
    ...sparsitiesOf(config).map(describePart),
    ...describeDictionary(config),
    weightDecay > 0 && `weight decay λ ${weightDecay}`,
    weightL1 > 0 && `weight l1 γ ${weightL1}`,
    contraction.weight > 0 && `contraction κ ${contraction.weight}`,
    corruption && describeCorruption(corruption),
    config.emphasis && `emphasis ${config.emphasis.corrupted}:${config.emphasis.untouched}`,
  ].filter(Boolean);
  return parts.length === 0 ? [] : [parts.join(', ')];
}

/** The share of the variance; undefined, NaN or in JSON null, where there is none. */
function unexplained({ varianceUnexplained: share }: SummaryMetrics, { sample, examples }: Summary): string {
  if (Number.isFinite(share)) return `${short(100 * share, 3)}% of the variance`;
  return `undefined: ${(sample ?? examples) === 1 ? 'one example has' : 'equal examples have'} no variance`;
}

/** The range of ρ̂, and the units that are always off or on. */
function activationsLine(
  { meanActivations: rho, deadUnits, saturatedUnits }: SummaryMetrics,
  model: FullConfig,
): string {
  const sparsity = sparsitiesOf(model).find(({ layer }) => layer === model.hidden.length - 1);
  const target = sparsity?.kind === 'kl' ? `, target ${sparsity.target}` : '';
  const [least, most] = rho.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
  return `  mean activation ${short(least, 3)} to ${short(most, 3)}${target}; on every example: ${deadUnits.length} of ${rho.length} units dead, ${saturatedUnits.length} saturated`;
}

/** L0, sparsity, saturation and contraction of the codes. */
function codesLine({ l0, units, populationSparsity, lifetimeSparsity, saturation, jacobian }: Inspection): string {
  const parts = [
    // Units that are never exactly 0, such as sigmoid ones, have an L0 that says nothing of how sparse they are.
    `L0 ${short(l0, 3)} of ${units}${l0 === units ? ' (no exact zeros)' : ''}`,
    populationSparsity !== null && `population sparsity ${short(populationSparsity, 3)}`,
    lifetimeSparsity !== null && `lifetime sparsity ${short(lifetimeSparsity, 3)}`,
    saturation !== null &&
      `${short(100 * saturation.share, 3)}% of activations saturated (rate below 0.05 or above 0.95)`,
    `mean ‖J‖ ${short(jacobian.mean, 3)}`,
  ];
  return `  codes           ${parts.filter(Boolean).join(', ')}`;
}

function pcaLine({ components, squaredError, largestAngle }: PcaBaseline, own: number): string {
  const angle = largestAngle === undefined ? '' : `, largest angle to its subspace ${short(largestAngle, 3)}°`;
  return `  squared error   ${short(own, 5)}, PCA-${components} ${short(squaredError, 5)}${angle}`;
}
