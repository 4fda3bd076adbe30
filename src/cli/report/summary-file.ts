import { readJson } from '../../node/read-json.ts';
import type { HistoryEntry } from '../../training/history.ts';

export const SUMMARY_FILE = 'summary.json';

/** Entries of a history that a summary holds: no more than its readers take. */
const MOST_ENTRIES = 2 ** 19;
/** Entries and units from which on JSON is written without line breaks: a text can have 2²⁹ characters. */
const LONG = 2 ** 20;
/** What a summary of so many entries has, and what a text can have. */
const LIMITS = { bytes: 2 ** 29 - 25, parts: 2 ** 21 };

/** The history as a summary holds it: of long runs every n-th entry, and the last. */
export function thinned(
  history: readonly HistoryEntry[],
  most = MOST_ENTRIES,
): { history: readonly HistoryEntry[]; historyEvery?: number } {
  const every = Math.ceil(history.length / most);
  if (every <= 1) return { history };
  const last = history.length - 1;
  return { history: history.filter((_, i) => i % every === every - 1 || i === last), historyEvery: every };
}

/** What grows with the run, where a summary has it. */
interface Lists {
  readonly history?: readonly unknown[];
  readonly metrics?: { readonly meanActivations: readonly number[] };
}

/** The text of summary.json. @throws RangeError where no text can hold it. */
export function summaryText(summary: object): string {
  const { history, metrics } = summary as Lists;
  const size = (history?.length ?? 0) + (metrics?.meanActivations.length ?? 0);
  return `${JSON.stringify(summary, null, size > LONG ? 0 : 1)}\n`;
}

/** What summary.json holds, of any size that `summaryText` writes. @throws InputError as `readJson` does. */
export function readSummaryFile(path: string): Promise<unknown> {
  return readJson(path, LIMITS);
}
