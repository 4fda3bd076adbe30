import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ProgressBar } from '../../src/cli/output.ts';
import { oneLine, printable } from '../../src/cli/printable.ts';
import type { Progress } from '../../src/training/progress.ts';

const MAIN = join(process.cwd(), 'dist/cli/main.js');

test('what is printed acts on no terminal, whatever file it came from, and JSON stays the same value', () => {
  const bell = '\u001b]0;owned\u0007\u009b31m\u202e\ud800 ρ̂ – é 😀\r';
  assert.is(printable(`${bell}\n\tb`), '\\u001b]0;owned\\u0007\\u009b31m\\u202e\\ud800 ρ̂ – é 😀\\u000d\n\tb');
  assert.is(oneLine('a\nb\u2028'), 'a\\u000ab\\u2028');
  const value = { [bell]: [bell, 'a\nb'] };
  assert.equal(JSON.parse(printable(JSON.stringify(value, null, 1))), value);
});

test('the progress bar neither hides the cursor nor turns off line wrapping, and keeps to the width', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 30 });
  const bar = new ProgressBar(true, stream as unknown as NodeJS.WriteStream);
  const step = { epoch: 1, epochs: 1, step: 1, steps: 9, cost: 1, terms: { reconstruction: 1 } };
  bar.update({ ...step, meanActivation: 0.1, examplesPerSecond: 1e6, secondsLeft: 99 } as unknown as Progress);
  const shown = String(stream.read()); // and here the process is killed
  bar.stop();
  assert.match(shown, /1\/9/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  assert.not.match(shown, /\u001b\[\?/);
  for (const line of shown.split('\u001b')) assert.ok(line.replace(/^\[\d*[GK]/, '').length <= 30, line);
});

test('a full disk under stdout is told in one line; a reader who leaves is no failure', () => {
  if (!existsSync('/dev/full')) return;
  const shell = (script: string) => spawnSync('bash', ['-c', script, process.execPath, MAIN], { encoding: 'utf8' });
  for (const command of ['train --print-config', '--help', 'train --help']) {
    const { status, stderr } = shell(`"$0" "$1" ${command} > /dev/full`);
    assert.match(
      stderr,
      /^rhohat: the output could not be written to stdout: ENOSPC[^\n]*; what it shows is not complete\n$/,
    );
    assert.is(status, 1);
  }
  const head = shell('"$0" "$1" train --help | head -1; echo $PIPESTATUS');
  assert.equal([head.stdout, head.stderr], ['Usage: rhohat train [options] [data]\n0\n', '']);
});

test.run();
