/**
 * Something the caller gave is not allowed: an argument, a config key, a data set, a file.
 * The message is one line: what, what was given, what is allowed, what to do.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Training cannot go on: the cost is not finite. Says at which step (1-based) and in which term of the cost. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  readonly step: number;
  readonly term: string;

  constructor(message: string, step: number, term: string) {
    super(message);
    this.step = step;
    this.term = term;
  }
}

/** The engine itself cannot go on: a worker thread ended. What the call was computing is void; later calls start new threads. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
