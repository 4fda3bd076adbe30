import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, toFlat } from '../../../src/array/matrix.ts';
import { prepare } from '../../../src/data/preprocessing/prepare.ts';
import { applyPreprocessing, fitPreprocessing } from '../../../src/data/preprocessing/preprocessing.ts';
import {
  preprocessingFromTensors,
  preprocessingToTensors,
} from '../../../src/data/preprocessing/preprocessing-tensors.ts';
import { refused } from '../refused.ts';

const GAP = Number.NaN;
const ROWS = [
  [1, GAP, -3],
  [GAP, 4, -1],
  [2, 8, -2],
  [9, 6, GAP],
];
const x = fromRows(ROWS);
const values = (by: 'median' | 'mean' | 'zero') => {
  const step = fitPreprocessing({ kind: 'fill', by }, x);
  return step.kind === 'fill' ? [...toFlat(step.values)] : [];
};

test('fill: medians and means of what is there, as numpy.nanmedian and nanmean have them, or 0', () => {
  assert.equal(values('median'), [2, 6, -2]);
  assert.equal(values('mean'), [4, 6, -2]);
  assert.equal(values('zero'), [0, 0, 0]);
});

test('fill is fitted on the training rows alone, saved with its values, and applied to new data', () => {
  const { x: out, steps } = prepare(
    [{ x, unit: 1 }],
    { preprocessing: [{ kind: 'fill', by: 'median' }, { kind: 'standardize' }], heldOut: 1 },
    'float64',
  );
  assert.ok([...toFlat(out)].every(Number.isFinite));
  const [fill] = steps;
  // The 9 and the 6 of the last row are not seen.
  assert.equal(fill.kind === 'fill' && [...toFlat(fill.values)], [1.5, 6, -2]);
  const { json, tensors } = preprocessingToTensors(steps);
  assert.equal(json[0], { kind: 'fill', by: 'median' });
  const again = preprocessingFromTensors(JSON.parse(JSON.stringify(json)), tensors);
  const next = fromRows([[GAP, GAP, GAP]]);
  assert.equal([...toFlat(applyPreprocessing([again[0]], next))], [1.5, 6, -2]);
});

test('fill refuses columns without a value, other ways, and to come after another step', async () => {
  const empty = fromRows([
    [1, GAP],
    [2, GAP],
  ]);
  await refused(
    () => fitPreprocessing({ kind: 'fill', by: 'mean' }, empty),
    /column 1 \(counted from 0\) has no value/,
  );
  await refused(
    () => fitPreprocessing({ kind: 'fill', by: 'mode' as 'mean' }, x),
    /fill: by is "mode": it must be one of/,
  );
  await refused(() => fitPreprocessing({ kind: 'fill', by: 'mean' }, fromRows([[Infinity]])), /Infinity: entries must/);
  const late = { preprocessing: [{ kind: 'scale' }, { kind: 'fill', by: 'mean' }] } as const;
  await refused(
    () => prepare([{ x: fromRows([[1], [2]]), unit: 1 }], late, 'float64'),
    /is fill: gaps are filled first/,
  );
  await refused(() => prepare([{ x, unit: 1 }], {}, 'float64'), /row 0, column 1 \(counted from 0\) is NaN/);
  await refused(() => preprocessingFromTensors([{ kind: 'fill', by: 'mode' }], new Map()), /step 0 is of kind "fill"/);
});

test.run();
