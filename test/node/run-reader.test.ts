import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../src/errors.ts';
import { readMetrics } from '../../src/node/metrics-log.ts';
import { openRuns, type RunReader } from '../../src/node/view/run-reader.ts';
import { runReport } from '../../src/report/html/run-report.ts';

const run = (hidden: number) => ({
  source: 'table.csv',
  data: {},
  model: { hidden },
  fit: { optimizer: { kind: 'lbfgs', iterations: 2 } },
});
const summary = (hidden: number, interrupted: boolean) => ({
  ...{ rhohat: '0.1.0', node: 'v20', kernels: 'simd', threads: 1, examples: 4, parameters: 9, interrupted },
  run: run(hidden),
  command: ['train', 'table.csv', '--hidden', String(hidden)],
  model: { hidden: [hidden], sparsity: null, auxiliary: null },
  last: { epoch: 2, step: 2, cost: 1, terms: { reconstruction: 1 } },
  metrics: {
    ...{ varianceUnexplained: 0.9, explainedVariance: 0.1, squaredError: 1 },
    ...{ meanActivations: [0.5, 0.5], deadUnits: [], saturatedUnits: [] },
  },
  history: [
    { epoch: 1, step: 1, cost: 2, terms: { reconstruction: 2 } },
    { epoch: 2, step: 2, cost: 1, terms: { reconstruction: 1 } },
  ],
});
const begun = (hidden: number) => ({ run: run(hidden), command: ['train', 'new.csv'] });

async function reading(files: Record<string, unknown>, use: (reader: RunReader, folder: string) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'rhohat-reader-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    }
    const [reader] = await openRuns([folder]);
    await use(reader, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the summary and report of an earlier run are not those of one that --force began in its folder', async () => {
  const others = [summary(2, false), summary(3, false), summary(2, true)];
  for (const earlier of others) {
    const files = { 'run.json': begun(3), 'summary.json': earlier, 'report.html': 'of the earlier one' };
    await reading(files, async (reader) => {
      const account = await reader.account();
      assert.is(account.summary, null);
      assert.is(account.run?.model.hidden, 3);
      assert.equal(account.command, ['train', 'new.csv']);
      const view = await reader.view();
      assert.is(view.state, 'unfinished');
      assert.is(view.hasReport, false);
      assert.equal(view.results, {});
    });
  }
});

test('a run that was interrupted, and can go on, has its own summary', async () => {
  const files = { 'run.json': begun(3), 'summary.json': summary(3, true), 'report.html': 'its own' };
  await reading(files, async (reader) => {
    assert.is((await reader.account()).summary?.last?.step, 2);
    assert.is((await reader.view()).hasReport, true);
  });
});

test('a damaged summary is named by report; a view says that the run has ended', async () => {
  const whole = summary(2, false);
  const { metrics } = whole;
  const damaged: [string, unknown][] = [
    ['metrics', { ...whole, metrics: -1 }],
    ['means', { ...whole, metrics: { ...metrics, meanActivations: 'many' } }],
    ['dead', { ...whole, metrics: { ...metrics, deadUnits: 0.5 } }],
    ['saturated', { ...whole, metrics: { ...metrics, saturatedUnits: undefined } }],
    ['entry', { ...whole, history: [null] }],
    ['term', { ...whole, history: [{ epoch: 1, step: 1, cost: 1, terms: { reconstruction: 'much' } }] }],
    ['run', { ...whole, run: 'a run' }],
    ['steps', { ...whole, run: { ...whole.run, data: { preprocessing: [null] } } }],
    ['sparsity', { ...whole, model: { hidden: [2], sparsity: [null] } }],
    ['read', { ...whole, read: true }],
    ['histogram', { ...whole, inspection: { histogram: { edges: [{}], counts: [] } } }],
    ['text', 'no JSON'],
    ['null', null],
  ];
  await reading({ 'summary.json': whole }, async (reader) => {
    assert.match(await runReport(await reader.account()), 'explained variance');
  });
  for (const [what, value] of damaged) {
    await reading({ 'summary.json': value }, async (reader) => {
      const error = await reader.account().then(
        () => null,
        (reason) => reason,
      );
      assert.instance(error, InputError, what);
      assert.match(error.message, 'summary.json is damaged: it must be the summary that rhohat train wrote');
      assert.is((await reader.view()).state, 'finished', what);
    });
  }
  // A classifier's folder is refused as soon as it is opened: there is nothing to view either.
  const refused = await reading({ 'summary.json': { rhohat: '0.1.0', stages: [] } }, async () => undefined).then(
    () => null,
    (reason) => reason,
  );
  assert.instance(refused, InputError);
  assert.match(refused.message, 'is not of an autoencoder');
});

test('lines of metrics whose values are no numbers are passed over', async () => {
  const line = { epoch: 1, step: 1, cost: 1, terms: { a: 1 }, l0: null, dead: null };
  const odd = [{ cost: {} }, { dead: [null] }, { terms: { a: 'x' } }, { terms: [], step: '1' }, { l0: '<b>' }];
  const text = [...odd.map((own) => ({ ...line, ...own })), line].map((own) => `${JSON.stringify(own)}\n`).join('');
  await reading({ 'metrics.jsonl': text }, async (_, folder) => {
    assert.equal(await readMetrics(folder), [line]);
  });
});

test.run();
