import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import { createKernels } from '../../src/kernels/create.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { autoencoderSpec } from '../../src/model/autoencoder-spec.ts';
import { type AutoencoderConfig, parseConfig } from '../../src/model/config.ts';
import { Engine } from '../../src/model/engine.ts';
import { createLayout } from '../../src/model/parameters.ts';

// Kernels with `gemmFrom` begin a sum with a bias or a decayed weight; those without write that first, and multiply over it.

const [M, D] = [23, 37];

function uniform(length: number, seed: number): Float32Array {
  return fillUniform(new Float32Array(length), { seed, stream: stream.testing }, -0.5, 0.5);
}

async function gradientOf(kernels: Kernels, config: Partial<AutoencoderConfig>) {
  const spec = autoencoderSpec(parseConfig({ inputs: D, hidden: 19, weightDecay: 0.3, ...config }));
  const engine = new Engine(kernels, spec, uniform(createLayout(spec.parameters).length, 1));
  const { cost, terms, gradient } = await engine.costAndGradient(matrix(uniform(M * D, 2), M, D));
  return { cost, terms, gradient: Array.from(gradient) };
}

const configs: readonly [string, Partial<AutoencoderConfig>, products: number][] = [
  ['a separate decoder', { sparsity: { kind: 'kl', target: 0.1, weight: 3 } }, 4],
  ['tied weights', { tied: true }, 3],
  ['L1 on the code, which has a backward pass of its own', { sparsity: { kind: 'l1', weight: 0.2 } }, 3],
  ['a contraction, which reaches ∇W before the layer does', { contraction: { weight: 0.2 } }, 3],
  ['L1 on weights', { weightL1: 0.1 }, 2],
  ['several layers', { hidden: [19, 11, 7] }, 12],
  ['a k-sparse code', { sparsity: { kind: 'k-sparse', k: 3 } }, 1],
];

for (const deterministic of [true, false]) {
  const options = { deterministic, threads: 1 };
  for (const [name, config, products] of configs) {
    test(`${deterministic ? 'deterministic' : 'default'} kernels: cost and gradient have the same bits in one pass, ${name}`, async () => {
      let count = 0;
      const k = createKernels('float32', options);
      const { gemmFrom } = k;
      if (gemmFrom === undefined) throw new Error('these kernels are to have gemmFrom');
      const counted: typeof gemmFrom = (...args) => {
        count++;
        gemmFrom(...args);
      };
      const inOne = await gradientOf({ ...k, gemmFrom: counted }, config);
      const apart = await gradientOf({ ...createKernels('float32', options), gemmFrom: undefined }, config);
      assert.is(count, products, 'products that begin with something');
      assert.equal(inOne, apart);
    });
  }
}

test.run();
