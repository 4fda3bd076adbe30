import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { vectorView } from '../../src/array/matrix.ts';
import { TrainingError } from '../../src/errors.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { Group } from '../../src/model/group.ts';
import { fit } from '../../src/training/fit.ts';
import { errorOf } from '../support/errors.ts';
import { splitGroups } from '../support/split-group.ts';
import { randomView } from '../support/views.ts';

const x = randomView(20, 4, 'rows', 'float32', 1, 0.1, 0.9);

/** Trains over 3 processes, of which `odd` moves a parameter by a last digit after a step of the second epoch. */
async function train(odd: readonly number[]): Promise<unknown[]> {
  return Promise.all(
    splitGroups(3).map(async (group: Group) => {
      const model = await Autoencoder.create({ inputs: 4, hidden: 3 });
      const { kernels, theta } = model.engine;
      return errorOf(() =>
        fit(model, x, {
          ...{ epochs: 3, batchSize: 5, group },
          async onProgress({ step }) {
            if (step !== 6 || !odd.includes(group.rank)) return;
            const numbers = await kernels.copyOut(theta);
            numbers[1] *= 1 + 2 ** -20;
            kernels.write(vectorView(theta.data), numbers);
          },
        }),
      );
    }),
  );
}

test('processes whose parameters are no longer the same end at the end of the epoch, with the ranks', async () => {
  for (const [odd, which] of [
    [[1], 'rank 1'],
    [[1, 2], 'ranks 1, 2'],
    [[0], 'ranks 1, 2'],
  ] as const) {
    for (const error of await train(odd)) {
      assert.instance(error, TrainingError);
      const { message, step, term } = error as TrainingError;
      assert.match(message, new RegExp(`^step 8: the parameters of ${which} are no longer those of rank 0 \\(‖θ‖² is`));
      assert.match(message, /use deterministic: true/);
      assert.equal([step, term], [8, 'parameters']);
    }
  }
});

test('processes whose parameters stay the same train to the end', async () => {
  const model = await Autoencoder.create({ inputs: 4, hidden: 3 });
  let count = 0;
  await Promise.all(
    splitGroups(3).map(async (group) => {
      const own = group.rank === 0 ? model : await Autoencoder.create({ inputs: 4, hidden: 3 });
      const { epochs } = await fit(own, x, { epochs: 3, batchSize: 5, group });
      count += epochs;
    }),
  );
  assert.is(count, 9);
});

test.run();
