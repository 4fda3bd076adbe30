import type { Matrix } from '../../src/array/matrix.ts';
import type { AutoencoderConfig, FitOptions } from '../../src/index.ts';
import * as dictionary from '../dictionary/settings.ts';
import * as step from '../step/settings.ts';

/** A step that is timed in several processes. */
export type Row = { readonly name: string; readonly batches: number } & (
  | { readonly kind: 'kl'; readonly setting: step.Setting }
  | { readonly kind: 'top-k'; readonly setting: dictionary.Setting }
);

function kl(inputs: number, hidden: number, batch: number, batches: number): Row {
  const name = `KL, ${inputs}-${hidden}-${inputs}, batch ${batch}`;
  return { name, batches, kind: 'kl', setting: { name, objective: step.kl, inputs, hidden, batch, batches } };
}

function topK(inputs: number, hidden: number, k: number, batch: number, batches: number): Row {
  const name = `TopK, ${inputs}-${hidden}, k = ${k}, batch ${batch}`;
  const setting = { name, inputs, hidden, k, batch, batches, tied: false, held: false, auxiliaryK: 0 };
  return { name, batches, kind: 'top-k', setting };
}

export const ROWS: readonly Row[] = [kl(784, 1000, 1024, 3), kl(784, 1000, 4096, 1), topK(768, 4096, 32, 1024, 3)];
export const SMOKE_ROWS: readonly Row[] = [kl(12, 7, 16, 3), topK(12, 40, 3, 16, 2)];

/** Every subject first takes so many steps on the first batch, whose costs are compared. */
export const STEPS = 3;
/** Relative; rounding may choose another survivor. */
export const TOLERANCE = { kl: 1e-5, 'top-k': 1e-4 } as const;

export function configOf(row: Row): AutoencoderConfig {
  return row.kind === 'kl' ? { ...step.configOf(row.setting, 'float32'), seed: 1 } : dictionary.configOf(row.setting);
}

export function optionsOf(row: Row, epochs: number): FitOptions {
  return row.kind === 'kl' ? step.fitOptions(row.setting, epochs) : dictionary.fitOptions(row.setting, epochs);
}

export function dataOf(row: Row): Matrix<Float32Array> {
  return row.kind === 'kl' ? step.dataOf(row.setting) : dictionary.dataOf(row.setting);
}
