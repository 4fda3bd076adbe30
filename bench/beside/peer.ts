import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Numbers, Precision } from '../../src/array/matrix.ts';
import type { SelfTimed } from '../harness/measure.ts';

/**
 * Another process that times itself: it answers each JSON line with one. `prepare` runs a task once, whose results lie in
 * the files that the message names, `round` times it, `forget` lets go of it.
 */
export class Peer {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private readonly folder = mkdtempSync(join(tmpdir(), 'rhohat-bench-'));
  private readonly failed: Promise<null>;
  private count = 0;

  constructor(child: ChildProcessWithoutNullStreams) {
    this.child = child;
    this.failed = new Promise((resolve) => child.once('error', () => resolve(null)));
    child.stderr.pipe(process.stderr);
    child.stdin.on('error', () => {}); // it ended early: `next` says so
    this.lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  }

  /** What it says next, or null where it ended, or never began. */
  async next(): Promise<Record<string, unknown> | null> {
    const answer = await Promise.race([this.failed, this.lines.next()]);
    return answer === null || answer.done ? null : (JSON.parse(answer.value) as Record<string, unknown>);
  }

  /** A path in the folder that both sides see. */
  path(): string {
    return join(this.folder, String(this.count++));
  }

  receive(path: string, precision: Precision): Numbers {
    const bytes = Uint8Array.from(readFileSync(path));
    return precision === 'float32' ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer);
  }

  /** Runs a task once. @returns its name from now on. */
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

  async ask(message: Record<string, unknown>): Promise<Record<string, unknown>> {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
    const answer = await this.next();
    if (answer === null) throw new Error('a process beside this one ended: its message is above');
    return answer;
  }
}
