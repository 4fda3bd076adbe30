/** Ctrl-C and SIGTERM: the first asks for a clean end through `signal`, the second leaves at once. */
export class Interruption {
  private readonly controller = new AbortController();
  private status: number | null = null;
  private readonly promise: string;
  private readonly onSignal = (name: NodeJS.Signals) => {
    const status = name === 'SIGINT' ? 130 : 143;
    if (this.status !== null) process.exit(status);
    this.status = status;
    process.stderr.write(`\n${this.promise}; press Ctrl-C again to leave at once\n`);
    this.controller.abort(new Error('interrupted'));
  };

  /** `promise` tells the user what the first one leads to. */
  constructor(promise = 'stopping after this step and saving') {
    this.promise = promise;
    process.on('SIGINT', this.onSignal).on('SIGTERM', this.onSignal);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** What `work` gives; null where it ended because of a signal. */
  async orNull<T>(work: Promise<T>): Promise<T | null> {
    try {
      return await work;
    } catch (reason) {
      if (this.signal.aborted && reason === this.signal.reason) return null;
      throw reason;
    }
  }

  /** Sets the exit status that a shell expects after a signal. */
  exit(): void {
    if (this.status !== null) process.exitCode = this.status;
  }

  release(): void {
    process.off('SIGINT', this.onSignal).off('SIGTERM', this.onSignal);
  }
}
