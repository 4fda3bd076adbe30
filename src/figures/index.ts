/**
 * Pictures: matrices in, PNG or SVG out, in Node and in pages, without a browser.
 *
 * @module rhohat/figures
 */

export { type AcrossSheetOptions, acrossSheet } from './across-sheet.ts';
export type { ActivityHistogramOptions } from './activity-histogram.ts';
export * from './charts.ts';
export { featureOrder } from './feature-order.ts';
export { featureShades } from './feature-shades.ts';
export { type FeatureSheetOptions, featureSheet } from './feature-sheet.ts';
export { featureTiles } from './feature-tiles.ts';
export { featuresAcross } from './features-across.ts';
export { imageTiles } from './image-tiles.ts';
export { matrixPicture } from './matrix-picture.ts';
export { encodePng, type Picture } from './picture.ts';
export { type Eye, project, type Seen } from './projection.ts';
export { reconstructionPairs } from './reconstruction-pairs.ts';
export { type ReconstructionSheetOptions, reconstructionSheet } from './reconstruction-sheet.ts';
export type { HistoryPoint } from './series.ts';
export type { UnitUse } from './shown-units.ts';
export type { Shrinkage } from './shrinkage-paths.ts';
export type { Point } from './thin.ts';
export type { TileShape } from './tile-grid.ts';
export type { StripShape } from './tile-strips.ts';
