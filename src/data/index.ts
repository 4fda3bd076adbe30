/**
 * Readers and preprocessing: bytes in, matrices out, in Node and in pages. {@link prepare} leads from what a source holds
 * to what a model sees.
 *
 * @module rhohat/data
 */

export { type Examples, type ImageShape, takeFirst, toGray, toNumbers } from './examples.ts';
export type { ArrayOptions } from './formats/array-examples.ts';
export { arrowExamples } from './formats/arrow/arrow-examples.ts';
export type { ByteSource } from './formats/byte-source.ts';
export { csvExamples } from './formats/csv.ts';
export type { ColumnName, CsvOptions } from './formats/csv-columns.ts';
export { gunzip, isGzip } from './formats/gzip.ts';
export { idxExamples, readIdx } from './formats/idx.ts';
export { imageExample } from './formats/image.ts';
export { jsonLinesExamples } from './formats/json-lines.ts';
export { libsvmExamples } from './formats/libsvm.ts';
export { matExamples } from './formats/mat.ts';
export { type NpyArray, npyExamples, readNpy, writeNpy } from './formats/npy.ts';
export { npzExamples } from './formats/npz.ts';
export { parquetExamples } from './formats/parquet/parquet-examples.ts';
export { rawExamples } from './formats/raw-f32.ts';
export { readSafetensors, type SafeTensor, type Safetensors, writeSafetensors } from './formats/safetensors.ts';
export { csvTableExamples } from './formats/table/csv-table-examples.ts';
export type { TableOptions } from './formats/table/table-options.ts';
export type { LeftOutColumn, TreatedColumn, Treatment } from './formats/table/treatment.ts';
export type { Tensor } from './formats/tensor.ts';
export { type DeadLeavesOptions, deadLeaves } from './generated/dead-leaves.ts';
export { type SwissRollOptions, swissRoll, swissRollAngles } from './generated/swiss-roll.ts';
export type { Correlation } from './generated/synth-sae-bench/correlation.ts';
export type { Forest } from './generated/synth-sae-bench/forest.ts';
export type { FullOptions, Multiply, SynthSaeBenchOptions } from './generated/synth-sae-bench/options.ts';
export { type SparseCodes, SynthSaeBench, synthSaeBench } from './generated/synth-sae-bench/synth-sae-bench.ts';
export type { ConstantNorm } from './preprocessing/constant-norm.ts';
export type { Contrast } from './preprocessing/contrast.ts';
export type { Cs294a } from './preprocessing/cs294a.ts';
export type { DataPlan } from './preprocessing/data-plan.ts';
export type { Fill, FillSpec } from './preprocessing/fill.ts';
export type { LayerNorm, LayerNormSpec } from './preprocessing/layer-norm.ts';
export { type PatchOptions, samplePatches } from './preprocessing/patches.ts';
export { fitPca, type Pca, pcaError, pcaReconstruct } from './preprocessing/pca.ts';
export { type Prepared, prepare } from './preprocessing/prepare.ts';
export {
  applyPreprocessing,
  displayFilters,
  fitPreprocessing,
  type Preprocessing,
  type PreprocessingSpec,
} from './preprocessing/preprocessing.ts';
export { principalAngles } from './preprocessing/principal-angles.ts';
export { restore } from './preprocessing/restore.ts';
export type { Scale } from './preprocessing/scale.ts';
export type { Standardize } from './preprocessing/standardize.ts';
export type { Whitening, WhiteningSpec } from './preprocessing/whitening.ts';
export { squaredErrors, squaredErrorsByColumn } from './squared-errors.ts';
export { batchRows, eachBatch, type Order } from './stream/batches.ts';
export { blockRows } from './stream/blocks.ts';
export { preprocessedSource } from './stream/preprocessed-source.ts';
export { isRowSource, type RowSource, sourceRange } from './stream/row-source.ts';
export { readSample, sampleSize } from './stream/sample.ts';
export type { SourcePart } from './stream/source-parts.ts';
