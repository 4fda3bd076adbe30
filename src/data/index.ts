/**
 * Readers and preprocessing: bytes in, matrices out, in Node and in pages. {@link prepare} leads from what a source holds
 * to what a model sees.
 *
 * @module rhohat/data
 */

export type { ArrayOptions } from './array-examples.ts';
export { batchRows, eachBatch, type Order } from './batches.ts';
export { blockRows } from './blocks.ts';
export type { Contrast } from './contrast.ts';
export type { Cs294a } from './cs294a.ts';
export { csvExamples } from './csv.ts';
export type { ColumnName, CsvOptions } from './csv-columns.ts';
export type { DataPlan } from './data-plan.ts';
export { type DeadLeavesOptions, deadLeaves } from './dead-leaves.ts';
export { type Examples, type ImageShape, takeFirst, toGray, toNumbers } from './examples.ts';
export { gunzip, isGzip } from './gzip.ts';
export { idxExamples, readIdx } from './idx.ts';
export { imageExample } from './image.ts';
export { npyExamples, readNpy, writeNpy } from './npy.ts';
export { type PatchOptions, samplePatches } from './patches.ts';
export { fitPca, type Pca, pcaError, pcaReconstruct } from './pca.ts';
export { type Prepared, prepare } from './prepare.ts';
export { preprocessedSource } from './preprocessed-source.ts';
export {
  applyPreprocessing,
  displayFilters,
  fitPreprocessing,
  type Preprocessing,
  type PreprocessingSpec,
} from './preprocessing.ts';
export { principalAngles } from './principal-angles.ts';
export { rawExamples } from './raw-f32.ts';
export { isRowSource, type RowSource, sourceRange } from './row-source.ts';
export { readSafetensors, type SafeTensor, type Safetensors, writeSafetensors } from './safetensors.ts';
export { readSample, sampleSize } from './sample.ts';
export type { SourcePart } from './source-parts.ts';
export { squaredErrors, squaredErrorsByColumn } from './squared-errors.ts';
export type { Standardize } from './standardize.ts';
export { type SwissRollOptions, swissRoll, swissRollAngles } from './swiss-roll.ts';
export type { Tensor } from './tensor.ts';
export type { Whitening, WhiteningSpec } from './whitening.ts';
