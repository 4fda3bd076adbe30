import type { Lab } from './lab.ts';
import type { Trial } from './search.ts';

/** A number that was published, and what came out here, once for each seed. */
export interface Figure {
  readonly what: string;
  readonly unit: '%' | '' | 's';
  /** null where none was published, or none that was read in a primary text. */
  readonly published: number | string | null;
  readonly ours: readonly number[];
  /** What was to be reached. */
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
  /** On what hyper-parameters were chosen, such as "validation 1.21": shown beside ours. */
  readonly note?: string;
  /** Stands in the row's section alone, not in the table of all rows. */
  readonly detail?: true;
  /** Stands in the table of all rows: where a row has headlines, only they do. */
  readonly headline?: true;
}

/** A picture in docs/results/, with what a reader must know to read it. */
export interface Drawn {
  readonly file: string;
  readonly caption: string;
  /** Opens the section of its row; where none does, the first of all. */
  readonly first?: true;
}

/** Numbers of several models beside each other, as they shall be read. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly note: string;
}

/** A part of a row's work, for what is set beside it: seconds and last cost, once for each seed. */
export interface StageTimes {
  readonly what: string;
  readonly seconds: readonly number[];
  readonly costs: readonly number[];
}

/** What a row found: plain JSON, docs/results/<name>.json. */
export interface Outcome {
  readonly figures: readonly Figure[];
  readonly tables?: readonly Table[];
  readonly stages?: readonly StageTimes[];
  readonly pictures: readonly Drawn[];
  /** "What made the difference": the same row with one change at a time; its note says on what it was measured. */
  readonly ablation?: Table;
  /** What was seen and missed: stands open below the figures. */
  readonly remarks: readonly string[];
  /** What was searched and not taken, a line each: folded. */
  readonly tried?: readonly string[];
}

/** A headline figure or table of the literature, and how it is repeated. */
export interface Row {
  readonly name: string;
  readonly title: string;
  /** The published set-up and figures, with their source; only what was read in a primary text counts as published. */
  readonly published: string;
  /** Ours, and every difference. */
  readonly setup: string;
  /** null: skipped, and said why. */
  readonly run: (lab: Lab) => Promise<Outcome | null>;
  /** What was tried while it has no record. */
  readonly tried?: readonly string[];
  /** How its settings were searched, on validation images alone: what is measured, and the trials. */
  readonly search?: { readonly measure: string; readonly run: (lab: Lab) => Promise<readonly Trial[]> };
}
