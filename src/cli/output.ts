import { type Options, Presets, SingleBar } from 'cli-progress';
import { launched } from '../node/mpi/launch.ts';
import type { Progress } from '../training/progress.ts';
import { oneLine, printable } from './printable.ts';
import { stdout } from './stdout.ts';

/**
 * Writes to stdout: results for a person, a list of lines, or one JSON document with --json. Whatever files gave for it,
 * nothing in it acts on a terminal, and no line of a list becomes two.
 */
export function print(text: string | readonly string[]): void {
  const clean = typeof text === 'string' ? printable(text) : text.map(oneLine).join('\n');
  void stdout.write(`${clean}\n`);
}

/** Writes pieces of text to stdout as they come, no faster than they are read, until nobody reads any more. */
export async function printPieces(pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) {
    await stdout.write(printable(piece));
    if (!stdout.open) return;
  }
}

/** Of several processes the first one speaks. */
const silent = (launched()?.rank ?? 0) > 0;

/** Writes one line to stderr: what is no result. Where that cannot be written, nothing else is the worse for it. */
export function say(line: string): void {
  if (silent) return;
  try {
    process.stderr.write(`${oneLine(line)}\n`);
  } catch {
    // The terminal is gone, or its disk is full.
  }
}

/** A number in at most `digits` significant digits, without trailing zeros. */
export function short(value: number, digits = 4): string {
  return String(Number(value.toPrecision(digits)));
}

/** Rows of equal width columns. The first row is the head. */
export function table(given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map(oneLine));
  const widths = rows[0].map((_, j) => Math.max(...rows.map((row) => row[j].length)));
  return rows
    .map((row) =>
      row
        .map((cell, j) => cell.padEnd(widths[j]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/**
 * A progress bar on stderr, and only on a terminal. Cursor and line wrapping stay as they are: a process can end at any
 * moment in a way that lets it restore nothing.
 */
export class ProgressBar {
  private readonly bar: SingleBar | null;
  private started = false;

  constructor(enabled: boolean, stream: NodeJS.WriteStream = process.stderr) {
    const options: Options = {
      format: ' {bar} {value}/{total}  cost {cost}  mean activation {rho}  {pace} examples/s  {left} left',
      stream,
      hideCursor: false,
      linewrap: true, // as it is: lines are cut to the terminal's width instead
      clearOnComplete: true,
      etaBuffer: 10,
      barsize: 24,
    };
    this.bar = enabled && stream.isTTY ? new SingleBar(options, Presets.shades_classic) : null;
  }

  update(progress: Progress): void {
    if (this.bar === null) return;
    const payload = {
      cost: short(progress.cost),
      rho: short(progress.meanActivation, 3),
      pace: Math.round(progress.examplesPerSecond).toLocaleString('en-US'),
      left: duration(progress.secondsLeft),
    };
    if (!this.started) this.bar.start(progress.steps, progress.step, payload);
    else this.bar.update(progress.step, payload);
    this.started = true;
  }

  stop(): void {
    if (this.started) this.bar?.stop();
  }
}

/** 75 → 1 min 15 s. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${short(seconds, 2)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
