import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../../src/array/matrix.ts';
import { summarize, summaryLines } from '../../../src/cli/report/summary.ts';
import { Autoencoder } from '../../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../../src/model/config.ts';
import type { Terms } from '../../../src/model/terms.ts';
import type { OptimizerConfig } from '../../../src/optimizers/table.ts';
import type { Summary } from '../../../src/report/run-summary.ts';

/** The lines for a person, of a run as summary.json holds it. */
async function linesOf(rows: readonly (readonly number[])[], config: Partial<AutoencoderConfig> = {}): Promise<string> {
  const model = await Autoencoder.create({ inputs: 2, hidden: 4, precision: 'float64', ...config });
  const run = { source: 'table.csv', data: {}, model: { hidden: 4 }, fit: {} };
  const summary = await summarize({ run, model, x: fromRows(rows), result: null, history: [] });
  const lines = summaryLines(summary, 'run').join('\n');
  assert.is(summaryLines(JSON.parse(JSON.stringify(summary)) as Summary, 'run').join('\n'), lines);
  return lines;
}

test('the summary says where the variance that is left unexplained is undefined, as inspect does from its JSON', async () => {
  assert.match(await linesOf([[1, 0]]), / unexplained {5}undefined: one example has no variance\n/);
  const equal = [
    [1, 0],
    [1, 0],
  ];
  assert.match(await linesOf(equal), / unexplained {5}undefined: equal examples have no variance\n/);
  assert.match(await linesOf([[1, 0], ...equal, [0, 1]]), / unexplained {5}[\d.]+% of the variance\n/);
});

test('the summary tells units that are saturated on every example from saturated activations', async () => {
  const large = await linesOf([[900, -900]]);
  assert.match(large, /; on every example: \d of 4 units dead, \d saturated\n/);
  assert.match(large, /, 100% of activations saturated \(rate below 0\.05 or above 0\.95\), mean/);
  assert.not.match(await linesOf([[1, 0]], { activation: 'relu' }), /of activations saturated/);
});

test('the summary says where L0 tells nothing: nothing is exactly 0', async () => {
  assert.match(await linesOf([[1, 0]]), / codes {11}L0 4 of 4 \(no exact zeros\), /);
  const sparsity = { kind: 'k-sparse', k: 1, alpha: 1 } as const;
  assert.match(await linesOf([[1, 0.5]], { sparsity }), / codes {11}L0 1 of 4, /);
});

test('the summary says of mini-batches that the cost is the mean of the last epoch, and of a transcoder what its targets are from', async () => {
  const model = await Autoencoder.create({ inputs: 2, hidden: 4, precision: 'float64' });
  const said = async (optimizer: OptimizerConfig, target?: string) => {
    const fit = { optimizer };
    const run = { source: 'x.npy', ...(target ? { target } : {}), data: {}, model: { hidden: 4 }, fit };
    const history = [{ epoch: 2, step: 538, cost: 0.2921, terms: { reconstruction: 0.2921 } as Terms }];
    const rows = fromRows([
      [1, 0],
      [0, 1],
    ]);
    return summaryLines(await summarize({ run, model, x: rows, result: null, history }), 'run').join('\n');
  };
  const adam = await said({ kind: 'adam', learningRate: 1e-3 }, 'y.npy');
  assert.match(adam, /\n {2}cost {12}0\.2921, the mean of the last epoch, after 538 steps\n/);
  assert.match(adam, /\n {2}examples {8}2 from x\.npy\n {2}targets {9}2 from y\.npy\n/);
  const lbfgs = await said({ kind: 'lbfgs', iterations: 538 });
  assert.match(lbfgs, /\n {2}cost {12}0\.2921 after 538 steps\n/);
  assert.not.match(lbfgs, /targets/);
});

test.run();
