import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inScratch, rhohat } from './command.ts';

/** In [−0.5, 0.5), of no pattern that could be learnt. */
function noise(at: number): number {
  const value = Math.sin(at) * 43758.5453;
  return value - Math.floor(value) - 0.5;
}
const lines = Array.from({ length: 40 }, (_, k) =>
  Array.from({ length: 8 }, (_, i) => noise(k * 12.9898 + i * 78.233).toFixed(6)).join(','),
);
const model = [
  '--hidden',
  '12',
  '--output',
  'linear',
  '--loss',
  'squared-error',
  '--sparsity',
  'none',
  '--weight-decay',
  '0',
  '--seed',
  '2',
];
const common = [...model, '--optimizer', 'adam', '--learning-rate', '0.02', '--batch-size', '2', '--threads', '1'];

const inData = (use: (run: (...args: string[]) => ReturnType<typeof rhohat>, folder: string) => Promise<void>) =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'x.csv'), `${lines.join('\n')}\n`);
    await use((...args) => rhohat(['train', 'x.csv', ...common, ...args], { cwd: folder }), folder);
  });

test('--patience ends a run, --keep best leaves its best parameters, and the summary says so', () =>
  inData(async (run, folder) => {
    const summaryOf = (name: string) => JSON.parse(readFileSync(join(folder, name, 'summary.json'), 'utf8'));
    const held = ['--held-out', '36', '--epochs', '60'];
    const whole = await run(...held, '--out', 'whole');
    assert.equal([whole.status, whole.stderr], [0, '']);
    const errors: number[] = summaryOf('whole').history.map(({ validation }: { validation: number }) => validation);
    const best = 1 + errors.indexOf(Math.min(...errors));
    assert.ok(best < errors.length - 4, 'the error falls and rises');

    const kept = await run(...held, '--keep', 'best', '--out', 'kept');
    assert.equal([kept.status, kept.stderr], [0, '']);
    assert.match(kept.stdout, new RegExp(`parameters of +epoch ${best}, the least validation error, 0\\.`));
    const short = await run('--held-out', '36', '--epochs', `${best}`, '--out', 'short');
    assert.is(short.status, 0);
    const tensorsOf = (name: string) => {
      const bytes = readFileSync(join(folder, name, 'model.safetensors'));
      return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
    };
    assert.equal(tensorsOf('kept'), tensorsOf('short'));
    assert.is(summaryOf('kept').kept, best);

    const stopped = await run(...held, '--patience', '2', '--min-delta', '0.001', '--out', 'stopped');
    assert.is(stopped.status, 0);
    assert.match(stopped.stdout, /stopped early +the validation error has not fallen by more than 0\.001 below/);
    assert.equal(summaryOf('stopped').run.fit.stop, { patience: 2, minDelta: 0.001 });
    assert.ok(summaryOf('stopped').history.length < 60);
  }));

test('what --patience and --keep go by must be there', () =>
  inData(async (run) => {
    for (const [flags, message] of [
      [
        '--patience 3',
        '--patience is 3 without --held-out, the examples whose error it goes by: add --held-out 1000, say, or leave it out',
      ],
      [
        '--keep best',
        '--keep is best without --held-out, the examples whose error it goes by: add --held-out 1000, say, or leave it out',
      ],
      ['--held-out 5 --min-delta 1', '--min-delta is 1 without --patience: add it, or leave it out'],
      ['--held-out 5 --patience 0', '--patience is 0: it must be a whole number, at least 1'],
      ['--held-out 5 --patience 1 --min-delta -1', '--min-delta is -1: it must be a finite number, at least 0'],
    ]) {
      const { status, stderr } = await run(...flags.split(' '));
      assert.equal([status, stderr], [2, `rhohat: ${message}\n`]);
    }
  }));

test.run();
