import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { Autoencoder, inspect, measure, recoveryOf } from '../../src/index.ts';
import { assess } from '../../src/measures/assess.ts';
import { codesUsed } from '../../src/measures/codes-used.ts';
import type { MeasureOptions } from '../../src/measures/metrics.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import type { Group } from '../../src/model/group.ts';
import { splitGroups } from '../support/split-group.ts';
import { uniforms } from '../support/views.ts';

// What several processes measure has the bits of what one does.

const d = 12;
const M = 2 * 1024 + 300;
const x = matrix(Float32Array.from(uniforms(M * d, 4), Math.abs), M, d);

const models: Record<string, AutoencoderConfig> = {
  sigmoid: { inputs: d, hidden: 7, seed: 1 },
  'tanh, two layers': { inputs: d, hidden: [9, 7], activation: 'tanh', output: 'linear', seed: 1 },
  'cross-entropy': { inputs: d, hidden: 7, seed: 2, loss: 'cross-entropy' },
  'k-sparse, encoding with more units': {
    ...{ inputs: d, hidden: 20, seed: 3, output: 'linear' },
    sparsity: { kind: 'k-sparse', k: 3, alpha: 2 },
  },
  'batch-top-k': { inputs: d, hidden: 20, seed: 4, output: 'linear', sparsity: { kind: 'batch-top-k', k: 2 } },
};

/** What each of some processes gives, every one with a model of its own. */
async function onRanks<T>(
  size: number,
  config: AutoencoderConfig,
  work: (model: Autoencoder, group: Group) => Promise<T>,
): Promise<T[]> {
  return Promise.all(splitGroups(size).map(async (group) => work(await Autoencoder.create(config), group)));
}

for (const [name, config] of Object.entries(models)) {
  test(`metrics and statistics of 2, 3 and 11 processes are those of one, to the bit: ${name}`, async () => {
    const model = await Autoencoder.create(config);
    const [metrics, inspection, use] = [await measure(model, x), await inspect(model, x), await codesUsed(model, x)];
    for (const size of [2, 3, 11]) {
      const ranks = await onRanks(size, config, async (own, group) => {
        const found = await assess(own, x, { group });
        return [
          found.metrics(),
          found.inspection(),
          await measure(own, x, { group }),
          await inspect(own, x, { group }),
          await codesUsed(own, x, group),
        ];
      });
      for (const found of ranks) assert.equal(found, [metrics, inspection, metrics, inspection, use], `${size}`);
    }
  });
}

test('targets and known features are of the same rows on several processes', async () => {
  const target = matrix(Float64Array.from(uniforms(M * d, 5)), M, d);
  const codes = matrix(Float64Array.from(uniforms(M * 5, 6)), M, 5);
  const options: MeasureOptions = { target, features: { directions: matrix(uniforms(5 * d, 7), 5, d), codes } };
  const model = await Autoencoder.create(models.sigmoid);
  const whole = await measure(model, x, options);
  for (const found of await onRanks(3, models.sigmoid, (own, group) => measure(own, x, { ...options, group }))) {
    assert.equal(found, whole);
  }
});

test('with a loss that is summed over 1,024 examples, known features are still those of the same rows', async () => {
  const codes = matrix(Float64Array.from(uniforms(M * 5, 6)), M, 5);
  const directions = matrix(uniforms(5 * d, 7), 5, d);
  const model = await Autoencoder.create(models['cross-entropy']);
  const { recovery } = await measure(model, x, { features: { directions, codes } });
  const decoder = (await model.parameters())['decoder.weight'];
  assert.equal(recovery, await recoveryOf(decoder, directions, await model.encode(x), codes));
});

test('examples that are bytes', async () => {
  const bytes = Object.assign(
    matrix(
      Uint8Array.from(x.data, (value) => 255 * value),
      M,
      d,
    ),
    { unit: 255 },
  );
  const whole = await measure(await Autoencoder.create(models.sigmoid), bytes);
  for (const found of await onRanks(2, models.sigmoid, (own, group) => measure(own, bytes, { group }))) {
    assert.equal(found, whole);
  }
});

test('what fails on one process fails on all, with the words of one', async () => {
  const config: AutoencoderConfig = { inputs: d, hidden: 5, output: 'linear', activation: 'linear', seed: 1 };
  const large = matrix(x.data.slice(), M, d);
  large.data.fill(9, 300 * d, 301 * d); // of the second process
  const overflowing = async (own: Autoencoder, what: 'encoder' | 'decoder') => {
    const [rows, columns] = what === 'encoder' ? [5, d] : [5, d];
    own.setParameters({ [`${what}.weight`]: matrix(new Float32Array(5 * d).fill(5e37), rows, columns) });
    return own;
  };
  const messages = async (own: Autoencoder, group?: Group) => {
    const { metrics, inspection } = await assess(own, large, { group });
    return [metrics, inspection].map((result) => {
      try {
        result();
        return null;
      } catch (error) {
        return [(error as Error).name, (error as Error).message];
      }
    });
  };
  for (const what of ['encoder', 'decoder'] as const) {
    const whole = await messages(await overflowing(await Autoencoder.create(config), what));
    assert.is(whole[1] === null, what === 'decoder');
    assert.match(whole[0]?.[1] ?? '', /the model gives -?Infinity for example/);
    const ranks = await onRanks(3, config, async (own, group) => messages(await overflowing(own, what), group));
    for (const found of ranks) assert.equal(found, whole);
  }
});

test('each process takes its own chunks through the model, and no others', async () => {
  const counts = await onRanks(3, models.sigmoid, async (own, group) => {
    let rows = 0;
    const { kernels } = own.engine;
    const gather = kernels.gatherRows.bind(kernels);
    kernels.gatherRows = (out, from, which) => {
      rows += which.length;
      return gather(out, from, which);
    };
    await measure(own, x, { group });
    return rows;
  });
  assert.is(
    counts.reduce((sum, rows) => sum + rows, 0),
    M,
  );
  assert.ok(Math.max(...counts) <= Math.ceil(M / 256 / 3) * 256, String(counts));
});

test.run();
