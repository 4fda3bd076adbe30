export { loadModel, saveModel } from './model-files.ts';
export { dataSetNames, loadExamples, loadLabels, type SourceOptions } from './sources.ts';
