import type { AnyNumbers, Matrix, View } from '../array/matrix.ts';
import { InputError, show } from '../errors.ts';
import type { Engine } from '../model/engine.ts';
import { intervalOf } from '../training/checkpoints/checkpoint-options.ts';
import type { FitResult } from '../training/history.ts';
import type { Progress } from '../training/progress.ts';
import type { SentArrays, SentSnapshot, SnapshotRequest } from './snapshot.ts';

/** A model that snapshots are made of. */
export interface Sitter {
  readonly engine: Engine;
  /** What it makes of examples, by the names of the options. */
  readonly outputs: Readonly<Record<string, (x: View<AnyNumbers>) => Promise<Matrix>>>;
  /** @throws InputError for examples that do not fit. */
  input(x: View<AnyNumbers>, name: string): View<AnyNumbers>;
}

/** Sends what a model is after some of its steps. */
export class SnapshotSender {
  private readonly sitter: Sitter;
  private readonly request: SnapshotRequest;
  private readonly names: readonly string[];
  private readonly answer: (snapshot: SentSnapshot, transfer: ArrayBuffer[]) => void;
  private readonly signal: AbortSignal;
  private readonly isDue: (step: number) => boolean;
  /** The page has not taken the last one yet. */
  private waiting = false;
  private step = 0; // of the last one
  private when = Number.NEGATIVE_INFINITY; // it was sent

  /** @throws InputError for names and examples that do not go with the model. */
  constructor(
    sitter: Sitter,
    request: SnapshotRequest,
    signal: AbortSignal,
    answer: (snapshot: SentSnapshot, transfer: ArrayBuffer[]) => void,
  ) {
    this.sitter = sitter;
    this.request = request;
    this.signal = signal;
    this.answer = answer;
    this.names = namesIn(sitter.engine, request.parameters);
    for (const [name, x] of Object.entries(request.examples)) sitter.input(x, `options.snapshot.${name}`);
    const interval = intervalOf(request.every ?? '100ms') ?? { milliseconds: 0 };
    this.isDue =
      'steps' in interval
        ? (step) => step % interval.steps === 0
        : () => performance.now() - this.when >= interval.milliseconds;
  }

  /** After a step: a promise where a snapshot is due and the page ready for it, nothing otherwise. */
  after({ step, epoch }: Pick<Progress, 'step' | 'epoch'>): Promise<void> | undefined {
    return this.waiting || !this.isDue(step) ? undefined : this.send(step, epoch);
  }

  /** Of the trained model, whatever the page does, unless it has just had that: with `keep: 'best'` of an earlier step. */
  async last({ steps, epochs, kept = 0 }: FitResult): Promise<void> {
    const step = kept > 0 ? (steps / epochs) * kept : steps; // epochs are alike
    if (step !== this.step) await this.send(step, kept > 0 ? kept : epochs);
  }

  /** By the page: the next one may go. */
  taken(): void {
    this.waiting = false;
  }

  private async send(step: number, epoch: number): Promise<void> {
    const { engine, outputs } = this.sitter;
    const { examples } = this.request;
    await engine.refresh?.();
    // A θ that has just overflowed is taken back soon, and the run says so: no picture of it.
    if (!(await engine.hasFiniteParameters())) return;
    let sent: SentSnapshot;
    try {
      const parameters = await engine.exclusive(() => each(this.names, (name) => copied(engine, name)));
      const made = await each(Object.keys(examples), async (name) => {
        const { data, shape } = await outputs[name](examples[name]);
        return { data, shape: [...shape] };
      });
      sent = { step, epoch, parameters, outputs: made };
    } catch (error) {
      if (error instanceof InputError) return; // outputs overflow
      throw error;
    }
    if (this.signal.aborted) return;
    [this.waiting, this.step, this.when] = [true, step, performance.now()];
    const arrays = [...Object.values(sent.parameters), ...Object.values(sent.outputs)];
    this.answer(
      sent,
      arrays.map(({ data }) => data.buffer as ArrayBuffer), // newly made, each its own
    );
  }
}

async function copied(engine: Engine, name: string): Promise<SentArrays[string]> {
  const { shape = [] } = engine.layout.parameters.find((parameter) => parameter.name === name) ?? {};
  return { data: await engine.kernels.copyOut(engine.parameter(name)), shape };
}

/** One after another: they share buffers. */
async function each<T>(names: readonly string[], make: (name: string) => Promise<T>): Promise<Record<string, T>> {
  const made: Record<string, T> = {};
  for (const name of names) made[name] = await make(name);
  return made;
}

/** @throws InputError naming the first that the model does not have. */
function namesIn({ layout }: Engine, asked: SnapshotRequest['parameters'] = true): readonly string[] {
  const names = layout.parameters.map(({ name }) => name);
  if (typeof asked === 'boolean') return asked ? names : [];
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown === undefined) return asked;
  throw new InputError(
    `options.snapshot.parameters names ${show(unknown)}: the parameters of this model are ${names.join(', ')}`,
  );
}
