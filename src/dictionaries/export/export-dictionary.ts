import { InputError, show } from '../../errors.ts';
import { assertWhole } from '../../model/agreement.ts';
import { sparsitiesOf } from '../../model/config.ts';
import { assertModel } from '../../model/model-check.ts';
import type { SavedModel } from '../../training/model-file.ts';
import { dictionaryLearning } from './dictionary-learning.ts';
import type { Exportable, ExportedDictionary } from './exportable.ts';
import { type DictionaryFormat, dictionaryFormats } from './formats.ts';
import { npz } from './npz.ts';
import { originOf, saysTranscoder } from './origin.ts';
import { plainDictionary } from './plain-dictionary.ts';
import { inRawUnits } from './raw-units.ts';
import { saelens } from './saelens.ts';
import { withUnitNorm } from './unit-norm.ts';

const writers: Readonly<Record<DictionaryFormat, (given: Exportable) => ExportedDictionary>> = {
  saelens,
  'dictionary-learning': dictionaryLearning,
  npz,
};

/** What `exportDictionary` is told. */
export interface ExportOptions {
  /** Whose files. */
  readonly format: DictionaryFormat;
  /**
   * Whether outputs are other data than inputs, so that preprocessing is that of the inputs alone. Default: where there are
   * `targets` of another length, a skip connection, a run of `rhohat train --target-data`, or an import of one.
   */
  readonly transcoder?: boolean | undefined;
}

/**
 * A model of one hidden layer of relu, top-k, batch-top-k, jump-relu or gated units and linear outputs in the files of another
 * library, which then computes the same codes and reconstructions of raw examples: preprocessing that is affine is folded into
 * the weights (W ← WT, D ← D(T⁺)ᵀ), BatchTopK and Matryoshka become thresholds. Memory: at most five times the model.
 * @throws InputError, naming the key, where the library has no such model, and saying what can be done.
 */
export async function exportDictionary(saved: SavedModel, options: ExportOptions): Promise<ExportedDictionary> {
  const { format } = options ?? {};
  if (!dictionaryFormats.includes(format)) {
    throw new InputError(`options.format is ${show(format)}: it must be one of ${dictionaryFormats.join(', ')}`);
  }
  assertModel(saved?.model, 'Autoencoder');
  const { model, preprocessing = [], metadata = {} } = saved;
  const { config } = model;
  assertWhole(model.engine.spec, 'exporting');
  const { 'code.threshold': running } = await model.state();
  const plain = plainDictionary(saved, await model.parameters(), running?.data[running.offset] ?? 0);
  const notes: string[] = [];
  const spec = sparsitiesOf(config).find(({ kind }) => kind === model.engine.spec.layers[0].choice.spec.kind);
  const ranked = spec?.kind === 'top-k' && spec.decoderNorm === true;
  if (ranked)
    notes.push('units are chosen by z‖D‖: rows of D were made of norm 1, and codes are those of this model times ‖D‖');
  const transcoder =
    options.transcoder ?? (config.targets !== config.inputs || config.skip || saysTranscoder(metadata));
  const { dictionary, norm } = inRawUnits(ranked ? withUnitNorm(plain) : plain, preprocessing, transcoder);
  const folded = preprocessing.slice(norm === null ? 0 : 1).map(({ kind }) => kind);
  if (folded.length > 0) notes.push(`folded into the weights: ${folded.join(', ')}; examples go in as they are`);
  if (norm !== null) notes.push(`${norm} stays what is done to each example first`);
  const trained: Exportable['trained'] = {
    kind: spec?.kind ?? 'relu',
    k: spec !== undefined && 'k' in spec && typeof spec.k === 'number' ? spec.k : null,
    widths: config.prefixes?.widths ?? null,
  };
  const made = writers[format]({ dictionary, norm, transcoder, trained, origin: originOf(metadata) });
  return { ...made, notes: [...notes, ...made.notes] };
}
