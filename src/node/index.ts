/**
 * Files, folders and data sets by name, for Node: what needs a disk or a network.
 *
 * @module rhohat/node
 */

export type { RowContext } from '../data/formats/contexts.ts';
export type { Fingerprint } from '../data/stream/fingerprint.ts';
export type { PartPrint } from '../data/stream/source-parts.ts';
export type { OptimizerState } from '../optimizers/optimizer.ts';
export type { Checkpoint, DataPrints } from '../training/checkpoints/checkpoint.ts';
export type { Kept } from '../training/keeper.ts';
export type { FitPlan } from '../training/options.ts';
export type { Position } from '../training/position.ts';
export { CheckpointFiles, type CheckpointPart, type FoundCheckpoint } from './checkpoint-file.ts';
export { openDictionary } from './dictionary-files.ts';
export type { Fetch } from './download.ts';
export type { FilePort, OpenFile } from './file-port.ts';
export { loadClassifier, loadModel, saveClassifier, saveModel } from './model-files.ts';
export type { ShardFile, ShardSource } from './shard-source.ts';
export { type ShardWriter, type ShardWriterOptions, writeShards } from './shard-writer.ts';
export { openShards } from './shards.ts';
export { dataSetNames, labelsFrom, loadExamples, loadLabels, type SourceOptions } from './sources.ts';
export { enableTurbo, type Turbo, type TurboOptions } from './turbo/enable-turbo.ts';
