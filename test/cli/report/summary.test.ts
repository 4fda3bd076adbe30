import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../../src/array/matrix.ts';
import { type Summary, summarize, summaryLines } from '../../../src/cli/report/summary.ts';
import { Autoencoder } from '../../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../../src/model/config.ts';

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

test.run();
