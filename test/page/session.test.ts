import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadData } from '../../src/page/playground/data-sets.ts';
import type { Look } from '../../src/page/playground/look.ts';
import { type ModelName, modelNames } from '../../src/page/playground/model-kinds.ts';
import { Session } from '../../src/page/playground/session.ts';
import { type DataName, startOf } from '../../src/page/playground/settings.ts';
import { LIMIT } from '../../src/proof/limits.ts';

const sources = { digits: async () => readFileSync('data/digits8x8/digits.csv.gz'), own: null };

/** A session, and a promise of the look that passes a test. */
async function begun(data: DataName, model: ModelName) {
  const settings = startOf(model, data);
  const set = await loadData(settings, sources);
  let last: Look | null = null;
  let waiting: { until: (look: Look) => boolean; resolve: (look: Look) => void } | null = null;
  const session = await Session.create(set, settings, (look) => {
    last = look;
    if (waiting?.until(look)) waiting.resolve(look);
    setTimeout(() => session.drawn());
  });
  const running = session.run((error) => {
    throw error;
  });
  const look = (until: (look: Look) => boolean) =>
    new Promise<Look>((resolve) => {
      waiting = { until, resolve };
    });
  return { session, settings, set, running, look, latest: () => last };
}

const MOVED = 150; // numbers of θ: the page moves more

for (const data of ['dead-leaves', 'digits', 'swiss-roll'] as const) {
  for (const model of data === 'swiss-roll' ? modelNames : (['kl', 'top-k', 'denoising'] as const)) {
    test(`session: ${model} on ${data} trains, is proved, and every bug that fits is caught`, async () => {
      const { session, running, look } = await begun(data, model);
      const first = await look(() => true);
      const later = await look(({ epoch }) => epoch >= 10);
      const costs = [first.history[0].cost, later.history[later.history.length - 1].cost];
      assert.ok(costs[1] < costs[0], `cost ${costs[0]} → ${costs[1]}`);
      assert.is(later.tiles.length, later.units * later.width);
      assert.is(later.rates.length, later.units);
      assert.ok(later.shares.every(({ norm }) => norm > 0) || model === 'top-k', JSON.stringify(later.shares));
      session.play(false);
      const proof = await session.prove(null, () => true, MOVED);
      assert.ok(proof && proof.error <= LIMIT, `${proof?.error}`);
      for (const bug of session.bugs()) {
        const broken = await session.prove(bug, () => true, MOVED);
        assert.ok(broken && broken.error > 100 * LIMIT, `${bug}: ${broken?.error}`);
      }
      session.dispose();
      await running;
    });
  }
}

test.run();
