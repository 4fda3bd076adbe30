/**
 * What a run folder shows of itself. `running`: a process holds it; `unfinished`: it was killed, or interrupted with a checkpoint;
 * `finished`; `interrupted`: as far as it went, and cannot be gone on with.
 */
export type RunState = 'running' | 'unfinished' | 'finished' | 'interrupted';

/** What the server of `rhohat view` and of `--live` says of a run: runs.json is { runs: RunView[] }. */
export interface RunView {
  /** Short, and different of each run that is shown. */
  readonly name: string;
  readonly folder: string;
  readonly state: RunState;
  /** What state means here, and what to do about it, in words. */
  readonly says: string;
  /** Of the whole run; null where it is not known. */
  readonly steps: number | null;
  readonly epochs: number | null;
  /** What was asked, by flat keys such as model.sparsity.weight, as text. */
  readonly settings: Readonly<Record<string, string>>;
  /** What came out, by names such as 'explained variance', as text; {} while it is not known. */
  readonly results: Readonly<Record<string, string>>;
  /** Whether it has a snapshot.json, and a report.html. */
  readonly hasSnapshot: boolean;
  readonly hasReport: boolean;
}
