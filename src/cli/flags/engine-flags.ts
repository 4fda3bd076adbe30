import { type Command, InvalidArgumentError } from 'commander';
import type { KernelOptions } from '../../kernels/kernels.ts';
import { enableTurbo } from '../../node/turbo.ts';
import { say } from '../output.ts';
import { whole } from './flags.ts';

/** How the engine runs; no part of a run's config. */
export interface EngineFlags {
  threads?: number | 'auto';
  deterministic?: boolean;
  fastFloat64?: boolean;
  turbo?: boolean;
}

export function addEngineOptions(command: Command): Command {
  return command
    .optionsGroup('Engine:')
    .option('--threads <n>', 'threads that share the work, or auto: one a processor (default auto)', threads)
    .option('--deterministic', 'the same bits on every machine: plain 128-bit SIMD')
    .option('--fast-float64', 'float64 in SIMD and on threads as well: fast, to other last digits')
    .option('--turbo', "V8's experimental 256-bit fusion, where a timing shows that it helps (Node 24 and newer)");
}

function threads(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const n = whole(text);
  if (n < 1 || n > 64) throw new InvalidArgumentError('It must be auto or a whole number from 1 to 64.');
  return n;
}

/** What models are created with. Sets V8's flags, so it comes before the first of them. */
export function kernelOptions({ threads, deterministic, fastFloat64, turbo }: EngineFlags): KernelOptions {
  if (turbo && !enableTurbo()) say('rhohat: --turbo needs a newer Node: going on without it');
  return {
    ...(threads === undefined ? {} : { threads }),
    ...(deterministic === undefined ? {} : { deterministic }),
    ...(fastFloat64 === undefined ? {} : { fastFloat64 }),
  };
}
