/**
 * All of `rhohat`, `rhohat/data` and `rhohat/worker`, and the pictures of `rhohat/figures`, but not its charts, which would
 * double it: what `dist/rhohat.browser.js` is made of, one file for pages without a bundler.
 *
 * @module rhohat/browser
 */
export * from './data/index.ts';
export { type AcrossSheetOptions, acrossSheet } from './figures/across-sheet.ts';
export { featureOrder } from './figures/feature-order.ts';
export { featureShades } from './figures/feature-shades.ts';
export { type FeatureSheetOptions, featureSheet } from './figures/feature-sheet.ts';
export { featureTiles } from './figures/feature-tiles.ts';
export { featuresAcross } from './figures/features-across.ts';
export { imageTiles } from './figures/image-tiles.ts';
export { matrixPicture } from './figures/matrix-picture.ts';
export { encodePng, type Picture } from './figures/picture.ts';
export { type Eye, project, type Seen } from './figures/projection.ts';
export { reconstructionPairs } from './figures/reconstruction-pairs.ts';
export { type ReconstructionSheetOptions, reconstructionSheet } from './figures/reconstruction-sheet.ts';
export type { UnitUse } from './figures/shown-units.ts';
export type { TileShape } from './figures/tile-grid.ts';
export type { StripShape } from './figures/tile-strips.ts';
export * from './index.ts';
export * from './web/index.ts';
