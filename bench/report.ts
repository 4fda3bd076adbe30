import { cpus } from 'node:os';

/** What a benchmark hands back: a table of cells for people, and the same as records for machines. */
export interface Report {
  readonly title: string;
  /** What was checked before anything was timed, and with which tolerance. */
  readonly checked: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly records: readonly Record<string, unknown>[];
}

/** Where the figures come from. No host name: it says nothing about speed. */
export function machine(): { processor: string; cores: number; node: string; platform: string; date: string } {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** Three significant digits, without exponents. */
export function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** A Markdown table, padded so that it also reads as plain text. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, j) => Math.max(column.length, ...rows.map((row) => row[j].length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, j) => cell.padEnd(widths[j])).join(' | ')} |`;
  return [line(columns), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}
