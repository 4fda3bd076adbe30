import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { Classifier } from '../../src/model/classifier.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import type { Group } from '../../src/model/group.ts';
import { splitGroups } from '../support/split-group.ts';
import { uniforms } from '../support/views.ts';

// The mean loss over several processes has the bits of one process, which has them of sums over chunks of 1,024 examples.

const M = 5 * 1024 + 77;
const d = 6;
const x = matrix(Float32Array.from(uniforms(M * d, 4), Math.abs), M, d);

const models: Record<string, AutoencoderConfig> = {
  squared: { inputs: d, hidden: 5, seed: 1 },
  'cross-entropy, corrupted': {
    ...{ inputs: d, hidden: [5, 4], seed: 2, loss: 'cross-entropy' },
    corruption: { kind: 'masking', fraction: 0.3 },
  },
  'batch-top-k': { inputs: d, hidden: 20, seed: 4, output: 'linear', sparsity: { kind: 'batch-top-k', k: 2 } },
};

for (const [name, config] of Object.entries(models)) {
  test(`the mean loss of 1 to 8 processes is that of one, to the bit: ${name}`, async () => {
    const model = await Autoencoder.create(config);
    const whole = await model.engine.meanLoss(x);
    assert.ok(Number.isFinite(whole) && whole > 0);
    for (const size of [1, 2, 3, 8]) {
      const groups = splitGroups(size).map(counting);
      // Ranks share a model here, and its calls wait for one another: each needs its own.
      const ranks = await Promise.all(
        groups.map(async ({ group }) => (await Autoencoder.create(config)).engine.meanLoss(x, undefined, group)),
      );
      for (const loss of ranks) assert.is(loss, whole, `${size} processes`);
      assert.ok(groups.every(({ sums }) => sums() === 1));
    }
  });
}

test('the mean loss of a classifier, of fewer examples than a chunk has', async () => {
  const classes = 3;
  const few = matrix(x.data.subarray(0, 50 * d), 50, d);
  const labels = matrix(new Uint8Array(50 * classes), 50, classes);
  for (let i = 0; i < 50; i++) labels.set(i, i % classes, 1);
  const create = () => Classifier.create({ inputs: d, hidden: [4], classes, seed: 3 });
  const whole = await (await create()).engine.meanLoss(few, labels);
  const ranks = await Promise.all(
    splitGroups(3).map(async (group) => (await create()).engine.meanLoss(few, labels, group)),
  );
  for (const loss of ranks) assert.is(loss, whole);
});

test('each process goes through its own rows alone', async () => {
  const rows = 4 * 1024;
  const bad = matrix(x.data.slice(0, rows * d), rows, d);
  bad.data.fill(Number.NaN, 2 * 1024 * d); // rank 1's half
  const [first] = splitGroups(2);
  let own: Float64Array | undefined;
  const watched: Group = {
    ...first,
    total: (values) => {
      own = values.slice();
    },
  };
  const model = await Autoencoder.create({ inputs: d, hidden: 5, seed: 1 });
  await model.engine.meanLoss(bad, undefined, watched);
  assert.ok(own?.[0] && own[1] && own[2] === 0 && own[3] === 0);
});

function counting(given: Group) {
  let sums = 0;
  const group: Group = {
    ...given,
    total: (values) => {
      sums++;
      return given.total(values);
    },
  };
  return { group, sums: () => sums };
}

test.run();
