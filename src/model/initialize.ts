import { fillUniform, stream } from '../array/random.ts';
import type { Layout } from './parameters.ts';

/**
 * Initial θ in float64: weights uniform on [−r, r], r = √(6/(n_in + n_out + 1)), biases 0. Parameter i draws from
 * (seed, initialization, i), so one layer's size never moves another's weights. [UFLDL, sparse autoencoder exercise]
 */
export function initialize(layout: Layout, seed: number): Float64Array {
  const theta = new Float64Array(layout.length);
  layout.parameters.forEach(({ shape, offset, length }, i) => {
    if (shape.length !== 2) return;
    const r = Math.sqrt(6 / (shape[0] + shape[1] + 1));
    fillUniform(theta.subarray(offset, offset + length), { seed, stream: stream.initialization, counter: i }, -r, r);
  });
  return theta;
}
