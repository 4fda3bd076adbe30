import { type Options, Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../training/progress.ts';

/** Writes to stdout: results for a person, or one JSON document with --json. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A number in at most `digits` significant digits, without trailing zeros. */
export function short(value: number, digits = 4): string {
  return String(Number(value.toPrecision(digits)));
}

/** Rows of equal width columns. The first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
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

/** A progress bar on stderr, and only on a terminal. */
export class ProgressBar {
  private readonly bar: SingleBar | null;
  private started = false;

  constructor(enabled: boolean) {
    const options: Options = {
      format: ' {bar} {value}/{total}  cost {cost}  mean activation {rho}  {pace} examples/s  {left} left',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 10,
      barsize: 24,
    };
    this.bar = enabled && process.stderr.isTTY ? new SingleBar(options, Presets.shades_classic) : null;
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
