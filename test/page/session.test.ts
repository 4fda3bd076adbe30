import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../src/array/matrix.ts';
import { parseConfig } from '../../src/model/config.ts';
import { configOf } from '../../src/page/playground/config-of.ts';
import { loadData } from '../../src/page/playground/data-sets.ts';
import type { Look } from '../../src/page/playground/look.ts';
import { type ModelName, modelNames } from '../../src/page/playground/model-kinds.ts';
import { nodeCode } from '../../src/page/playground/node-code.ts';
import { Session } from '../../src/page/playground/session.ts';
import { addressOf, type DataName, type Settings, startOf } from '../../src/page/playground/settings.ts';
import { settingsOfModel } from '../../src/page/playground/settings-of-model.ts';
import { LIMIT } from '../../src/proof/limits.ts';

const sources = { digits: async () => readFileSync('data/digits8x8/digits.csv.gz'), own: null };

/** A session, and a promise of the look that passes a test. */
async function begun(data: DataName, model: ModelName) {
  const settings = startOf(model, data);
  const set = await loadData(settings, sources);
  let waiting: { until: (look: Look) => boolean; resolve: (look: Look) => void } | null = null;
  const session = await Session.create(set, settings, (look) => {
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
  return { session, settings, running, look };
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

/** A session of a table of one's own. */
async function ofTable(text: string, settings: Settings, failed: (error: Error) => void = assert.unreachable) {
  const own = { kind: 'table', bytes: new TextEncoder().encode(text), name: 'own.csv' } as const;
  const session = await Session.create(await loadData(settings, { ...sources, own }), settings, () => session.drawn());
  const running = session.run(failed);
  const end = async () => {
    session.dispose();
    await running;
  };
  return { session, end };
}

test('session: a right gradient is not called wrong where all of it has become tiny', async () => {
  for (const [text, model] of [
    ['5', 'kl'],
    ['1,2\n3,4', 'kl'],
    ['a;b\n1;2\n3;4\n5;7\n2;2\n8;1', 'kl'],
  ] as const) {
    const { session, end } = await ofTable(text, startOf(model, 'own'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const proof = await session.prove(null, () => true);
    const errors = [proof?.error, ...(proof?.parameters ?? []).map(({ error }) => error)];
    assert.ok(
      errors.every((error) => error !== undefined && error <= LIMIT),
      `${text}: ${errors}`,
    );
    await end();
  }
});

test('session: a table with decimal commas is read, and its code says so', async () => {
  const { session, end } = await ofTable('a;b\n1,5;2,5\n3,25;4\n7,5;1,0', startOf('kl', 'own'));
  assert.equal([...session.data.x.shape], [3, 2]);
  assert.match(nodeCode(session), "csvExamples(await readFile('own.csv'), { decimal: ',' })");
  await end();
});

test('session: a bug that cannot show is not offered, or said to change nothing', async () => {
  const { session, settings, running, look } = await begun('swiss-roll', 'kl');
  await look(() => true);
  assert.ok(session.bugs().includes('KL term missing'));
  const before = await look(() => true);
  session.change({ ...settings, values: { ...settings.values, beta: 0, lambda: 0 } });
  await look(({ epoch }) => epoch > before.epoch + 1);
  assert.equal(session.bugs(), ['f′ of the hidden layers missing', 'bias gradient summed, not averaged']);
  const rejected = await session.prove('KL term missing', () => true, MOVED).catch((error: Error) => error.message);
  assert.match(String(rejected), 'changes nothing here');
  session.dispose();
  await running;
});

test('session: what a model gives overflows, and the session lives on', async () => {
  const settings = startOf('top-k', 'swiss-roll');
  const set = await loadData(settings, sources);
  const huge = matrix(
    Float32Array.from({ length: 300 }, (_, i) => Math.sin(i * i) * 3e38),
    100,
    3,
  );
  const told: string[] = [];
  const session = await Session.create({ ...set, x: huge }, settings, () => {});
  const running = session.run(({ message }) => told.push(message));
  await session.save(''); // waits for the end of the first look
  assert.ok(told.some((message) => message.includes('overflow')));
  session.change({ ...settings, values: { ...settings.values, rate: 0.001 } });
  assert.ok((await session.save('')).length > 0);
  session.dispose();
  await running;
});

test('session: a loaded config is that of the sliders, all of it, or of none', async () => {
  const data = await loadData(startOf('kl', 'swiss-roll'), sources);
  const given = startOf('kl', 'swiss-roll');
  for (const model of modelNames) {
    const settings = startOf(model, 'swiss-roll', 7);
    const off = { ...settings.values, beta: 0, gamma: 0, kappa: 0, nu: 0, lambda: 0 };
    for (const values of [settings.values, off]) {
      const set = { ...settings, values: { ...values, rate: given.values.rate } };
      const found = settingsOfModel(parseConfig(configOf(set, data)), given);
      assert.is(found && addressOf(found), addressOf(set));
    }
    for (const other of [{ units: 300 }, { lambda: 2 }]) {
      const config = parseConfig(configOf({ ...settings, values: { ...settings.values, ...other } }, data));
      if ('units' in other || model !== 'top-k') assert.is(settingsOfModel(config, given), null);
    }
    const config = { ...configOf(settings, data), precision: 'float64', initialization: { kind: 'uniform' } } as const;
    assert.is(settingsOfModel(parseConfig(config), given), null);
  }
});

test.run();
