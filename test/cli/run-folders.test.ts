import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { classes, inScratch, rhohat, table } from './command.ts';

const SMALL = ['--hidden', '3', '--epochs', '2'];

/** Resolves once `path` is there, written after `since`. */
async function appeared(path: string, since = 0): Promise<void> {
  const written = () => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  while (written() <= since) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('every command writes into the folder where it is called', () =>
  inScratch(async (above) => {
    writeFileSync(join(above, 'data.csv'), table(200));
    writeFileSync(join(above, 'labels.csv'), classes(200));
    const commands: Readonly<Record<string, readonly string[]>> = {
      train: ['../data.csv', ...SMALL],
      stack: ['../data.csv', '--hidden', '3,2', '--epochs', '2'],
      classify: ['../data.csv', '--labels', '../labels.csv', '--iterations', '2'],
      penalties: [],
      inspect: ['../train'],
    };
    for (const [command, args] of Object.entries(commands)) {
      const folder = join(above, command);
      mkdirSync(folder);
      for (const force of command === 'inspect' ? [[]] : [[], ['--force']]) {
        const { status, stderr } = await rhohat([command, ...args, '--out', '.', ...force], { cwd: folder });
        assert.equal([status, stderr.includes('rhohat: .')], [0, false], `${command}: ${stderr}`);
        const names = readdirSync(folder);
        assert.ok(
          names.length >= 2 && !names.some((name) => name.startsWith('.') || name.startsWith('run.')),
          names.join(),
        );
      }
    }
  }));

test('a folder in use is refused by every command that writes there, and is free after a kill', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(400));
    writeFileSync(join(folder, 'labels.csv'), classes(400));
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    assert.is((await call('train', 'data.csv', ...SMALL, '--out', 'run')).status, 0);
    let kill: ((signal: NodeJS.Signals) => void) | undefined;
    const long = [
      'train',
      'data.csv',
      '--hidden',
      '3',
      '--epochs',
      '1000000',
      '--checkpoint-every',
      '50',
      '--out',
      'run',
    ];
    const running = rhohat([...long, '--force'], {
      cwd: folder,
      onStart: (send) => {
        kill = send;
      },
    });
    await appeared(join(folder, 'run/checkpoint.safetensors'));
    const { pid } = JSON.parse(readFileSync(join(folder, 'run/run.lock'), 'utf8'));
    for (const args of [
      ['train', '--resume', 'run'],
      long,
      [...long, '--force'],
      ['stack', 'data.csv', '--hidden', '3,2', '--epochs', '2', '--out', 'run', '--force'],
      ['classify', 'data.csv', '--labels', 'labels.csv', '--out', 'run', '--force'],
      ['penalties', '--out', 'run', '--force'],
      ['inspect', 'run'],
    ]) {
      const { status, stderr } = await call(...args);
      assert.match(
        stderr,
        new RegExp(`^rhohat: run is in use by process ${pid} since 20.*: wait until it ends, .*\n$`),
        args.join(' '),
      );
      assert.is(status, 2);
    }
    kill?.('SIGKILL');
    await running;
    assert.ok(existsSync(join(folder, 'run/run.lock')));
    const left = Date.now();
    const resumed = rhohat(['train', '--resume', 'run'], {
      cwd: folder,
      onStart: (send) => {
        kill = send;
      },
    });
    await appeared(join(folder, 'run/checkpoint.safetensors'), left);
    kill?.('SIGINT');
    const { status, stderr } = await resumed;
    assert.match(stderr, /interrupted: go on with rhohat train --resume run\n$/);
    assert.is(status, 130);
    assert.not(readdirSync(join(folder, 'run')).some((name) => name.startsWith('run.lock')));
  }));

test('--force costs an unfinished run nothing where the new one fails at once', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(400));
    let kill: ((signal: NodeJS.Signals) => void) | undefined;
    const args = ['train', 'data.csv', '--hidden', '3', '--checkpoint-every', '5', '--out', 'run'];
    const running = rhohat([...args, '--epochs', '1000000'], {
      cwd: folder,
      onStart: (send) => {
        kill = send;
      },
    });
    await appeared(join(folder, 'run/checkpoint.previous.safetensors'));
    kill?.('SIGKILL');
    await running;
    rmSync(join(folder, 'run/run.lock'));
    const files = () =>
      readdirSync(join(folder, 'run'))
        .filter((name) => !name.includes('partial'))
        .map((name) => [name, readFileSync(join(folder, 'run', name)).toString('hex')]);
    const before = files();
    const diverging = ['--optimizer', 'sgd', '--learning-rate', '1e30', '--output', 'linear', '--activation', 'linear'];
    const args2 = ['train', 'data.csv', '--hidden', '3', '--out', 'run', '--force', ...diverging];
    const { status, stderr } = await rhohat(args2, { cwd: folder });
    assert.match(stderr, /^rhohat: step \d+: /);
    assert.is(status, 1);
    assert.equal(files(), before);
  }));

/** A file system of so many kB, where one may be mounted. */
async function onSmallDisk(
  kilobytes: number,
  use: (path: string, temporary: string) => Promise<void>,
): Promise<boolean> {
  let mounted = false;
  await inScratch(async (folder) => {
    const [disk, temporary] = [join(folder, 'disk'), join(folder, 'temporary')];
    for (const path of [disk, temporary]) mkdirSync(path);
    mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', disk]).status === 0;
    if (!mounted) return;
    try {
      await use(disk, temporary);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
  return mounted;
}

test('what was trained outlives a disk that its results do not fit on', async () => {
  for (const [hidden, more, message, here] of [
    // The model fits, its pictures and its summary do not.
    [
      4000,
      [],
      / (features\.png|summary\.json)[^:]* cannot be written: the disk is full: make room; what has no room there is in (\S+): /,
      true,
    ],
    // It does not: all is elsewhere.
    [
      12000,
      [],
      /: the results (cannot be written): the disk is full: make room; what has no room there is in (\S+): /,
      false,
    ],
    // Nor does the first checkpoint.
    [
      12000,
      ['--checkpoint-every', '3'],
      /step 3 could (not be saved): .*: the disk is full: make room; it is kept in (\S+): /,
      false,
    ],
  ] as const) {
    await onSmallDisk(200, async (disk, temporary) => {
      const [data, run] = [join(temporary, 'data.csv'), join(disk, 'run')];
      writeFileSync(data, table(100));
      const args = ['train', data, '--hidden', `${hidden}`, '--epochs', '4', ...more];
      const env = { TMPDIR: temporary, HOME: temporary };
      const { status, stderr } = await rhohat([...args, '--out', run], { env });
      assert.match(stderr, message);
      assert.ok(status === 1 || status === 2);
      assert.is(stderr.trim().split('\n').length, 1);
      const elsewhere = message.exec(stderr)?.[2] ?? '';
      if (more.length > 0) assert.is((await rhohat(['train', '--resume', elsewhere], { env })).status, 0);
      const whole = join(temporary, 'whole');
      await rhohat([...args, '--out', whole], { env });
      const model = (folder: string) => readFileSync(join(folder, 'model.safetensors')).toString('hex');
      assert.is(model(here ? run : elsewhere), model(whole), 'nothing that was trained is lost');
      if (here) assert.not(existsSync(join(run, 'run.json')));
      else assert.not(existsSync(run));
    });
  }
});

test.run();
