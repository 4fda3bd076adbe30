/** Figures drawn as SVG, most of them on Plot: apart from the pictures, so that pages that draw only those do not load it. */
export { type ActivationHistogramOptions, activationHistogram } from './activation-histogram.ts';
export { type ActivityCounts, activityHistogram } from './activity-histogram.ts';
export { type Annealed, type TrainingCurvesOptions, trainingCurves } from './curves.ts';
export { type DensityCounts, densityHistogram } from './density-histogram.ts';
export { type FeatureMapOptions, featureMap } from './feature-map.ts';
export { panels } from './panels.ts';
export { type FigureSize, klCurve, l1Curves, l2Curves } from './penalty-curves.ts';
export { type Dot, type Path, type ScatterOptions, scatter } from './scatter.ts';
export { type ShrinkageOptions, shrinkagePath, shrinkagePaths } from './shrinkage-paths.ts';
