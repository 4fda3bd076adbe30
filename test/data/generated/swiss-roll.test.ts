import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { swissRoll, swissRollAngles } from '../../../src/data/generated/swiss-roll.ts';
import { loadExamples } from '../../../src/node/sources.ts';
import { refused } from '../refused.ts';

test('swissRoll lies on (t·cos t, h, t·sin t), t and h uniform on their ranges', () => {
  const options = { examples: 4000, seed: 1 };
  const { x, unit } = swissRoll(options);
  const t = swissRollAngles(options);
  assert.equal([x.shape, unit, t.length], [[4000, 3], 1, 4000]);
  const quarters = [0, 0, 0, 0];
  let heights = 0;
  for (let i = 0; i < 4000; i++) {
    assert.ok(t[i] >= 1.5 * Math.PI && t[i] < 4.5 * Math.PI);
    assert.ok(Math.abs(x.get(i, 0) - t[i] * Math.cos(t[i])) < 1e-14);
    assert.ok(Math.abs(x.get(i, 2) - t[i] * Math.sin(t[i])) < 1e-14);
    assert.ok(x.get(i, 1) >= 0 && x.get(i, 1) < 21);
    quarters[Math.floor(((t[i] / Math.PI - 1.5) / 3) * 4)]++;
    heights += x.get(i, 1);
  }
  const sixErrors = 6 * Math.sqrt(4000 * 0.25 * 0.75);
  for (const count of quarters) assert.ok(Math.abs(count - 1000) < sixErrors, quarters.join());
  assert.ok(Math.abs(heights / 4000 - 10.5) < (6 * 21) / Math.sqrt(12 * 4000));
});

test('swissRoll adds noise of the deviation asked for to every coordinate, and keeps the angles', () => {
  const options = { examples: 4000, seed: 1 };
  const clean = swissRoll(options).x;
  const noisy = swissRoll({ ...options, noise: 0.5 }).x;
  for (let j = 0; j < 3; j++) {
    let squares = 0;
    for (let i = 0; i < 4000; i++) squares += (noisy.get(i, j) - clean.get(i, j)) ** 2;
    assert.ok(Math.abs(squares / 4000 / 0.25 - 1) < 6 * Math.sqrt(2 / 4000), `column ${j}: ${squares / 4000}`);
  }
  assert.equal(swissRollAngles({ ...options, noise: 0.5 }), swissRollAngles(options));
});

test('swissRoll repeats with its seed, example by example, and shares no stream', () => {
  const few = swissRoll({ examples: 3, seed: 7, noise: 0.1 }).x.data;
  assert.equal(few, swissRoll({ examples: 9, seed: 7, noise: 0.1 }).x.data.slice(0, 9));
  assert.not.equal(few, swissRoll({ examples: 3, seed: 8, noise: 0.1 }).x.data);
});

test('swissRoll is a data set by name, and refuses options without sense', async () => {
  const [{ x }] = await loadExamples('swiss-roll');
  assert.equal(x.data, swissRoll({ examples: 2000, seed: 1, noise: 0.1 }).x.data);
  for (const examples of [0, 1.5, 2 ** 27]) {
    await refused(() => swissRoll({ examples, seed: 1 }), /number of examples is/);
  }
  for (const noise of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    await refused(() => swissRoll({ examples: 5, seed: 1, noise }), /noise is/);
  }
  for (const call of [swissRoll, swissRollAngles] as unknown as readonly (() => unknown)[]) {
    await refused(call, /^options is undefined: it must be an object such as \{ examples: 1000, seed: 1 \}$/);
  }
  await refused(() => swissRollAngles({ examples: 5, seed: -1 }), /seed is -1/);
});

test.run();
