import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkConfig, FLOAT32_LIMIT, gradientConfigs, LIMIT } from '../../src/model/gradient-suite.ts';

const configs = [...gradientConfigs()];

test('gradientConfigs covers every combination once', () => {
  // Depths 3 × tied 2 × (5 outputs + cross-entropy) × Σ over activations of penalties × weight decay on or off:
  // sigmoid and tanh have none, KL and L1, the other three none and L1.
  assert.is(configs.length, 3 * 2 * 6 * (2 * 3 + 3 * 2) * 2);
  assert.is(new Set(configs.map((config) => JSON.stringify(config))).size, configs.length);
});

test('checkConfig proves every single-layer gradient, and a spread of the deep ones', async () => {
  // The whole suite is `npm run check-gradients`.
  const chosen = configs.filter(({ hidden }, i) => hidden.length === 1 || i % 7 === 0);
  for (const config of chosen) {
    const row = await checkConfig(config);
    assert.ok(row.normRelativeError <= LIMIT, `${JSON.stringify(config)}: ${row.normRelativeError}`);
    assert.ok(row.float32Error <= FLOAT32_LIMIT, `${JSON.stringify(config)}: ${row.float32Error} in float32`);
    assert.ok(row.float32Error > 0, 'float32 cannot equal float64 to the last bit');
    assert.ok(row.passed);
  }
});

test.run();
