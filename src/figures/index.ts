export { activationHistogram } from './activation-histogram.ts';
export { type TrainingCurvesOptions, trainingCurves } from './curves.ts';
export { featureTiles } from './feature-tiles.ts';
export { imageTiles } from './image-tiles.ts';
export { matrixPicture } from './matrix-picture.ts';
export { encodePng, type Picture } from './picture.ts';
export type { HistoryPoint } from './series.ts';
export type { TileShape } from './tile-grid.ts';
