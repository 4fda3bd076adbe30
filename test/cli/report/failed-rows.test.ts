import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { failures } from '../../../src/cli/report/failed-rows.ts';
import { type GradientCase, gradientCases } from '../../../src/proof/gradient-cases.ts';

const cases = [...gradientCases()];

/** Rows as `check-gradients` has them, those that `bad` picks with an error above the limit. */
function rows(bad: (given: GradientCase) => boolean, error = (_: number) => 1e-2) {
  return cases.map((given, i) => {
    const { spec: _, ...names } = given;
    const passed = !bad(given);
    const float64 = passed ? 1e-10 : error(i);
    return { ...names, normRelativeError: float64, maxRelativeError: float64, float32Error: 1e-8, passed };
  });
}

test('failures names what a planted mistake touches, and nothing that every row has', () => {
  const kl = failures(rows(({ objective }) => /\bkl\b/.test(objective)));
  assert.is(kl.shown.length, 20);
  assert.is(kl.shown.length + kl.more, cases.filter(({ objective }) => /\bkl\b/.test(objective)).length);
  assert.equal(kl.shared, ['autoencoder', 'kl']);
  const tanh = failures(rows(({ activation, tied }) => activation === 'tanh' && tied === 'tied'));
  assert.equal(tanh.shared, ['autoencoder', 'f tanh', 'tied']);
  const deep = failures(rows(({ hidden, objective }) => hidden.length === 3 && objective === 'contraction'));
  assert.equal(deep.shared, ['autoencoder', '3 hidden layers', 'contraction']);
  const all = failures(rows(() => true));
  assert.equal([all.shared, all.shown.length + all.more], [[], cases.length]);
  assert.equal(failures(rows(() => false)), { shown: [], more: 0, shared: [] });
});

test('failures shows the worst first, NaN before all, and errors in float32 by their own limit', () => {
  const picked = new Set(cases.slice(0, 3));
  const some = rows(
    (given) => picked.has(given),
    (i) => [1e-7, Number.NaN, 1e-3][i],
  );
  assert.equal(
    failures(some).shown.map((row) => row.normRelativeError),
    [Number.NaN, 1e-3, 1e-7],
  );
  some[0].float32Error = 10;
  assert.equal(
    failures(some).shown.map((row) => row.normRelativeError),
    [Number.NaN, 1e-7, 1e-3],
  );
});

test.run();
