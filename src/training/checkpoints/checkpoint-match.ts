import { MOST_CORRUPTED_EPOCHS } from '../../corruption/corruption.ts';
import { changedPart, type SourcePart } from '../../data/stream/source-parts.ts';
import { InputError } from '../../errors.ts';
import type { Latents } from '../../layers/latents.ts';
import { show } from '../../validate.ts';
import { planText } from '../options.ts';
import type { Checkpoint, DataPrints } from './checkpoint.ts';

/** What must be the same for a run to go on; kernels may differ. */
type Comparable = Pick<Checkpoint, 'rhohat' | 'model' | 'plan' | 'data' | 'theta'>;

/** What the parts of a run's data are called: what a classifier compares with is labels, what others do is targets. */
function namesFor(model: unknown): Readonly<Record<keyof DataPrints, string>> {
  const compared = (model as { kind?: unknown } | null)?.kind === 'classifier' ? 'labels' : 'targets';
  return {
    examples: 'examples',
    labels: compared,
    heldOut: 'held-out examples',
    heldOutLabels: `${compared} of the held-out examples`,
  };
}

/**
 * Compares a checkpoint with the run that would go on from it. `parts` of the run's examples are read where their stamps
 * are others. @throws InputError naming the first difference.
 */
export async function assertResumable(
  checkpoint: Comparable,
  run: Comparable,
  parts: readonly SourcePart[] = [],
): Promise<void> {
  if (checkpoint.rhohat !== run.rhohat) {
    throw new InputError(
      `the checkpoint was written by rhohat ${checkpoint.rhohat}, and this is ${run.rhohat}: go on with the version that began`,
    );
  }
  assertEqual('model', checkpoint.model, run.model, "go on with the checkpoint's config, or start anew");
  await assertSameData(checkpoint.data, run.data, namesFor(run.model), parts);
  assertEqual('plan', checkpoint.plan, run.plan, "go on with the checkpoint's options, or start anew");
  const [there, here] = [checkpoint.theta, run.theta];
  if (there.length === here.length && there.BYTES_PER_ELEMENT === here.BYTES_PER_ELEMENT) return;
  throw new InputError(
    `the checkpoint holds ${there.length} parameters of ${there.BYTES_PER_ELEMENT} bytes, the model has ${here.length} of ${here.BYTES_PER_ELEMENT}: it is no file that rhohat saved`,
  );
}

/** What a checkpoint says beside the model's config where processes share its latents: whose it is. */
export function partOf(latents: Latents | undefined): { readonly part?: object } {
  return latents === undefined ? {} : { part: { process: latents.rank, of: latents.size } };
}

/** @throws InputError of a checkpoint of another process, or of another number of them. */
export function assertPart({ model }: Pick<Checkpoint, 'model'>, latents: Latents | undefined): void {
  const words = (part: unknown) => {
    if (part === undefined) return 'of a whole model';
    const { process, of } = { ...(part as { readonly process?: unknown; readonly of?: unknown } | null) };
    return `of process ${show(process)} of ${show(of)} that share the latents of a model`;
  };
  const there = words((model as { readonly part?: unknown } | null)?.part);
  const here = words(partOf(latents).part);
  if (there === here) return;
  throw new InputError(
    `the checkpoint is ${there}, and this is ${here}: go on with as many processes as there were, each from its own`,
  );
}

/**
 * That a run on m examples can stand where the checkpoint says, its plan being the run's.
 * @throws InputError where it cannot: resumed, it would train or tell of something else.
 */
export function assertPosition(
  { position, plan }: Checkpoint,
  m: number,
  { validated, drawn }: { readonly validated: boolean; readonly drawn: boolean },
): void {
  const { step, batch, examples, history, before, sums } = position;
  const batches = Math.ceil(m / plan.batchSize);
  const [first] = history;
  const terms = Object.keys(first?.terms ?? sums).length;
  const stands =
    history.length <= plan.epochs &&
    batch <= batches &&
    step === history.length * batches + batch &&
    examples === Math.min(batch * plan.batchSize, m) &&
    Object.keys(sums).length === (batch > 0 ? terms : 0) &&
    history.every(({ validation }) => (validation !== undefined) === validated) &&
    (!drawn || before + plan.epochs <= MOST_CORRUPTED_EPOCHS);
  if (stands) return;
  throw new InputError('checkpoint: its position is none of its run: it is no file that rhohat saved');
}

function assertEqual(name: string, before: unknown, now: unknown, remedy: string): void {
  const difference = firstDifference(plain(before), plain(now), name);
  if (difference === null) return;
  const { key, there, here } = difference;
  throw new InputError(`${key} is ${show(there)} in the checkpoint, and ${show(here)} here: ${remedy}`);
}

async function assertSameData(
  before: DataPrints,
  now: DataPrints,
  names: ReturnType<typeof namesFor>,
  parts: readonly SourcePart[],
): Promise<void> {
  for (const role of Object.keys(names) as (keyof DataPrints)[]) {
    const [there, here] = [before[role], now[role]];
    const remedy = `go on with the same ${names[role]}, or start anew`;
    if (there === undefined && here === undefined) continue;
    if (there === undefined || here === undefined) {
      const [with_, without] = there ? ['the checkpoint', 'this run'] : ['this run', 'the checkpoint'];
      throw new InputError(`${with_} has ${names[role]}, and ${without} has none: ${remedy}`);
    }
    const { hash: _, parts: _parts, ...rest } = there;
    const { hash: __, parts: __parts, ...own } = here;
    assertEqual(names[role], rest, own, remedy);
    const changed = await changedPart(there.parts ?? [], role === 'examples' ? parts : []);
    if (changed !== null) {
      const how = changed.hashed ? '' : ' in size or time, and had not been hashed yet';
      throw new InputError(`shard ${changed.name} differs from what the run began with${how}: ${remedy}`);
    }
    if (there.hash !== here.hash) {
      throw new InputError(`the ${names[role]} differ from those that the run began with: ${remedy}`);
    }
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(planText(value as object));
}

/** The first key, depth first, whose plain JSON values differ; null where there is none. */
export function firstDifference(
  there: unknown,
  here: unknown,
  key: string,
): { key: string; there: unknown; here: unknown } | null {
  if (there === null || here === null || typeof there !== 'object' || typeof here !== 'object') {
    return Object.is(there, here) ? null : { key, there, here };
  }
  if (Array.isArray(there) !== Array.isArray(here)) return { key, there, here };
  for (const name of new Set([...Object.keys(there), ...Object.keys(here)])) {
    const [a, b] = [there, here].map((side) => (side as Record<string, unknown>)[name]);
    const difference = firstDifference(a, b, `${key}.${name}`);
    if (difference !== null) return difference;
  }
  return null;
}
