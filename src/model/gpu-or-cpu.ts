import { InputError } from '../errors.ts';
import { loadKernels } from '../kernels/create.ts';
import { gpu } from '../kernels/gpu.ts';
import type { KernelChoice, Kernels } from '../kernels/kernels.ts';
import type { CreateOptions } from './kernel-options.ts';
import { stepTime } from './step-time.ts';
import { type Chosen, NAMED, type Wanted } from './why.ts';

/** Of the step that is timed, where nobody says of how many examples. */
export const TIMED_BATCH = 256;

/** Of the processor's time for a step, so many times is not looked at a second time. */
const HOPELESS = 10;

/** Kernels of the GPU. @throws InputError for what no GPU runs; EngineError where there is none. */
export async function onGpu(wanted: Wanted, options: CreateOptions): Promise<Chosen> {
  const never = whyNever(wanted, options);
  if (never === null) return { kernels: await gpu.create(options), why: NAMED };
  const [what, instead] = never;
  throw new InputError(`options.kernels is "webgpu", and ${what}: leave kernels out, or ${instead}`);
}

/** Those on which a step takes less time; on the processor where there is no other way; what was chosen before, where that is said. */
export async function fastest(wanted: Wanted, options: CreateOptions): Promise<Chosen> {
  const never = whyNever(wanted, options);
  if (never !== null) return onCpu(wanted, options, never[0]);
  const { chosen } = options;
  if (chosen?.kernels === 'cpu') {
    return { kernels: await loadKernels(wanted.precision, options), why: { chosen, note: null } };
  }
  const found = await gpu.create(options).catch(messageOf);
  if (typeof found === 'string') return onCpu(wanted, options, found);
  return chosen ? { kernels: found, why: { chosen, note: null } } : faster(wanted, options, found);
}

/** The kernels on which a step takes less time, or that can take one at all; the others are given back. */
async function faster(wanted: Wanted, options: CreateOptions, theirs: Kernels): Promise<Chosen> {
  const { batchSize = TIMED_BATCH } = options;
  const [spec, step] = [wanted.spec(), { batchSize, seed: wanted.seed }];
  const own = await loadKernels(wanted.precision, options);
  const cpuTime = await stepTime(own, spec, step).catch(messageOf);
  const hopeless = typeof cpuTime === 'string' ? undefined : HOPELESS * cpuTime;
  const gpuTime = await stepTime(theirs, spec, { ...step, hopeless }).catch(messageOf);
  if (typeof gpuTime === 'string') {
    theirs.dispose();
    own.dispose();
    return onCpu(wanted, options, gpuTime);
  }
  const chosen = (kernels: KernelChoice['kernels'], cpu: number): KernelChoice => ({
    ...{ by: 'auto', kernels, cpu, gpu: gpuTime, batchSize },
  });
  if (typeof cpuTime === 'string') {
    own.dispose();
    const why = { chosen: { by: 'auto', kernels: 'webgpu' }, note: `auto chose the GPU: ${cpuTime}` } as const;
    return { kernels: theirs, why };
  }
  if (cpuTime <= gpuTime) {
    theirs.dispose();
    return { kernels: own, why: { chosen: chosen('cpu', cpuTime), note: null } };
  }
  own.dispose();
  return { kernels: theirs, why: { chosen: chosen('webgpu', cpuTime), note: null } };
}

async function onCpu({ precision }: Wanted, options: CreateOptions, reason: string): Promise<Chosen> {
  const kernels = await loadKernels(precision, options);
  const chosen = options.chosen ?? ({ by: 'auto', kernels: 'cpu' } as const);
  return { kernels, why: { chosen, note: `auto chose the processor: ${reason}` } };
}

/** Why no GPU can run a model, and what to do instead; null where one may. */
function whyNever({ precision }: Wanted, { parts, latents }: CreateOptions): [what: string, instead: string] | null {
  if (precision === 'float64') return ['config.precision is "float64", which WGSL does not have', 'take float32'];
  if (parts !== undefined) return ['options.parts are JavaScript, which no GPU runs', 'leave parts out'];
  if (latents !== undefined) return ['options.latents shares a model among processors', 'leave latents out'];
  return null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
