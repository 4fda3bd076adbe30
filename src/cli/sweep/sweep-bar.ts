import { Presets, SingleBar } from 'cli-progress';
import { say } from '../output.ts';

/** The progress of a sweep on stderr: one bar for all runs on a terminal, a line for each run that ends elsewhere. */
export class SweepBar {
  private readonly bar: SingleBar | null;
  private readonly quiet: boolean;
  private running = 0;

  constructor(total: number, done: number, quiet: boolean, stream: NodeJS.WriteStream = process.stderr) {
    this.quiet = quiet;
    this.bar =
      !quiet && stream.isTTY
        ? new SingleBar(
            {
              format: ' {bar} {value}/{total} runs  {running} running  {last}',
              stream,
              hideCursor: false,
              linewrap: true, // as it is: lines are cut to the terminal's width instead
              clearOnComplete: true,
              barsize: 24,
            },
            Presets.shades_classic,
          )
        : null;
    this.bar?.start(total, done, { running: 0, last: '' });
  }

  begun(): void {
    this.running++;
    this.bar?.update({ running: this.running });
  }

  ended(done: number, line: string): void {
    this.running--;
    if (this.bar === null && !this.quiet) say(line);
    this.bar?.update(done, { running: this.running, last: line.replace(/^\S+ /, '') });
  }

  stop(): void {
    this.bar?.stop();
  }
}
