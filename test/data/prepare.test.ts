import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, toFlat } from '../../src/array/matrix.ts';
import type { Examples } from '../../src/data/examples.ts';
import { prepare } from '../../src/data/prepare.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';

const image = { height: 4, width: 4, channels: 1 };
const photos: Examples = {
  x: matrix(
    Uint8Array.from({ length: 6 * 16 }, (_, i) => (i * 37) % 256),
    6,
    16,
  ),
  unit: 255,
  image,
};

test('prepare divides bytes by their unit and keeps the image shape', () => {
  const { x, steps, image: shape } = prepare([photos], {}, 'float32');
  assert.equal([...x.shape], [6, 16]);
  assert.ok(x.data instanceof Float32Array);
  assert.is(x.get(0, 1), Math.fround(37 / 255));
  assert.equal(steps, []);
  assert.equal(shape, image);
});

test('prepare limits, cuts patches and preprocesses in that order', () => {
  const plan = { limit: 2, patches: { size: 2, count: 5, seed: 1 }, preprocessing: [{ kind: 'cs294a' } as const] };
  const { x, steps, image: shape } = prepare([photos], plan, 'float64');
  assert.equal([...x.shape], [5, 4]);
  assert.equal(shape, { height: 2, width: 2, channels: 1 });
  assert.is(steps.length, 1);
  for (const value of toFlat(x)) assert.ok(value >= 0.1 && value <= 0.9);
});

test('prepare fits a chain step by step, and repeats it on new data with the constants of training', () => {
  const plan = { preprocessing: [{ kind: 'zca', epsilon: 0.1 } as const, { kind: 'cs294a' } as const] };
  const trained = prepare([photos], plan, 'float64');
  const again = prepare([{ ...photos, x: photos.x.lo(2, 0) }], {}, 'float64', trained.steps);
  assertClose(toFlat(again.x), toFlat(trained.x).slice(2 * 16));
  const refitted = prepare([{ ...photos, x: photos.x.lo(2, 0) }], plan, 'float64');
  assert.not.equal(toFlat(refitted.x), toFlat(again.x), 'other data would fit other constants');
});

test('prepare turns colour grey where it is asked to', () => {
  const colour: Examples = {
    x: matrix(Uint8Array.of(255, 0, 0, 0, 255, 0), 1, 6),
    unit: 255,
    image: { height: 1, width: 2, channels: 3 },
  };
  const { x } = prepare([colour], { gray: true }, 'float64');
  assertClose(toFlat(x), [0.299, 0.587], { rtol: 1e-7 });
});

test('prepare refuses images of several sizes unless patches are cut from them', async () => {
  const small: Examples = {
    x: matrix(new Uint8Array(4), 1, 4),
    unit: 255,
    image: { height: 2, width: 2, channels: 1 },
  };
  await assertRefused(() => prepare([photos, small], {}, 'float32'), /come in 2 sizes or kinds/);
  const { x } = prepare([photos, small], { patches: { size: 2, count: 3, seed: 1 } }, 'float32');
  assert.equal([...x.shape], [3, 4]);
});

test.run();
