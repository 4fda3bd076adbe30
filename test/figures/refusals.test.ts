import { test } from 'uvu';
import { fromRows } from '../../src/array/matrix.ts';
import * as figures from '../../src/figures/index.ts';
import { assertRefused } from '../support/errors.ts';

// What callers without types give: nothing, a promise, the whole of what holds the part that is needed.

const w = fromRows([
  [1, 2, 3, 4],
  [4, 3, 2, 1],
]);
const shape = { height: 2, width: 2, channels: 1 };
const later = Promise.resolve(w);
const result = { steps: 3, epochs: 1, cost: 2, history: [] };
type Call = (...given: unknown[]) => unknown;
const called = figures as unknown as Record<string, Call>;

const cases: readonly [name: string, given: readonly unknown[], message: RegExp][] = [
  ['trainingCurves', [result], /^history is \{"steps":3,.*: it must be a list of records, such as the history of/],
  ['trainingCurves', [], /^history is undefined: /],
  ['trainingCurves', [[{ step: 1, cost: 2, terms: {} }, null]], /^history\.1 is null: it must be an object such as/],
  ['trainingCurves', [[{ step: 1, cost: 2 }]], /^history\.0\.terms is undefined: /],
  ['activationHistogram', [], /^there are no mean activations: /],
  ['activationHistogram', [later], /^there are no mean activations: /],
  ['densityHistogram', [], /^the histogram is undefined: it must be an object such as/],
  ['densityHistogram', [{ edges: [0, 1], counts: [1] }], /^dead is undefined: it must be a whole number, 0 or more$/],
  ['densityHistogram', [{ dead: 1, edges: [0, 1], counts: [1, 2] }], /^there are 2 edges and 2 counts/],
  ['activityHistogram', [], /^the histogram is undefined: it must be an object such as/],
  ['activityHistogram', [{ histogram: {} }], /^edges is undefined: it must be a list of numbers; the histogram of/],
  ['activityHistogram', [{ edges: [0, 1] }], /^counts is undefined: /],
  ['scatter', [w, { title: 'a' }], /^dots is of class .*: it must be a list of points such as \{ x: 0, y: 1 \}$/],
  ['scatter', [[{ x: 0, y: 1 }]], /^options is undefined: it must be an object such as \{ title: 'Codes' \}$/],
  ['panels', ['<svg/>', { columns: 1 }], /^figures is "<svg\/>": it must be a list of SVGs/],
  ['panels', [['<svg/>']], /^options is undefined: /],
  ['matrixPicture', [later], /^weights is a Promise \(await is missing\): it must be an ndarray of shape \(m, d\)/],
  ['featureTiles', [later, shape], /^weights is a Promise/],
  ['featureTiles', [w], /^shape is undefined: it must be an object such as \{ height: 28, width: 28, channels: 1 \}$/],
  ['imageTiles', [[[1, 2, 3, 4]], shape], /^x is \[\[1,2,3,4\]\]: it must be an ndarray/],
  ['featuresAcross', [w, [0], shape], /^weights is of class .*: it must be a list of the encoder weights of one model/],
  ['featuresAcross', [[w, later], [0], shape], /^weights 1 is a Promise/],
  ['featuresAcross', [[w], 0, shape], /^units is 0: it must be a list of indices of hidden units$/],
  ['featuresAcross', [[w], [0]], /^shape is undefined: /],
  ['reconstructionPairs', [later, null, w, shape], /^x is a Promise/],
  ['reconstructionPairs', [w, null, later, shape], /^reconstructions is a Promise/],
  ['reconstructionPairs', [w, later, w, shape], /^corrupted is a Promise/],
  ['reconstructionPairs', [w, undefined, w, shape], /^corrupted is undefined: /],
  [
    'project',
    [later, { azimuth: 0, elevation: 0 }],
    /^points is a Promise .*: it must be an ndarray of shape \(m, 3\)/,
  ],
  ['project', [fromRows([[1, 2, 3]])], /^eye is undefined: it must be an object such as \{ azimuth: 30/],
  ['encodePng', ['<svg/>'], /^picture is "<svg\/>": it must be what featureTiles, imageTiles, … give; SVGs are files/],
  ['encodePng', [], /^picture is undefined: /],
  ['shrinkagePath', [], /^options is undefined: it must be an object such as \{ kind: 'l1' \}$/],
];

for (const [i, [name, given, message]] of cases.entries()) {
  test(`${name} says what it needs where it is given something else (${i})`, () =>
    assertRefused(() => called[name](...given), message));
}

test.run();
