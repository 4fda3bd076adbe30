import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gradientCases } from '../../src/proof/gradient-cases.ts';
import { checkCase } from '../../src/proof/gradient-suite.ts';
import { FLOAT32_LIMIT, LIMIT } from '../../src/proof/limits.ts';

const cases = [...gradientCases()];
const titleOf = ({ spec: _, ...names }: (typeof cases)[number]) => JSON.stringify(names);

test('gradientCases covers every combination, each once', () => {
  assert.is(new Set(cases.map(titleOf)).size, cases.length);
  // Depths 3 × tied 2 × (5 outputs + cross-entropy), and per activation: weight decay or not × (none, L1 and, with sigmoid
  // and tanh, KL; each without and with contraction; k-sparse), and weight L1.
  const perActivation = (sparsities: number) => 2 * (2 * sparsities + 1) + 1;
  const combinations = 3 * 2 * 6 * (2 * perActivation(3) + 3 * perActivation(2));
  assert.ok(cases.length > combinations + 100, `${cases.length}`);
  for (const part of [
    'kl',
    'l1',
    'k-sparse',
    'contraction',
    'weight l1',
    'masking',
    'salt-and-pepper',
    'gaussian',
    'emphasis',
  ]) {
    assert.ok(
      cases.some(({ objective }) => objective.includes(part)),
      part,
    );
  }
  assert.ok(cases.some(({ model, hidden }) => model === 'classifier' && hidden.length === 0));
});

test('checkCase proves a spread of all gradients', async () => {
  // The whole suite is `npm run check-gradients`.
  for (const given of cases.filter((_, i) => i % 5 === 0)) {
    const row = await checkCase(given);
    assert.ok(row.normRelativeError <= LIMIT, `${titleOf(given)}: ${row.normRelativeError}`);
    assert.ok(row.float32Error <= FLOAT32_LIMIT, `${titleOf(given)}: ${row.float32Error} in float32`);
    assert.ok(row.float32Error > 0, 'float32 cannot equal float64 to the last bit');
    assert.ok(row.passed);
  }
});

test.run();
