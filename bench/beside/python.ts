import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Numbers, Precision } from '../../src/array/matrix.ts';
import type { SelfTimed } from '../harness/measure.ts';
import { peersFolder } from './load.ts';

/** An array that Python reads from a file. */
interface SentArray {
  readonly path: string;
  readonly type: Precision;
  readonly shape: readonly number[];
}

/** A Python with the modules of a task list under bench/peers/python, in a process of its own. */
export class Python {
  readonly about: string;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private readonly folder = mkdtempSync(join(tmpdir(), 'rhohat-bench-'));
  private count = 0;

  constructor(child: ChildProcessWithoutNullStreams, lines: AsyncIterator<string>, about: string) {
    this.child = child;
    this.lines = lines;
    this.about = about;
  }

  /** A path in the folder that both sides see. */
  path(): string {
    return join(this.folder, String(this.count++));
  }

  send(values: Numbers, shape: readonly number[]): SentArray {
    const path = this.path();
    writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return { path, type: values instanceof Float32Array ? 'float32' : 'float64', shape };
  }

  receive(path: string, precision: Precision): Numbers {
    const bytes = Uint8Array.from(readFileSync(path));
    return precision === 'float32' ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer);
  }

  /** Runs a task once; its results lie in the files that the message names. */
  async prepare(task: string, message: Record<string, unknown>): Promise<string> {
    const id = this.path();
    await this.ask({ kind: 'prepare', id, task, ...message });
    return id;
  }

  /** A prepared task as a subject. */
  subject(name: string, id: string): SelfTimed {
    const samples = async (warmup: number, time: number) => {
      const answer = await this.ask({ kind: 'round', id, warmup, time });
      return answer.samples as number[];
    };
    return { name, samples };
  }

  /** Lets go of a prepared task and its arrays. */
  async forget(id: string): Promise<void> {
    await this.ask({ kind: 'forget', id });
  }

  stop(): void {
    this.child.stdin.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ask(message: Record<string, unknown>): Promise<Record<string, unknown>> {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the Python peer ended: its message is above');
    return JSON.parse(value) as Record<string, unknown>;
  }
}

/** Whose tasks: the modules pytorch.py and scientific.py. */
export type PythonTasks = 'pytorch' | 'scientific';

/** The first python3 that has what the tasks import, or one line that says why there is none. */
export async function startPython(
  tasks: PythonTasks,
  threads: number,
  openblasNative: boolean,
): Promise<Python | string> {
  const { OPENBLAS_CORETYPE, ...others } = process.env;
  const env = openblasNative ? others : process.env;
  const counts = { OPENBLAS_NUM_THREADS: String(threads), OMP_NUM_THREADS: String(threads) };
  let why = 'no python3';
  for (const command of ['python3', '/usr/bin/python3']) {
    const script = join(peersFolder(), 'python', 'serve.py');
    const child = spawn(command, ['-B', script, tasks, String(threads)], { env: { ...env, ...counts } });
    child.stderr.pipe(process.stderr);
    const failed = once(child, 'error').then(() => null);
    child.stdin.on('error', () => {}); // it ended early: `ask` says so
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const first = await Promise.race([failed, lines.next()]);
    if (first === null || first.done) continue;
    const answer = JSON.parse(first.value) as { missing?: string; versions?: object; openblas?: string | null };
    if (answer.missing !== undefined) {
      why = answer.missing;
      continue;
    }
    const versions = Object.entries(answer.versions ?? {}).map(([name, version]) => `${name} ${version}`);
    const core = answer.openblas ? `OpenBLAS for ${answer.openblas}` : 'OpenBLAS not found in the process';
    return new Python(child, lines, `${versions.join(', ')}; ${core}`);
  }
  return `${tasks} skipped: ${why}; apt-get install python3-torch python3-scipy libopenblas0-pthread`;
}
