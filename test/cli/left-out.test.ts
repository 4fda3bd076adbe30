import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { pictures } from '../../src/cli/report/run-files.ts';
import { summarize, summaryLines } from '../../src/cli/report/summary.ts';
import { summaryText, thinned } from '../../src/cli/report/summary-file.ts';
import { parseJson } from '../../src/data/formats/json.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { loadClassifier, loadModel } from '../../src/node/index.ts';
import { classes, inScratch, rhohat, table } from './command.ts';

// What was learnt is on the disk before anything is measured or drawn.

const COLUMN = Array.from({ length: 50 }, (_, i) => `${i / 50}\n`).join('');
/** More units than a picture has rows. */
const WIDE = ['column.csv', '--hidden', '131072'];
/** For `onStart`: kills the process once `path` is there, or after a minute. */
const killed = (path: string) => (kill: (signal: NodeJS.Signals) => void) => {
  const end = Date.now() + 60_000;
  const wait = setInterval(() => {
    if (!existsSync(path) && Date.now() < end) return;
    clearInterval(wait);
    kill('SIGKILL');
  }, 5);
};

test('a model of more units than a picture has rows is drawn by its most used ones, by train, resumed or not, stack and inspect', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'column.csv'), COLUMN);
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const trained = await call('train', ...WIDE, '--epochs', '2', '--out', 'run');
    assert.equal([trained.status, trained.stderr], [0, '']);
    const pictures = ['activations.svg', 'activity.svg', 'features.svg'];
    const records = ['metrics.jsonl', 'report.html', 'snapshot.json'];
    const files = [...pictures, 'model.safetensors', 'summary.json', 'training.svg', ...records].sort();
    assert.match(readFileSync(join(folder, 'run/features.svg'), 'utf8'), /The 100 most used of 131072 units/);
    assert.equal(readdirSync(join(folder, 'run')).sort(), files);
    const inspected = await call('inspect', 'run');
    assert.equal([inspected.status, inspected.stderr], [0, '']);
    assert.ok(inspected.stdout.startsWith(trained.stdout.trimEnd()));

    const args = ['train', ...WIDE, '--epochs', '20', '--checkpoint-every', '1', '--out', 'cut'];
    await rhohat(args, { cwd: folder, onStart: killed(join(folder, 'cut/checkpoint.safetensors')) });
    assert.ok(existsSync(join(folder, 'cut/run.json')));
    const resumed = await call('train', '--resume', 'cut');
    assert.equal([resumed.status, resumed.stderr], [0, '']);
    assert.equal(readdirSync(join(folder, 'cut')).sort(), files);

    const stacked = await call('stack', ...WIDE, '--epochs', '1', '--out', 'stack');
    assert.equal([stacked.status, stacked.stderr], [0, '']);
    assert.is((await loadModel(join(folder, 'stack'))).model.config.hidden[0], 131072);
  }));

test('a picture that cannot be drawn is left out and named, and the others are drawn', async () => {
  const model = await Autoencoder.create({ inputs: 2, hidden: 3 }, { threads: 1 });
  const history = [{ epoch: 1, step: 1, cost: Number.NaN, terms: { reconstruction: 1 } }];
  const failures: string[] = [];
  const failed = (name: string, error: unknown) => failures.push(`${name}: ${error}`);
  const files = await pictures({ model, steps: [], history }, failed);
  assert.equal([...files.keys()], ['features.svg']);
  assert.is(failures.length, 1);
  assert.match(failures[0], /^training\.svg: .*cost is NaN at step 1/);
});

test('a stack whose fine-tuning is killed, and a classifier, keep what was learnt before', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(60));
    writeFileSync(join(folder, 'labels.csv'), classes(60));
    const stack = ['stack', 'data.csv', '--hidden', '3,2', '--epochs', '2', '--finetune', '10000000', '--out', 'stack'];
    await rhohat(stack, { cwd: folder, onStart: killed(join(folder, 'stack/model.safetensors')) });
    assert.equal((await loadModel(join(folder, 'stack'))).model.config.hidden, [3, 2]);
    const classify = ['classify', 'data.csv', '--labels', 'labels.csv', '--on', 'stack', '--out', 'classifier'];
    await rhohat([...classify, '--finetune', 'all', '--iterations', '9', '--finetune-iterations', '10000000'], {
      cwd: folder,
      onStart: killed(join(folder, 'classifier/classifier.safetensors')),
    });
    const { classifier } = await loadClassifier(join(folder, 'classifier'));
    assert.equal(classifier.config.hidden, [3, 2]);
  }));

test('metrics that cannot be measured are left out of the summary, and nothing else is', async () => {
  const model = await Autoencoder.create({ inputs: 2, hidden: 3, activation: 'linear', output: 'linear' });
  const huge = fromRows(
    [
      [3e38, 3e38],
      [-3e38, 3e38],
      [3e38, -3e38],
    ],
    'float32',
  );
  model.setParameters({ ...(await model.parameters()), 'encoder.weight': huge });
  const run = { source: 'table.csv', data: {}, model: { hidden: 3 }, fit: {} };
  const x = fromRows([[10, 20]], 'float32');
  const summary = await summarize({ run, model, x, result: null, history: [] });
  assert.equal([summary.metrics, summary.inspection], [undefined, undefined]);
  const lines = summaryLines(summary, 'run').join('\n');
  assert.match(lines, /^run\n {2}model +2-3-2, /);
  assert.not.match(lines, /unexplained|mean activation/);
});

test('a summary holds what its reader takes, of any number of epochs', () => {
  const entry = (epoch: number) => ({ epoch, step: epoch, cost: 1, terms: { reconstruction: 1 } });
  const history = Array.from({ length: 2 ** 19 + 2 }, (_, i) => entry(i + 1));
  const { history: kept, historyEvery } = thinned(history);
  assert.equal([historyEvery, kept.length, kept[0].epoch, kept.at(-1)?.epoch], [2, 2 ** 18 + 1, 2, 2 ** 19 + 2]);
  assert.equal(
    thinned(history.slice(0, 9), 4).history.map(({ epoch }) => epoch),
    [3, 6, 9],
  );
  assert.equal(
    thinned(history.slice(0, 10), 4).history.map(({ epoch }) => epoch),
    [3, 6, 9, 10],
  );
  const full = { history: history.slice(0, 2 ** 19) };
  assert.is(thinned(full.history).historyEvery, undefined);
  assert.equal(parseJson(summaryText(full), 'summary.json', 2 ** 21), full);
});

test('inspect reads a summary of more entries than other JSON files may have', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(20));
    await rhohat(['train', 'data.csv', '--hidden', '2', '--epochs', '1', '--out', 'run'], { cwd: folder });
    const path = join(folder, 'run', 'summary.json');
    const summary = JSON.parse(readFileSync(path, 'utf8'));
    const history = Array.from({ length: 300_000 }, (_, i) => ({ ...summary.last, epoch: i + 1, step: i + 1 }));
    writeFileSync(path, summaryText({ ...summary, history }));
    const { status, stderr } = await rhohat(['inspect', 'run'], { cwd: folder });
    assert.equal([status, stderr], [0, '']);
  }));

test.run();
