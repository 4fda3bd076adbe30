import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix, transposed } from '../../src/array/matrix.ts';
import { InputError } from '../../src/errors.ts';
import { encodePng, featuresAcross, type Picture, reconstructionPairs } from '../../src/figures/index.ts';

const shape = { height: 1, width: 2, channels: 1, scale: 1, gap: 0 };
const refused = (act: () => unknown, message: RegExp) =>
  assert.throws(act, (error: unknown) => error instanceof InputError && message.test(error.message));

/** The rows of a grey picture. */
function linesOf({ width, height, data }: Picture): number[][] {
  return Array.from({ length: height }, (_, y) => [...data.subarray(y * width, (y + 1) * width)]);
}

test('reconstructionPairs stands input, corrupted input and reconstruction side by side, an example a row', () => {
  const x = fromRows([
    [0, 1],
    [1, 1],
  ]);
  const corrupted = matrix(Uint8Array.of(0, 0, 1, 0), 2, 2);
  const back = transposed(
    fromRows([
      [0.2, 2],
      [0.8, -1],
    ]),
  );
  assert.equal(linesOf(reconstructionPairs(x, corrupted, back, { ...shape, columns: 1 })), [
    [0, 255, 0, 0, 51, 204],
    [255, 255, 255, 0, 255, 0],
  ]);
  assert.equal(linesOf(reconstructionPairs(x, null, back, { ...shape, columns: 1 }))[0], [0, 255, 51, 204]);
});

test('reconstructionPairs continues in further strips with white between them, and takes another range', () => {
  const x = fromRows([
    [0, 0],
    [-1, 1],
    [1, 1],
  ]);
  const white = [255, 255, 255, 255];
  assert.equal(linesOf(reconstructionPairs(x, null, x, { ...shape, columns: 2 }, [-1, 1])), [
    [128, 128, 128, 128, ...white, 255, 255, 255, 255],
    [0, 255, 0, 255, ...white, ...white],
  ]);
});

test('reconstructionPairs makes a picture that is about square and encodes, in colour too', () => {
  const x = matrix(new Float32Array(36 * 12), 36, 12);
  const { width, height, channels } = reconstructionPairs(x, x, x, { height: 2, width: 2, channels: 3 });
  assert.ok(width > 400 && height > 400 && width < 900 && height < 900 && channels === 3, `${width} x ${height}`);
  assert.ok(encodePng(reconstructionPairs(x, x, x, { height: 2, width: 2, channels: 3 })).length > 100);
});

test('reconstructionPairs refuses matrices that do not fit each other or the shape', () => {
  const x = fromRows([[0, 1]]);
  refused(
    () => reconstructionPairs(x, null, fromRows([[1]]), shape),
    /^reconstructions has shape \(1, 1\), but x has \(1, 2\): /,
  );
  refused(
    () =>
      reconstructionPairs(
        x,
        fromRows([
          [0, 1],
          [0, 1],
        ]),
        x,
        shape,
      ),
    /^corrupted has shape \(2, 2\), /,
  );
  refused(() => reconstructionPairs(x, null, x, { ...shape, width: 3 }), /^a row has 2 values/);
  refused(() => reconstructionPairs(x, null, x, { ...shape, columns: 0 }), /^columns is 0: /);
  refused(() => reconstructionPairs(x, null, x, shape, [1, 0]), /^range is \[1, 0\]: /);
  const none = matrix(new Float64Array(0), 0, 2);
  refused(() => reconstructionPairs(none, null, none, shape), /^there are no images: /);
  refused(() => reconstructionPairs(x, null, fromRows([[0, Number.NaN]]), shape), /not finite/);
});

test('featuresAcross draws the same unit of every model in a row, each stretched by itself', () => {
  const one = fromRows([
    [0, 0],
    [1, -1],
    [2, 1],
  ]);
  const two = fromRows([
    [0, 0],
    [0, 4],
    [-3, 3],
    [9, 9],
  ]); // more units than the first
  assert.equal(linesOf(featuresAcross([one, two], [2, 1], { ...shape, columns: 1 })), [
    [255, 191, 0, 255],
    [255, 0, 128, 255],
  ]);
});

test('featuresAcross refuses no models, no units, units that a model lacks and models of other inputs', () => {
  const w = fromRows([[1, 2]]);
  refused(() => featuresAcross([], [0], shape), /^there are no weights: /);
  refused(() => featuresAcross([w], [], shape), /^there are no units: /);
  refused(
    () => featuresAcross([w, w], [0, 1], shape),
    /^unit 1 is not in weights 0: units are whole numbers from 0 to 0/,
  );
  refused(() => featuresAcross([w], [0.5], shape), /^unit 0.5 is not in/);
  refused(() => featuresAcross([w, fromRows([[1]])], [0], shape), /^weights 1 have 1 inputs, weights 0 have 2: /);
});

test.run();
