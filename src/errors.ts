const LIMIT_MESSAGE = 1000;

/**
 * Something the caller gave is not allowed: an argument, a config key, a data set, a file.
 * The message is one line: what, what was given, what is allowed, what to do. Whatever a file or a path puts into it, it
 * stays one line without control characters, of at most 1000 characters.
 */
export class InputError extends Error {
  /** Tells it apart where `instanceof` cannot: in another realm. A structured clone loses it, and the class. */
  override readonly name = 'InputError';

  constructor(message: string) {
    super(message.slice(0, LIMIT_MESSAGE).replace(/[\p{Cc}\u2028\u2029]+/gu, ' '));
  }
}

/** A value as a reader would write it, short enough for one line; whatever it is, this does not throw. */
export function show(value: unknown): string {
  if (typeof value === 'function') return `a function${value.name === '' ? '' : ` (${value.name.slice(0, 40)})`}`;
  if ((typeof value !== 'object' && typeof value !== 'string') || value === null) return String(value);
  if (typeof value === 'object' && !Array.isArray(value)) {
    // A model or a typed array written out would take seconds and gigabytes.
    const { name = 'Object' } = value.constructor ?? {};
    if (name === 'Promise') return 'a Promise (await is missing)';
    if (name !== 'Object') return `of class ${name.replace(/^_/, '')}`;
  }
  let text = Array.isArray(value) ? 'a list' : 'an object'; // circular, or nested too deeply to be written out
  try {
    text = JSON.stringify(value) ?? text;
  } catch {}
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Training cannot go on: the cost is not finite. Says at which step (1-based) and in which term of the cost. */
export class TrainingError extends Error {
  /** Tells it apart where `instanceof` cannot: in another realm. A structured clone loses it, and the class. */
  override readonly name = 'TrainingError';
  /** At which it ended, counted from 1. */
  readonly step: number;
  /** Of the cost, the first that is not finite; `gradient` or `parameters` where it is one of these. */
  readonly term: string;

  constructor(message: string, step: number, term: string) {
    super(message);
    this.step = step;
    this.term = term;
  }
}

/** A checkpoint could not be saved: `cause` is what `save` threw, `step` (1-based) the last one that was trained. */
export class CheckpointError extends Error {
  /** Tells it apart where `instanceof` cannot: in another realm. A structured clone loses it, and the class. */
  override readonly name = 'CheckpointError';
  /** The last one that was trained, counted from 1. */
  readonly step: number;

  constructor(message: string, step: number, cause: unknown) {
    super(message, { cause });
    this.step = step;
  }
}

/**
 * The engine itself cannot go on: a worker thread ended, so what the call was computing is void and later calls start new
 * threads; or the kernels that `deterministic` promises cannot run here.
 */
export class EngineError extends Error {
  /** Tells it apart where `instanceof` cannot: in another realm. A structured clone loses it, and the class. */
  override readonly name = 'EngineError';
}
