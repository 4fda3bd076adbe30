import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, toFlat } from '../../../src/array/matrix.ts';
import { prepare } from '../../../src/data/preprocessing/prepare.ts';
import { transposeImages } from '../../../src/data/preprocessing/transpose-images.ts';
import { refused } from '../refused.ts';

test('rows and columns of each image are swapped, its channels kept together', () => {
  const grey = {
    x: matrix(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 2, 6),
    unit: 255,
    image: { height: 2, width: 3, channels: 1 },
  };
  const { x, image, unit } = transposeImages(grey);
  assert.equal(
    [Array.from(x.data), image, unit],
    [[1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12], { height: 3, width: 2, channels: 1 }, 255],
  );
  assert.equal(toFlat(transposeImages(transposeImages(grey)).x), toFlat(grey.x));
  const colour = { ...grey, x: matrix(grey.x.data, 1, 12), image: { height: 2, width: 2, channels: 3 } };
  assert.equal(Array.from(transposeImages(colour).x.data), [1, 2, 3, 7, 8, 9, 4, 5, 6, 10, 11, 12]);
  // Views too.
  const view = transposeImages({ ...grey, x: grey.x.lo(1, 0) });
  assert.equal(Array.from(view.x.data), [7, 10, 8, 11, 9, 12]);
});

test('prepare transposes before patches are cut, and refuses what are no images', async () => {
  const image = { height: 2, width: 3, channels: 1 };
  const stack = { x: matrix(Float32Array.of(1, 2, 3, 4, 5, 6), 1, 6), unit: 1, image };
  const { x, image: shape } = prepare([stack], { transpose: true }, 'float32');
  assert.equal([Array.from(toFlat(x)), shape], [[1, 4, 2, 5, 3, 6], { height: 3, width: 2, channels: 1 }]);
  const { image: _, ...bare } = stack;
  await refused(() => prepare([bare], { transpose: true }, 'float32'), /--transpose.*the data are none/);
});

test.run();
