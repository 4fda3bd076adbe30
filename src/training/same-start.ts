import type { AnyNumbers, View } from '../array/matrix.ts';
import { fingerprint, sha256, sourceFingerprint } from '../data/stream/fingerprint.ts';
import { isRowSource, type RowSource } from '../data/stream/row-source.ts';
import { InputError } from '../errors.ts';
import type { Engine } from '../model/engine.ts';
import type { Group } from '../model/group.ts';
import { VERSION } from '../version.ts';
import type { TrainingRun } from './training-run.ts';

/** Bytes of a hash that a float64 holds exactly. */
const BYTES = 6;

/** What agreement needs of the processes, whether they share batches or latents. */
type Together = Pick<Group, 'rank' | 'size' | 'total' | 'gather'>;

/**
 * All processes that share batches must have begun with the same: version, model, options, examples, θ, checkpoint; those that share the
 * latents of a model, each with θ and checkpoint of its own, with the same otherwise. A hash of each goes to all, which is compared before
 * the first step.
 * @throws InputError, in all of them, that names what differs and in which processes; where a batch has fewer rows than there are processes.
 */
export async function assertAgreement(engine: Engine, run: TrainingRun, group: Together): Promise<void> {
  const { plan, identity, x, labels, validation, checkpoint, resume } = run;
  const whole = engine.spec.shard === undefined;
  if (whole && plan.batchSize < group.size) {
    throw new InputError(
      `options.batchSize is ${plan.batchSize} with ${group.size} processes, each of which takes rows of every batch: use a batch size of at least ${group.size}, or fewer processes`,
    );
  }
  const { kernels } = engine;
  const what: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>> = {
    'the version of rhohat': VERSION,
    'the model': JSON.stringify(identity),
    'the options of fit': JSON.stringify(plan),
    'the examples': await printOf(x),
    'the targets or labels': await printOf(labels),
    'the validation set': (await printOf(validation?.x)) + (await printOf(validation?.labels)),
    'the kernels': kernels.name.replace('wide', 'relaxed'), // of one order of additions
    ...(whole
      ? {
          'the parameters that training begins with': await bytesOf(engine),
          'the checkpoint to go on from': resume?.slice() ?? '',
        }
      : {
          'options.checkpoint.every': checkpoint === undefined ? '' : String(checkpoint.every ?? '60s'),
          'the use of options.resume': String(resume !== undefined),
        }),
  };
  await compare(what, group);
}

async function bytesOf(engine: Engine): Promise<Uint8Array<ArrayBuffer>> {
  const theta = await engine.exclusive(async () => engine.kernels.copyOut(engine.theta));
  return new Uint8Array(theta.buffer, theta.byteOffset, theta.byteLength).slice();
}

/** @throws InputError, in all processes, that names the first that is not the same in all. */
async function compare(
  what: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>,
  group: Together,
): Promise<void> {
  for (const [name, content] of Object.entries(what)) {
    const hash = await sha256(typeof content === 'string' ? new TextEncoder().encode(content) : content);
    const own = hash.subarray(0, BYTES).reduce((sum, byte) => 256 * sum + byte, 0);
    const all = new Float64Array(group.size);
    await group.gather(Float64Array.of(own), all);
    const others = Array.from(all.keys()).filter((rank) => all[rank] !== all[0]);
    if (others.length === 0) continue;
    const which = `${others.length === 1 ? 'rank' : 'ranks'} ${others.join(', ')}`;
    throw new InputError(
      `${name} of ${which} differ${/^the \w+s\b/.test(name) ? '' : 's'} from rank 0's: all ${group.size} processes must be started with the same`,
    );
  }
}

/** In words, of examples in memory or of a source. */
async function printOf(x: View<AnyNumbers> | RowSource | undefined): Promise<string> {
  if (x === undefined) return '';
  return JSON.stringify(await (isRowSource(x) ? sourceFingerprint(x) : fingerprint(x)));
}

/** A signal that is aborted in all processes of a group after the same step. */
export interface SharedSignal {
  readonly signal: AbortSignal;
  /** Between two steps of all processes: aborts where one of them is to be aborted. */
  share(): Promise<void>;
}

/** The signals of all processes as one. */
export function shareSignal(own: AbortSignal | undefined, group: Together): SharedSignal {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    async share() {
      const asked = Float64Array.of(own?.aborted ? 1 : 0);
      await group.total(asked);
      if (asked[0] === 0 || controller.signal.aborted) return;
      controller.abort(own?.aborted ? own.reason : new DOMException('another process was aborted', 'AbortError'));
    },
  };
}
