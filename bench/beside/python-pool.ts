import { type Instructions, Python, type PythonTasks, startPython } from './python.ts';

/** The Python processes of a run, started when first asked for. */
export class PythonPool {
  /** One line per process: what it has, or why there is none. */
  readonly notes: string[] = [];
  private readonly usual: Instructions;
  private readonly started = new Map<string, Python | null>();

  constructor(openblasNative: boolean) {
    this.usual = openblasNative ? 'native' : 'environment';
  }

  async get(tasks: PythonTasks, threads: number, instructions: Instructions = this.usual): Promise<Python | null> {
    const key = `${tasks} ${threads} ${instructions}`;
    const known = this.started.get(key);
    if (known !== undefined) return known;
    const python = await startPython(tasks, threads, instructions);
    const started = python instanceof Python;
    const note = started ? python.about : python;
    if (!this.notes.includes(note)) this.notes.push(note);
    this.started.set(key, started ? python : null);
    return started ? python : null;
  }

  stop(): void {
    for (const python of this.started.values()) python?.stop();
  }
}
