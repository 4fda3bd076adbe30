import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commandText } from '../../src/report/command-text.ts';
import { hostileTexts } from '../page/hostile-texts.ts';

test('plain words stay; flags of where results go are left out, with their values', () => {
  const words = [
    'train',
    'mnist',
    '--out',
    'runs/x',
    '--hidden',
    '10',
    '--force',
    '--live',
    '--port=80',
    '--json',
    '--out=y',
    '--columns',
    '2-4',
  ];
  assert.is(commandText(words), 'rhohat train mnist --hidden 10 --columns 2-4');
});

test('words that a shell would read otherwise are the same after it has read them', () => {
  const words = hostileTexts().filter(
    (text) =>
      !text.includes('\0') &&
      text.length < 5000 &&
      !/[\ud800-\udfff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')),
  );
  assert.ok(words.length > 350, `${words.length}`);
  const script = `rhohat() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${commandText(words)}`;
  const { stdout, status } = spawnSync('bash', {
    input: script,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  assert.is(status, 0);
  assert.equal(stdout.split('\0').slice(0, -1), words);
});

test.run();
