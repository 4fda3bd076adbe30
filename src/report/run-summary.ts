import type { ImageShape } from '../data/examples.ts';
import type { Inspection } from '../measures/inspection.ts';
import type { Metrics } from '../measures/metrics.ts';
import type { FullConfig } from '../model/config.ts';
import type { FitResult, HistoryEntry } from '../training/history.ts';
import type { Run } from '../training/run.ts';
import type { RanOn } from './ran-on.ts';

/** summary.json: what was asked, what ran, what came out. Of kernels: simd-relaxed and simd-wide have the same bits. */
export interface Summary extends RanOn {
  readonly rhohat: string;
  readonly node: string;
  /** Whether V8 fused 128-bit operations into 256-bit ones, which changes no bit, and why; absent in folders of earlier releases. */
  readonly turbo?: { readonly on: boolean; readonly why: string };
  /** Of a run that several processes shared. */
  readonly processes?: ProcessesSummary;
  readonly run: Run;
  /** The words of the command that began it, without the program; absent in folders of earlier releases. */
  readonly command?: readonly string[];
  readonly model: FullConfig;
  readonly parameters: number;
  readonly examples: number;
  /** What the source held, and how its shape was read; absent in folders of earlier releases. */
  readonly read?: string;
  /** Its numbers: type, range, mean against deviation, gaps. */
  readonly values?: string;
  /** How many of them metrics, inspection and pictures looked at, where data were read in blocks. */
  readonly sample?: number;
  readonly image?: ImageShape;
  /** Where the outputs cannot reach the data, or their scale keeps the model from learning: what to do about it. */
  readonly dataNote?: string;
  /** Ctrl-C ended training early; the model holds what was learnt until then. */
  readonly interrupted: boolean;
  /** Where the last process took the run up: after this step, which these kernels had done. */
  readonly resumed?: FitResult['resumed'];
  /** How many processes had shared the run before it was taken up, where that is another number: sums were added in another order. */
  readonly processesBefore?: number;
  readonly seconds?: number;
  /** Why training ended before its last step; null if it did not. */
  readonly converged?: string | null;
  /** With --keep best: the epoch whose parameters the model has. */
  readonly kept?: number;
  /** Principal component analysis on the same examples, with --pca. */
  readonly pca?: PcaBaseline;
  /** The last entry of the history. */
  readonly last?: HistoryEntry;
  /** Absent where they could not be measured. */
  readonly metrics?: SummaryMetrics;
  /** Of the codes; absent where they could not be measured. */
  readonly inspection?: Inspection;
  readonly history: readonly HistoryEntry[];
  /** Where it is more than 1, the history is of every so-manieth entry, and the last. */
  readonly historyEvery?: number;
}

/** Processes that shared a run. */
export interface ProcessesSummary {
  readonly number: number;
  /** Of MPI, and its version. */
  readonly library: string;
  /** That each gave to sums. */
  readonly bytesPerStep?: number;
}

/** The metrics as JSON holds them. */
export type SummaryMetrics = Omit<Metrics, 'meanActivations' | 'firing'> & {
  readonly meanActivations: number[];
  readonly firing: number[];
};

/** Principal component analysis beside a model, fitted and evaluated on the same examples. */
export interface PcaBaseline {
  readonly components: number;
  /** (1/m) Σ ‖x̂ − x‖², without ½. */
  readonly squaredError: number;
  /** Between the decoder's rows and the components, in degrees; for one hidden layer of as many units. */
  readonly largestAngle?: number;
}
