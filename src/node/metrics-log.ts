import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { MetricsLine } from '../report/metrics-line.ts';
import { METRICS_FILE } from './earlier-run.ts';
import { openNew, openRegular } from './open-file.ts';

/** Lines go to the disk together, at most so often. */
const EVERY_MS = 250;
/** What is read of a file at once. */
const PIECE = 2 ** 20;
/** What a file may have to be taken up: more than a run of years writes. */
const LIMIT_BYTES = 2 ** 30;

/**
 * metrics.jsonl of a run that trains: lines are appended whole, each write ends with a line's end, so that a kill leaves whole lines.
 * What cannot be written is no reason to end a run: `failed` is told once, and no more is written.
 */
export class MetricsLog {
  private readonly file: number;
  private readonly failed: (error: Error) => void;
  private waiting = '';
  private timer: NodeJS.Timeout | null = null;
  private isOpen = true;

  private constructor(file: number, failed: (error: Error) => void) {
    this.file = file;
    this.failed = failed;
  }

  /**
   * A new file, in place of any that was there, with those of its lines that are no later than `step`: those of a run that goes on from
   * a checkpoint. A process that has lost the folder goes on writing into the old file, which has no name any more.
   * @throws the file system's errors.
   */
  static async open(folder: string, step: number, failed: (error: Error) => void): Promise<MetricsLog> {
    const path = join(folder, METRICS_FILE);
    const kept = step === 0 ? '' : await linesUpTo(path, step);
    const handle = await openNew(path);
    await handle.writeFile(kept);
    await handle.close();
    // A descriptor of its own: a FileHandle would close it when it is collected.
    return new MetricsLog(openSync(path, constants.O_WRONLY | constants.O_APPEND), failed);
  }

  write(line: MetricsLine): void {
    this.waiting += `${JSON.stringify(line)}\n`;
    if (this.timer !== null || !this.isOpen) return;
    this.timer = setTimeout(() => this.flush(), EVERY_MS);
    this.timer.unref();
  }

  /** Writes what waits. */
  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const bytes = Buffer.from(this.waiting);
    this.waiting = '';
    if (!this.isOpen || bytes.length === 0) return;
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.file, bytes, done);
    } catch (error) {
      this.isOpen = false;
      closeSync(this.file);
      this.failed(error as Error);
    }
  }

  close(): void {
    this.flush();
    if (!this.isOpen) return;
    this.isOpen = false;
    closeSync(this.file);
  }
}

/** Lines whose step is at most `step`; what is no whole line ends it. */
async function linesUpTo(path: string, step: number): Promise<string> {
  const file = await openRegular(path).catch(() => null);
  if (file === null) return '';
  try {
    if ((await file.stat()).size > LIMIT_BYTES) return '';
    const text = await file.readFile('utf8');
    let end = 0;
    for (let next = text.indexOf('\n'); next >= 0; next = text.indexOf('\n', end)) {
      const line = parsed(text.slice(end, next));
      if (line === null || line.step > step) break;
      end = next + 1;
    }
    return text.slice(0, end);
  } finally {
    await file.close();
  }
}

/** Null for what is no line of metrics. */
function parsed(text: string): MetricsLine | null {
  try {
    const line = JSON.parse(text) as Partial<MetricsLine> | null;
    if (typeof line?.step !== 'number' || typeof line.epoch !== 'number') return null;
    if (typeof line.terms !== 'object' || line.terms === null) return null;
    const { cost, validation, gradientNorm, learningRate, examplesPerSecond, seconds, l0, dead, looked } = line;
    const rest = [cost, validation, gradientNorm, learningRate, examplesPerSecond, seconds, l0, dead, looked];
    const all = [...rest, ...Object.values(line.terms)];
    return all.every((value) => value == null || Number.isFinite(value)) ? (line as MetricsLine) : null;
  } catch {
    return null;
  }
}

/** Whole lines of a run's file from byte `from` on, at most a piece, and where the next ones begin; null where there is none. */
export async function metricsFrom(folder: string, from: number): Promise<{ text: string; next: number } | null> {
  const file = await openRegular(join(folder, METRICS_FILE)).catch(() => null);
  if (file === null) return null;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PIECE), 0, PIECE, from);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1;
    return { text: buffer.toString('utf8', 0, end), next: from + end };
  } finally {
    await file.close();
  }
}

/** Lines that are read for a report: of longer files every n-th, and the last. */
const MOST_LINES = 20_000;

/** The lines of a run's file that are whole; [] where there is none. What is no line of metrics is passed over. */
export async function readMetrics(folder: string): Promise<MetricsLine[]> {
  let lines: MetricsLine[] = [];
  let every = 1;
  let count = 0;
  let last: MetricsLine | null = null;
  for (let from = 0; ; ) {
    const read = await metricsFrom(folder, from);
    if (read === null || read.text === '') break;
    for (const text of read.text.split('\n')) {
      const line = parsed(text);
      if (line === null) continue;
      last = line;
      if (count++ % every === 0) lines.push(line);
      if (lines.length < MOST_LINES) continue;
      lines = lines.filter((_, i) => i % 2 === 0);
      every *= 2;
    }
    from = read.next;
  }
  return last === null || lines[lines.length - 1] === last ? lines : [...lines, last];
}
