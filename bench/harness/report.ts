import { cpus, loadavg } from 'node:os';

/** What a benchmark hands back: a table of cells for people, and the same as records for machines. */
export interface Report {
  readonly title: string;
  /** What was checked before anything was timed, and with which tolerance; '' where nothing is timed. */
  readonly checked: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly records: readonly Record<string, unknown>[];
  /** What was left out and why, and what a reader must know. */
  readonly notes?: readonly string[];
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly node: string;
  readonly platform: string;
  readonly date: string;
  /** V8's flags from the command line and NODE_OPTIONS. */
  readonly flags: readonly string[];
  /** OPENBLAS_CORETYPE of the environment: it limits which instructions OpenBLAS uses. */
  readonly openblasCoreType: string | null;
  /** Runnable processes in the minute before the run; null where it was not written down. */
  readonly load: number | null;
}

/** Where the figures come from. No host name: it says nothing about speed. */
export function machine(openblasNative: boolean): Machine {
  const processors = cpus();
  const options = (process.env.NODE_OPTIONS ?? '').split(/\s+/).filter((flag) => flag !== '');
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    date: new Date().toISOString().slice(0, 10),
    flags: [...process.execArgv, ...options],
    openblasCoreType: openblasNative ? null : (process.env.OPENBLAS_CORETYPE ?? null),
    load: loadavg()[0],
  };
}

/** The machine in one line. */
export function machineLine(about: Machine): string {
  const { processor, cores, node, platform, date, flags, openblasCoreType, load } = about;
  const with_ = flags.length > 0 ? ` with ${flags.join(' ')}` : '';
  const openblas = openblasCoreType === null ? '' : `; OPENBLAS_CORETYPE ${openblasCoreType}`;
  const busy = load === null ? '' : `, load ${load.toFixed(1)}`;
  return `${processor}, ${cores} cores${busy}; Node ${node}${with_}, ${platform}${openblas}; ${date}`;
}

/** Three significant digits, without exponents. */
export function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Milliseconds as people read them. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${digits(milliseconds / 1000)} s`;
  return milliseconds >= 1 ? `${digits(milliseconds)} ms` : `${digits(milliseconds * 1000)} µs`;
}

/** The quartiles of durations. */
export function durations(low: number, high: number): string {
  return `${duration(low)} – ${duration(high)}`;
}

/** A Markdown table, padded so that it also reads as plain text. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, j) => Math.max(column.length, ...rows.map((row) => row[j].length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, j) => cell.padEnd(widths[j])).join(' | ')} |`;
  return [line(columns), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

/** A report as Markdown. */
export function markdown({ title, checked, columns, rows, notes = [] }: Report): string {
  const parts = [`## ${title}`, ...(checked === '' ? [] : [`Checked: ${checked}.`])];
  if (rows.length > 0) parts.push(table(columns, rows));
  if (notes.length > 0) parts.push(notes.map((note) => `- ${note}`).join('\n'));
  return parts.join('\n\n');
}
