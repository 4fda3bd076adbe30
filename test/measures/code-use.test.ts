import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix } from '../../src/array/matrix.ts';
import { ActivityReader } from '../../src/measures/activity.ts';
import { CodeUseCounter } from '../../src/measures/code-use.ts';
import { densityOf } from '../../src/measures/density.ts';
import { codeUse } from '../../src/measures/of-arrays.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';
import { uniforms } from '../support/views.ts';

const paper = JSON.parse(readFileSync('data/oracles/metrics-on-paper.json', 'utf8'));

test('on paper: L0, L1, firing, and the unit that never fires', () => {
  const { l0, l1, firing, neverFire, density } = codeUse(fromRows(paper.codes));
  assert.is(l0, paper.metrics.L0);
  assertClose([l1], [(1.5 + 0.3 + 3) / 4]);
  assert.equal(Array.from(firing), [0.5, 0.5, 0, 0.5]);
  assert.equal([neverFire.length, density.dead, neverFire], [paper.metrics.dead, 1, [2]]);
});

test('dead means never fires: negative activations fire, decoder norms do not enter', () => {
  const { neverFire } = codeUse(
    fromRows([
      [0, 1, 0],
      [0, 2, 0],
    ]),
  );
  assert.equal(neverFire, [0, 2]);
  const { l0, l1, neverFire: dead } = codeUse(fromRows([[-2, 0, -0]]));
  assert.equal([l0, l1, dead], [1, 2, [1, 2]]);
});

test('density has bins of a quarter of a decade up to 1, equal for every model, and the dead apart', () => {
  const { edges, counts, dead } = densityOf([1, 0.999, 0.1, 0.0999, 0, 0.001, 0]);
  assert.equal([edges[0], edges.at(-1), edges.length, counts.length], [-3, 0, 13, 12]);
  assert.equal(edges.slice(-3), [-0.5, -0.25, 0]);
  assert.equal([counts[0], counts[7], counts[8], counts[11], dead], [1, 1, 1, 2, 2]);
  assert.is(
    counts.reduce((sum, count) => sum + count, dead),
    7,
  );
  for (let power = 0; power <= 9; power++) {
    const { edges: from, counts: found } = densityOf([10 ** -power]);
    assert.equal([from[0], found[0]], [-Math.max(power, 0.25), 1], `10^-${power} begins its bin`);
  }
  assert.is(densityOf([0.001 * (1 - 1e-12)]).edges[0], -3, 'whatever the rounding of an engine');
  assert.equal(densityOf([0, 0]), { edges: [-0.25, 0], counts: [0], dead: 2 });
});

test('use of codes has equal bits for any chunks', () => {
  const [m, units] = [600, 4];
  const a = uniforms(m * units, 3).map((value) => Math.max(0, value));
  const whole = codeUse(matrix(a, m, units));
  for (const size of [1, 7, 255, 600]) {
    const [counter, reader] = [new CodeUseCounter(units), new ActivityReader(units)];
    for (let k = 0; k < m; k += size) {
      const examples = Math.min(size, m - k);
      counter.add(reader.read(a.subarray(k * units, (k + examples) * units)));
    }
    assert.equal(counter.result(), whole, `${size} at a time`);
  }
  assert.ok(whole.l0 > 1.8 && whole.l0 < 2.2);
});

test('codeUse refuses what is no matrix of finite numbers, and sums that overflow', async () => {
  await assertRefused(() => codeUse([1, 2] as never), /^codes is \[1,2\]: it must be an ndarray/);
  await assertRefused(() => codeUse(fromRows([[Infinity]])), /^codes is Infinity in row 0, column 0/);
  await assertRefused(
    () => codeUse(fromRows([[1e308, 1e308]])),
    /^the sum of the activations is Infinity: it overflows/,
  );
});

test.run();
