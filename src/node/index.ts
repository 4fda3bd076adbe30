/**
 * Files, folders and data sets by name, for Node: what needs a disk or a network.
 *
 * @module rhohat/node
 */
export { CheckpointFiles, type FoundCheckpoint } from './checkpoint-file.ts';
export { loadClassifier, loadModel, saveClassifier, saveModel } from './model-files.ts';
export { openShards } from './shards.ts';
export { dataSetNames, labelsFrom, loadExamples, loadLabels, type SourceOptions } from './sources.ts';
export { enableTurbo } from './turbo.ts';
