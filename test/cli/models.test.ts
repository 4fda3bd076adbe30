import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { models, presets } from '../../src/training/presets.ts';
import { classes, inScratch, rhohat, table } from './command.ts';

/** Each kind of model, and the presets with data of their own; the others differ from their kind in numbers. */
const small: [string, string, string[]][] = [
  ['--model', 'sparse', ['data.csv', '--hidden', '3', '--epochs', '1']],
  ['--model', 'l1', ['data.csv', '--hidden', '3', '--epochs', '1']],
  ['--model', 'denoising', ['data.csv', '--hidden', '3', '--epochs', '1']],
  ['--model', 'contractive', ['data.csv', '--hidden', '3', '--epochs', '1']],
  ['--model', 'k-sparse', ['data.csv', '--hidden', '3', '--k', '2', '--epochs', '1']],
  ['--model', 'linear', ['data.csv', '--hidden', '3', '--iterations', '1']],
  ['--model', 'undercomplete', ['data.csv', '--hidden', '3,2', '--epochs', '1']],
  [
    '--preset',
    'self-taught',
    ['data.csv', ...'--hidden 3 --labels labels.csv --classes 0,2 --iterations 1'.split(' ')],
  ],
  ['--preset', 'swiss-roll', ['--hidden', '5,4,2', '--limit', '50', '--iterations', '1']],
  ['--preset', 'cs294a', ['dead-leaves', '--patches', '60', '--iterations', '1']],
  ['--preset', 'colour', ['dead-leaves', '--patches', '60', '--hidden', '3', '--iterations', '1']],
  ['--preset', 'dead-leaves', ['--patches', '60', '--hidden', '3', '--iterations', '1']],
];

test('train has every kind of model tried here', () => {
  const tried = small.filter(([flag]) => flag === '--model').map(([, name]) => name);
  assert.equal(tried, Object.keys(models));
});

for (const [flag, name, more] of small) {
  test(`train ${flag} ${name} runs, in small`, () =>
    inScratch(async (folder) => {
      writeFileSync(join(folder, 'data.csv'), table(40));
      writeFileSync(join(folder, 'labels.csv'), classes(40));
      const { status, stderr, stdout } = await rhohat(['train', flag, name, ...more, '--out', 'run'], { cwd: folder });
      assert.equal([status, stderr], [0, '']);
      assert.match(stdout, /cost +[\d.]+(, the mean of the last epoch,)? after \d+ steps/);
      const { run } = JSON.parse(readFileSync(join(folder, 'run/summary.json'), 'utf8'));
      const { fit } = (flag === '--model' ? models : presets)[name];
      assert.is(run.fit.optimizer.kind, fit.optimizer?.kind);
    }));
}

test('train --pca compares with principal components, and a linear model reaches their error', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(40));
    const args = ['--model', 'linear', '--hidden', '1', '--precision', 'float64', '--pca', '1', '--json'];
    const { stdout } = await rhohat(['train', 'data.csv', ...args], { cwd: folder });
    const { pca, metrics } = JSON.parse(stdout);
    assert.is(pca.components, 1);
    assert.ok(
      Math.abs(metrics.squaredError / pca.squaredError - 1) < 0.01,
      `${metrics.squaredError} ${pca.squaredError}`,
    );
    assert.ok(pca.largestAngle < 1, `${pca.largestAngle}°`);
  }));

test.run();
