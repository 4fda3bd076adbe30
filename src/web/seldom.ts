import type { Progress } from '../training/progress.ts';

/** Tells of steps at most so often, and of the last one of a run. */
export class Seldom {
  private readonly tell: (progress: Progress) => void;
  private readonly milliseconds: number;
  private when = Number.NEGATIVE_INFINITY;
  private held: Progress | null = null;

  constructor(tell: (progress: Progress) => void, milliseconds: number) {
    this.tell = tell;
    this.milliseconds = milliseconds;
  }

  /** The progress now, or the latest one later: with the validation error, where one was measured since it was last told. */
  latest(progress: Progress): void {
    const { validation } = this.held ?? {};
    this.held = validation === undefined ? progress : { validation, ...progress };
    const ends = progress.step === progress.steps;
    if (ends || performance.now() - this.when >= this.milliseconds) this.flush();
  }

  /** What is still held. */
  flush(): void {
    if (this.held === null) return;
    this.when = performance.now();
    this.tell(this.held);
    this.held = null;
  }
}
