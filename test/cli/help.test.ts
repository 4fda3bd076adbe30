import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { killedRun, makeFixture } from '../support/help-fixture.ts';
import { inScratch, type Outcome, READ, rhohat } from './command.ts';

// Every example of every help is pasted into a shell, from the first to the last of its command, in a fresh folder that
// holds what the examples speak of. To stay quick the data are small, and flags that end training early and keep models
// small are added to lines that have none of their own; the proof of gradients, 20 s long, is run by CI and not pasted here.

const commands = [
  'train',
  'stack',
  'classify',
  'predict',
  'encode',
  'score',
  'inspect',
  'import',
  'compare',
  'sweep',
  'view',
  'report',
  'penalties',
  'export',
];

/** The examples in a help text, as a user would copy them. */
function examplesOf(help: string): string[] {
  return [...help.matchAll(/^ {2}\$ (.*)$/gm)].map(([, line]) => line);
}

/** The line with an early end to its training, where it has none; comments stay behind it. */
function shortened(line: string): string {
  const [, command, comment = ''] = /^(.*?)( *#.*)?$/.exec(line) ?? [];
  const has = (flag: string) => new RegExp(`\\s${flag}\\s`).test(command);
  const added: string[] = [];
  if (/^rhohat (train|stack)/.test(command) && !/--(resume|iterations|epochs|help)\b/.test(command)) {
    added.push(
      /--preset (?!topk)|--patch-size|--model linear|^rhohat train *$/.test(command) ? '--iterations 2' : '--epochs 1',
    );
  }
  if (/^rhohat classify/.test(command)) {
    if (!has('--iterations')) added.push('--iterations 2');
    if (has('--finetune') && !has('--finetune-iterations')) added.push('--finetune-iterations 2');
  }
  if (/^rhohat train *$|natural-images|--patch-size/.test(command)) added.push('--patches 500');
  if (/^rhohat (train|stack|classify) (?!.*--help)/.test(`${command} `)) added.push('--threads 1');
  if (/mnist( |$)/.test(command) && /^rhohat (train|stack)/.test(command) && !has('--hidden'))
    added.push('--hidden 50');
  if (/mnist --preset/.test(command) && !has('--limit')) added.push('--limit 50');
  return `${[command.trimEnd(), ...added].join(' ')}${comment}`;
}

/** Fails unless what the line says that it writes is there. */
function assertWritten(folder: string, line: string, stdout: string): void {
  const promised = [...line.matchAll(/(?:--out|>|# writes) ([\w./-]+?)(?=,|\s|$)/g)].map(([, path]) => path);
  for (const path of promised) assert.ok(existsSync(join(folder, path)), `${line}: ${path} was not written`);
  if (/^rhohat (train|stack|classify)/.test(line) && !line.includes('--help')) {
    const run = stdout.split('\n')[0];
    assert.ok(existsSync(join(folder, run, 'summary.json')), `${line}: ${run} is no run folder`);
  }
  const [, file] = / > (\S+)/.exec(line) ?? [];
  if (file !== undefined) assert.ok(readFileSync(join(folder, file), 'utf8').length > 100, line);
  const [, lines] = /\| head -(\d+)/.exec(line) ?? [];
  if (lines !== undefined) assert.is(stdout.trimEnd().split('\n').length, Number(lines), `${line}: ${stdout}`);
}

/** Pastes a line into a shell. */
function paste(line: string, folder: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve) => {
    // A view goes on until it is ended.
    const views = line.startsWith('rhohat view');
    const script = views ? `exec ${line}` : shortened(line);
    const child = execFile('sh', ['-c', script], { cwd: folder, env }, (_, stdout, stderr) =>
      resolve({ status: views && child.signalCode === 'SIGINT' ? 0 : child.exitCode, stdout, stderr }),
    );
    if (views) child.stdout?.once('data', () => child.kill('SIGINT'));
  });
}

/** Every example of one help, in its order. */
const pasteAll = (command: string) =>
  inScratch(async (folder) => {
    const { status, stdout: help } = await rhohat([...(command === '' ? [] : [command]), '--help']);
    assert.is(status, 0);
    assert.equal(
      help.split('\n').filter((line) => line.length > 80),
      [],
    );
    const examples = examplesOf(help);
    assert.ok(examples.length >= 2 && examples.some((line) => line.includes(command)), help);
    const env = makeFixture(folder);
    for (const line of examples) {
      const [, resumed] = /--resume (\S+)/.exec(line) ?? [];
      if (resumed !== undefined && line.startsWith('rhohat train')) await killedRun(folder, resumed);
      const { status, stdout, stderr } = await paste(line, folder, env);
      assert.is(status, 0, `${line}: ${stderr}`);
      assert.not.match(stderr.replace(READ, ''), /^rhohat: (?!--turbo|examples are|\d+ examples, a tenth)/m, line);
      assertWritten(folder, line, stdout);
    }
  });

test('every example of every help works when pasted', async () => {
  const lanes = [
    ['train', 'penalties', ''],
    ['stack', 'classify', 'predict', 'encode', 'score', 'inspect', 'compare'],
    ['sweep', 'view', 'report', 'export', 'import'],
  ];
  assert.equal(lanes.flat().sort(), [...commands, ''].sort());
  await Promise.all(
    lanes.map(async (lane) => {
      for (const command of lane) await pasteAll(command);
    }),
  );
});

test('rhohat check-gradients --help and every command in the list have examples of 80 columns', async () => {
  const { stdout } = await rhohat(['check-gradients', '--help']);
  assert.equal(
    examplesOf(stdout).map((line) => line.split(' ').slice(0, 2).join(' ')),
    ['rhohat check-gradients', 'rhohat check-gradients'],
  );
  const listed = [...(await rhohat(['--help'])).stdout.matchAll(/^ {2}([a-z][a-z-]*) {2}/gm)].map(([, name]) => name);
  assert.equal(listed.filter((name) => name !== 'help').sort(), [...commands, 'check-gradients'].sort());
});

test('the examples are told from the text around them, and shortened once', () => {
  assert.equal(examplesOf('Examples:\n  $ rhohat train  # a\n\nno $ rhohat\n'), ['rhohat train  # a']);
  assert.is(shortened('rhohat train'), 'rhohat train --iterations 2 --patches 500 --threads 1');
  assert.is(shortened('rhohat train mnist  # long'), 'rhohat train mnist --epochs 1 --threads 1 --hidden 50  # long');
  assert.is(shortened('rhohat train mnist --epochs 5'), 'rhohat train mnist --epochs 5 --threads 1 --hidden 50');
  assert.is(shortened('rhohat train --resume runs/a'), 'rhohat train --resume runs/a --threads 1');
});

test.run();
