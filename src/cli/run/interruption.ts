import { constants } from 'node:os';
import { basename } from 'node:path';
import { say } from '../output.ts';
import { ENDS_WITH_PARENT } from '../with-parent.ts';

/**
 * What asks for an end: Ctrl-C, a polite end, a lost terminal, Ctrl-\, and what batch systems send before a limit of time
 * or of processor time. A listener keeps Node from opening its inspector on SIGUSR1. SIGPIPE ends no program of Node's.
 */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGXCPU'] as const;

/**
 * The signals that ask for an end: the first asks for a clean one through `signal`. Ctrl-C (or Ctrl-\) after it leaves at
 * once, and so does a second SIGTERM; others come twice by themselves, as where a terminal is lost.
 */
export class Interruption {
  private readonly controller = new AbortController();
  private first: NodeJS.Signals | null = null;
  private readonly promise: string;
  private readonly onSignal = (name: NodeJS.Signals) => {
    if (name === 'SIGHUP' && underNohup()) return;
    const hasParent = process.env[ENDS_WITH_PARENT] !== undefined;
    if (this.first === 'SIGUSR2' && hasParent && isCtrlC(name)) {
      this.first = name; // the one that the parent heard too, and passed on sooner
      return;
    }
    if (this.first !== null) {
      const urgent = isCtrlC(name) || (name === 'SIGTERM' && this.first === name);
      if (urgent) process.exit(128 + constants.signals[name]);
      return;
    }
    this.first = name;
    if (!hasParent) {
      say('');
      say(`${this.promise}; press Ctrl-C again to leave at once`);
    }
    this.controller.abort(new Error('interrupted'));
  };

  /** `promise` tells the user what the first one leads to. */
  constructor(promise = 'stopping after this step and saving') {
    this.promise = promise;
    for (const name of known()) process.on(name, this.onSignal);
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
      if ((reason as Error | undefined)?.name === 'AbortError') return null; // a signal of another process
      throw reason;
    }
  }

  /** Sets the exit status that a shell expects after a signal: 128 and its number. */
  exit(): void {
    if (this.first !== null) process.exitCode = 128 + constants.signals[this.first];
  }

  release(): void {
    for (const name of known()) process.off(name, this.onSignal);
  }
}

/** What a terminal sends to all of its processes at once: Ctrl-C, Ctrl-\. */
function isCtrlC(name: NodeJS.Signals): boolean {
  return name === 'SIGINT' || name === 'SIGQUIT';
}

/** Whether nohup started this process, which shells such as bash and zsh leave a note of. Node lets go of what it set. */
export function underNohup(): boolean {
  return basename(process.env._ ?? '') === 'nohup';
}

/** Those of this system. */
function known(): readonly NodeJS.Signals[] {
  return SIGNALS.filter((name) => constants.signals[name] !== undefined);
}
