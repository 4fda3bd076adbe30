import type * as dictionary from '../dictionary/settings.ts';
import * as step from '../step/settings.ts';

/** A step that is timed everywhere: on small networks its whole outcome is checked, of dictionaries the costs. */
export type Row =
  | { readonly name: string; readonly kind: 'step'; readonly setting: step.Setting }
  | { readonly name: string; readonly kind: 'dictionary'; readonly setting: dictionary.Setting };

const size = { inputs: 768, k: 32, tied: true, held: false, auxiliaryK: 0 };

function stepRow(setting: step.Setting): Row {
  const { name, inputs, hidden, batch } = setting;
  return { name: `${name}, ${inputs}-${hidden}-${inputs}, batch ${batch}`, kind: 'step', setting };
}

function dictionaryRow(setting: Omit<dictionary.Setting, 'name'>): Row {
  const { tied, inputs, hidden, k, batch } = setting;
  const name = `${tied ? 'k-sparse' : 'TopK'}, ${inputs}-${hidden}, k = ${k}, Adam, batch ${batch}`;
  return { name, kind: 'dictionary', setting: { ...setting, name } };
}

/** A pass over the data is one call of `fit`: batches enough that its own cost does not show. */
export const ROWS: readonly Row[] = [
  stepRow({ ...step.SETTINGS[0], batches: 16 }),
  stepRow({ ...step.SETTINGS[1], batches: 16 }),
  stepRow(step.SETTINGS[2]),
  stepRow(step.SETTINGS[3]),
  dictionaryRow({ ...size, hidden: 4096, batch: 1024, batches: 4 }),
  dictionaryRow({ ...size, hidden: 16_384, batch: 1024, batches: 3 }),
  dictionaryRow({ ...size, tied: false, hidden: 16_384, batch: 1024, batches: 3 }),
  dictionaryRow({ ...size, hidden: 16_384, batch: 4096, batches: 2 }),
];

export const SMOKE_ROWS: readonly Row[] = [
  stepRow(step.SMOKE_SETTINGS[0]),
  stepRow(step.SMOKE_SETTINGS[1]),
  dictionaryRow({ ...size, inputs: 12, hidden: 40, k: 3, batch: 16, batches: 2 }),
  dictionaryRow({ ...size, tied: false, inputs: 12, hidden: 40, k: 3, batch: 16, batches: 2 }),
];

/** Those whose name has the text. */
export function rowsWith(only: string | null, smoke: boolean): readonly Row[] {
  return (smoke ? SMOKE_ROWS : ROWS).filter(({ name }) => only === null || name.includes(only));
}
