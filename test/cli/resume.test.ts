import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CheckpointFiles } from '../../src/node/index.ts';
import { inScratch, once, rhohat, table } from './command.ts';

const RESULTS = [
  'activations.svg',
  'activity.svg',
  'features.svg',
  'metrics.jsonl',
  'model.safetensors',
  'report.html',
  'snapshot.json',
  'summary.json',
  'training.svg',
];
const UNFINISHED = ['checkpoint.previous.safetensors', 'checkpoint.safetensors', 'run.json'];
const SMALL = ['--hidden', '3', '--batch-size', '100', '--checkpoint-every', '50', '--out', 'run'];

const model = (folder: string, name: string) => readFileSync(join(folder, name, 'model.safetensors')).toString('hex');
const stepIn = async (folder: string) =>
  (await new CheckpointFiles(join(folder, 'run')).read())?.checkpoint.position.step ?? 0;

test('train that a signal ends saves a checkpoint, says how to resume, and is resumed to the same bytes', async () => {
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    await inScratch(async (folder) => {
      writeFileSync(join(folder, 'data.csv'), table(4000));
      const args = ['train', 'data.csv', ...SMALL, '--epochs', '300', '--held-out', '100'];
      const onStart = once(join(folder, 'run/checkpoint.safetensors'), (kill) => kill(signal));
      const outcome = await rhohat(args, { cwd: folder, onStart });
      assert.is(outcome.status, status);
      assert.match(outcome.stderr, /^\nstopping after this step and saving; press Ctrl-C again to leave at once\n/);
      assert.match(outcome.stderr, /\ninterrupted: go on with rhohat train --resume run\n$/);
      const left = readdirSync(join(folder, 'run')).sort();
      assert.equal(
        left.filter((name) => name !== UNFINISHED[0]),
        [...RESULTS, ...UNFINISHED.slice(1)].sort(),
      );
      assert.is(JSON.parse(readFileSync(join(folder, 'run/summary.json'), 'utf8')).interrupted, true);
      const step = await stepIn(folder);
      assert.ok(step > 0 && step < 11_700, `step ${step}`);

      const resumed = await rhohat(['train', '--resume', 'run', '--json'], { cwd: folder });
      assert.equal([resumed.status, resumed.stderr], [0, '']);
      const { interrupted, resumed: from, history } = JSON.parse(resumed.stdout);
      assert.equal([interrupted, from.step, history.length], [false, step, 300]);
      assert.equal(readdirSync(join(folder, 'run')).sort(), RESULTS);
      await rhohat([...args, '--out', 'whole'], { cwd: folder });
      assert.is(model(folder, 'run'), model(folder, 'whole'));
      const again = await rhohat(['train', '--resume', 'run'], { cwd: folder });
      assert.equal(
        [again.status, again.stderr],
        [2, 'rhohat: run: it holds no unfinished run: name the folder of a run that did not end\n'],
      );
    });
  }
});

const ENDLESS = ['train', 'data.csv', ...SMALL, '--epochs', '1000000'];

test('what ends a session or a batch job ends a run as Ctrl-C does, each with its own exit status', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(4000));
    for (const signal of ['SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGXCPU'] as const) {
      const out = join(folder, signal);
      const { status, stderr } = await rhohat([...ENDLESS, '--out', signal], {
        cwd: folder,
        onStart: once(join(out, 'checkpoint.safetensors'), (kill) => kill(signal)),
      });
      assert.is(status, 128 + constants.signals[signal], stderr);
      assert.match(stderr, new RegExp(`\\ninterrupted: go on with rhohat train --resume ${signal}\\n$`));
      assert.not.match(stderr, /Debugger/);
      for (const name of [...RESULTS, 'run.json']) assert.ok(existsSync(join(out, name)), `${signal}: ${name}`);
    }
  }));

test('a lost terminal, which may tell of itself twice, saves; under nohup it is no matter', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(4000));
    let send: ((signal: NodeJS.Signals) => void) | undefined;
    const started = (kill: (signal: NodeJS.Signals) => void) => {
      send = kill;
      kill('SIGHUP');
    };
    const twice = await rhohat(ENDLESS, {
      cwd: folder,
      onStart: once(join(folder, 'run/checkpoint.safetensors'), started),
      onStderr: () => {
        send?.('SIGHUP');
        send = undefined;
      },
    });
    assert.is(twice.status, 129);
    assert.ok(existsSync(join(folder, 'run/model.safetensors')));
    const epochs = ['train', 'data.csv', ...SMALL, '--epochs', '100', '--out', 'on'];
    const nohup = await rhohat(epochs, {
      cwd: folder,
      env: { _: '/usr/bin/nohup' },
      onStart: once(join(folder, 'on/checkpoint.safetensors'), (kill) => kill('SIGHUP')),
    });
    assert.equal([nohup.status, nohup.stderr], [0, '']);
    assert.not(existsSync(join(folder, 'on/run.json')));
  }));

test('a run outlives those who read what it prints, and Ctrl-C after that still saves', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(4000));
    const main = join(process.cwd(), 'dist/cli/main.js');
    const child = spawn(process.execPath, [main, ...ENDLESS], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    child.stderr.destroy();
    once(join(folder, 'run/checkpoint.safetensors'), () => child.kill('SIGINT'))(() => undefined);
    assert.is(await new Promise((resolve) => child.on('exit', resolve)), 130);
    const left = readdirSync(join(folder, 'run'));
    for (const name of [...RESULTS, 'checkpoint.safetensors', 'run.json']) assert.ok(left.includes(name), name);
  }));

test('a second Ctrl-C leaves at once, and the run can be resumed', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(4000));
    let send: ((signal: NodeJS.Signals) => void) | undefined;
    const outcome = await rhohat(['train', 'data.csv', ...SMALL, '--epochs', '1000000'], {
      cwd: folder,
      onStart: once(join(folder, 'run/checkpoint.safetensors'), (kill) => {
        send = kill;
        kill('SIGINT');
      }),
      onStderr: () => {
        send?.('SIGINT');
        send = undefined;
      },
    });
    assert.is(outcome.status, 130);
    assert.not(existsSync(join(folder, 'run/model.safetensors')));
    assert.ok((await stepIn(folder)) > 0);
    assert.ok(existsSync(join(folder, 'run/run.json')));
    assert.not(existsSync(join(folder, 'run/run.lock')));
  }));

test('--resume takes its config from the run: what would shape it anew is refused', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(400));
    const args = ['train', 'data.csv', ...SMALL, '--epochs', '1000000'];
    const onStart = once(join(folder, 'run/checkpoint.safetensors'), (kill) => kill('SIGKILL'));
    assert.is((await rhohat(args, { cwd: folder, onStart })).status, null);
    const left = readdirSync(join(folder, 'run'));
    assert.ok(
      left.includes('run.json') &&
        left.every((name) => /^(run\.json|run\.lock|checkpoint\..*|metrics\.jsonl|\.?snapshot\.json)$/.test(name)),
      left.join(),
    );
    const refused = async (message: RegExp, ...more: string[]) => {
      const { status, stderr } = await rhohat(['train', ...more], { cwd: folder });
      assert.match(stderr, message);
      assert.is(status, 2);
    };
    await refused(
      /^rhohat: --hidden is given with --resume, which goes on with the run's own config: leave it out\n$/,
      '--resume',
      'run',
      '--hidden',
      '4',
    );
    await refused(/^rhohat: --batch-size is given/, '--resume', 'run', '--batch-size', '100');
    await refused(/^rhohat: --force is given/, '--resume', 'run', '--force');
    await refused(/^rhohat: data\.csv is given/, 'data.csv', '--resume', 'run');
    await refused(/^rhohat: nowhere: there is no such folder/, '--resume', 'nowhere');
    await refused(/^rhohat: run holds an unfinished run: go on with --resume run, /, 'data.csv', '--out', 'run');
    await refused(
      /^rhohat: .*'--checkpoint-every <when>' argument '0' is invalid/,
      'data.csv',
      '--checkpoint-every',
      '0',
    );
    const early = await rhohat(['encode', 'run'], { cwd: folder });
    assert.equal(
      [early.status, early.stderr],
      [2, 'rhohat: run: its run did not end: rhohat train --resume run goes on\n'],
    );
    writeFileSync(join(folder, 'data.csv'), table(401));
    await refused(
      /^rhohat: examples\.shape\.0 is 400 in the checkpoint, and 401 here: go on with the same examples/,
      '--resume',
      'run',
    );
    assert.ok((await stepIn(folder)) > 0, 'refusals leave the run as it was');
  }));

test('a folder that goes during training stops it, or not, as asked', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(4000));
    const run = join(folder, 'run');
    // Renamed first, which is one step: while a folder is emptied the run writes into it.
    const onStart = once(join(run, 'checkpoint.safetensors'), () => {
      const gone = join(folder, 'gone');
      renameSync(run, gone);
      rmSync(gone, { recursive: true });
    });
    const args = ['train', 'data.csv', ...SMALL, '--epochs', '150'];
    const env = { TMPDIR: folder, HOME: folder }; // what cannot be saved in its place goes there
    const stopped = await rhohat(args, { cwd: folder, onStart, env });
    assert.is(stopped.status, 1);
    assert.match(
      stopped.stderr,
      /^rhohat: the checkpoint after step \d+ could not be saved: run.checkpoint\.safetensors: its folder is gone: /,
    );
    const kept = / it is kept in (\S+): rhohat train --resume \1 goes on; /.exec(stopped.stderr)?.[1] ?? '';
    assert.is((await rhohat(['train', '--resume', kept], { cwd: folder })).status, 0);
    assert.equal(readdirSync(kept).sort(), RESULTS);
    const going = await rhohat([...args, '--on-save-error', 'continue'], { cwd: folder, onStart, env });
    assert.is(going.status, 0);
    assert.match(
      going.stderr,
      /its folder is gone: somebody removed it; it is kept in \S+: rhohat train --resume \S+ goes on; training goes on\n/,
    );
    // Its lines went with the folder.
    const left = RESULTS.filter((name) => name !== 'metrics.jsonl');
    assert.equal(readdirSync(run).sort(), left);
  }));

test('a full disk stops a resumed run, and its old checkpoint is kept', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(4000));
    const args = ['train', 'data.csv', ...SMALL, '--hidden', '300', '--epochs', '20'];
    const onStart = once(join(folder, 'run/checkpoint.safetensors'), (kill) => kill('SIGKILL'));
    await rhohat(args, { cwd: folder, onStart });
    const step = await stepIn(folder);
    // A limit on the size of files lets writes fail halfway, as a full disk does.
    const limited = `ulimit -f 16; exec "${process.execPath}" "${join(process.cwd(), 'dist/cli/main.js')}" train --resume run`;
    const { status, stderr } = spawnSync('bash', ['-c', limited], { cwd: folder, encoding: 'utf8' });
    assert.match(
      stderr,
      /could not be saved: run.checkpoint\.safetensors: files may not grow that large here: .*; the checkpoint of step \d+ is kept: rhohat train --resume run goes on from there\n$/,
    );
    assert.is(status, 1);
    assert.is(await stepIn(folder), step);
    assert.is((await rhohat(['train', '--resume', 'run'], { cwd: folder })).status, 0);
    await rhohat([...args, '--out', 'whole'], { cwd: folder });
    assert.is(model(folder, 'run'), model(folder, 'whole'));
  }));

test('a cost that is not finite names the checkpoint that is kept', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(100));
    const diverging = ['--optimizer', 'sgd', '--learning-rate', '100', '--activation', 'linear', '--output', 'linear'];
    const args = ['train', 'data.csv', ...diverging, '--epochs', '1000', '--checkpoint-every', '1', '--out', 'run'];
    const { status, stderr } = await rhohat(args, { cwd: folder });
    assert.is(status, 1);
    assert.match(
      stderr,
      /^rhohat: step \d+: the \w+ term is (Infinity|NaN); .*try a lower learning rate.*; the checkpoint of step \d+ is kept in run\n$/,
    );
    assert.ok((await stepIn(folder)) > 0);
  }));

test.run();
