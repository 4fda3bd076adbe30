import { matrix } from '../../array/matrix.ts';
import { elementsOf, storageLike } from '../../array/numbers.ts';
import { InputError } from '../../errors.ts';
import type { Examples } from '../examples.ts';

/**
 * Images whose rows are the columns of those that are given, a copy in the same type: (m, h·w·c) becomes (m, w·h·c), as EMNIST's
 * digits need. Throws InputError for data that are not images.
 */
export function transposeImages(examples: Examples): Examples {
  const { x, image } = examples;
  if (image === undefined) {
    throw new InputError(
      'transpose (--transpose) swaps rows and columns of images, and the data are none: leave it out, or say their axes (--axes mhw)',
    );
  }
  const { height, width, channels } = image;
  const [m, d] = x.shape;
  const out = storageLike(x.data, m * d);
  const [to, from] = [elementsOf(out), elementsOf(x.data)]; // copied as they are stored
  for (let k = 0, q = 0; k < m; k++) {
    const first = x.offset + k * x.stride[0];
    for (let j = 0; j < width; j++) {
      for (let i = 0; i < height; i++) {
        for (let c = 0; c < channels; c++) to[q++] = from[first + ((i * width + j) * channels + c) * x.stride[1]];
      }
    }
  }
  return { ...examples, x: matrix(out, m, d), image: { height: width, width: height, channels } };
}
