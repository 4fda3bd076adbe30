import type { Machine, Report } from './harness/report.ts';

/** What --json prints and the plot reads. */
export interface Saved {
  readonly machine: Machine & { readonly peers: readonly string[] };
  readonly reports: Readonly<Record<string, Pick<Report, 'checked' | 'records' | 'notes'>>>;
}
