import { type Command, InvalidArgumentError } from 'commander';
import type { KernelOptions } from '../../kernels/kernels.ts';
import { whole } from './flags.ts';

/** How the engine runs; no part of a run's config. */
export interface EngineFlags {
  threads?: number | 'auto';
  deterministic?: boolean;
  fastFloat64?: boolean;
  /** Undefined: where it has proved itself. */
  turbo?: boolean;
}

export function addEngineOptions(command: Command): Command {
  return command
    .optionsGroup('Engine:')
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

/** What models are created with. */
export function kernelOptions({ threads, deterministic, fastFloat64 }: EngineFlags): KernelOptions {
  return {
    ...(threads === undefined ? {} : { threads }),
    ...(deterministic === undefined ? {} : { deterministic }),
    ...(fastFloat64 === undefined ? {} : { fastFloat64 }),
  };
}
