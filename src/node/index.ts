export { loadClassifier, loadModel, saveClassifier, saveModel } from './model-files.ts';
export { dataSetNames, labelsFrom, loadExamples, loadLabels, type SourceOptions } from './sources.ts';
export { enableTurbo } from './turbo.ts';
