import { type Command, InvalidArgumentError, Option } from 'commander';
import { InputError } from '../../errors.ts';
import type { KernelOptions } from '../../kernels/kernels.ts';
import { whole } from './flags.ts';

/** What --device takes. */
export const DEVICES = ['cpu', 'gpu', 'auto'] as const;
export type Device = (typeof DEVICES)[number];

/** How the engine runs; no part of a run's config. */
export interface EngineFlags {
  device?: Device;
  threads?: number | 'auto';
  deterministic?: boolean;
  fastFloat64?: boolean;
  /** Undefined: where it has proved itself. */
  turbo?: boolean;
}

export function addEngineOptions(command: Command): Command {
  return command
    .optionsGroup('Engine:')
    .addOption(
      new Option(
        '--device <what>',
        'cpu; gpu, by WebGPU in float32; or auto, which times a step on both (default cpu)',
      ).choices(DEVICES),
    )
    .option('--threads <n>', 'threads that share the work, or auto: one a processor (default auto)', threads)
    .option('--deterministic', 'the same bits on every machine: plain 128-bit SIMD')
    .option('--fast-float64', 'float64 in SIMD and on threads as well: fast, to other last digits')
    .option(
      '--turbo',
      "V8's experimental 256-bit fusion, proved once on this machine, and told why not (default: on where proved; Node 24 and newer)",
    )
    .option('--no-turbo', 'without it');
}

function threads(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const n = whole(text);
  if (n < 1 || n > 64) throw new InvalidArgumentError('It must be auto or a whole number from 1 to 64.');
  return n;
}

/** What a command has beside its flags. */
export interface Around {
  /** Of the model, where it is known. */
  readonly precision?: string | undefined;
  /** Whether mpirun or srun started several processes. */
  readonly together?: boolean | undefined;
}

/** @throws InputError where --device does not go with what else is asked for. */
export function assertDevice(
  { device, deterministic, fastFloat64 }: EngineFlags,
  { precision, together }: Around = {},
): void {
  if (device === undefined || device === 'cpu') return;
  if (deterministic) {
    throw new InputError(`--device ${device} is given with --deterministic: bits of a GPU are its own; leave one out`);
  }
  if (together) {
    throw new InputError(
      `--device ${device} is given to several processes, which run on processors alone: leave it out, or start rhohat without mpirun`,
    );
  }
  if (device === 'auto') return; // which takes the processor for the rest
  if (fastFloat64) {
    throw new InputError('--device gpu is given with --fast-float64: no GPU has float64 in WGSL; leave one out');
  }
  if (precision === 'float64') {
    throw new InputError('--device gpu is given with --precision float64, which WGSL does not have: take float32');
  }
}

/** What models are created with. @throws InputError as `assertDevice` does. */
export function kernelOptions(flags: EngineFlags): KernelOptions {
  assertDevice(flags);
  const { device, threads, deterministic, fastFloat64 } = flags;
  return {
    ...(device === undefined ? {} : { kernels: device === 'gpu' ? ('webgpu' as const) : device }),
    ...(threads === undefined ? {} : { threads }),
    ...(deterministic === undefined ? {} : { deterministic }),
    ...(fastFloat64 === undefined ? {} : { fastFloat64 }),
  };
}
