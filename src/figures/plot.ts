/**
 * What figures take from Plot, and the document that it draws in: the one file that imports them. The published package
 * holds this file bundled, without the parts of the sixty packages behind it that nothing here needs (`build.mjs`).
 */
export {
  type AxisXOptions,
  axisX,
  axisY,
  dot,
  frame,
  gridY,
  line,
  type Markish,
  type PlotOptions,
  plot,
  rectY,
  ruleX,
  ruleY,
  type TextOptions,
  text,
} from '@observablehq/plot';
export { DOMParser } from 'linkedom/worker'; // one self-contained module; the main entry looks for a native canvas
