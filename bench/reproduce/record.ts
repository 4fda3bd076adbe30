import type { Outcome } from './row.ts';
import type { Searched } from './search.ts';

/** docs/results/<name>.json: what a full run of a row found, on what machine, in what time. */
export interface Record_ extends Outcome {
  readonly name: string;
  /** As it was run: what the row says today may be of other settings. Old records have none. */
  readonly setup?: string;
  readonly command: string;
  readonly seconds: number;
  readonly machine: string;
  /** What trained: kernels, threads, Node. */
  readonly by: readonly string[];
  readonly date: string;
  /** Kept in a file of its own. */
  readonly search?: Searched;
}
