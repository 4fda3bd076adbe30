import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inScratch, rhohat, table } from './command.ts';

/** Arguments, and what the single line on stderr must say. */
const refused: [string[], RegExp][] = [
  [[], /Usage: rhohat/],
  [['tarin'], /unknown command 'tarin'/],
  [['train', '--bogus'], /unknown option '--bogus'/],
  [['train', 'data.csv', 'more'], /too many arguments/],
  [['train', 'nowhere'], /nowhere: there is no data set, file or folder/],
  [['train', 'empty'], /empty: the folder holds no images/],
  [['train', 'words.csv'], /words\.csv: .*line 3/],
  [['train', 'cut.npy'], /cut\.npy: /],
  [['train', 'nan.csv'], /nan\.csv: /],
  [['train', 'mnist'], /RHOHAT_DATA/],
  [['train', 'natural-images'], /RHOHAT_DATA/],
  [['train', '--preset', 'mine'], /Allowed choices are cs294a/],
  [['train', 'data.csv', '--target', '1'], /^rhohat: --target is 1: it must lie strictly between 0 and 1/],
  [['train', 'data.csv', '--target', '-0.1'], /^rhohat: --target is -0\.1/],
  [
    ['train', 'data.csv', '--sparsity', 'kl', '--activation', 'relu'],
    /relu has none: use sigmoid or tanh units, or sparsity l1/,
  ],
  [['train', 'data.csv', '--sparsity', 'l1', '--target', '0.1'], /--target is 0\.1 with --sparsity l1: leave it out/],
  [
    ['train', 'data.csv', '--sparsity', 'none', '--sparsity-weight', '3'],
    /--sparsity-weight is 3 with --sparsity none: leave it out/,
  ],
  [['train', 'data.csv', '--hidden', '0'], /^rhohat: --hidden is 0/],
  [['train', 'data.csv', '--hidden', 'ten'], /It must be a number/],
  [['train', 'data.csv', '--weight-decay', '-1'], /^rhohat: --weight-decay is -1/],
  [
    ['train', 'wide.csv', '--loss', 'cross-entropy'],
    /x is 7 in row 0, column 1: cross-entropy, and sigmoid outputs for bytes, need values in \[0, 1\]/,
  ],
  [
    ['train', 'data.csv', '--loss', 'cross-entropy', '--output', 'linear'],
    /use output "sigmoid", or loss "squared-error"/,
  ],
  [['train', 'data.csv', '--epochs', '0'], /^rhohat: --epochs is 0/],
  [['train', 'data.csv', '--iterations', '5'], /--iterations is 5 with --optimizer adam: leave it out/],
  [
    ['train', 'data.csv', '--optimizer', 'lbfgs', '--batch-size', '5'],
    /--batch-size is \d+ with --optimizer lbfgs, which uses the whole set/,
  ],
  [['train', 'data.csv', '--held-out', '20'], /--held-out is 20: there are 20 examples/],
  [['train', 'data.csv', '--limit', '21'], /21/],
  [['train', 'data.csv', '--patches', '5'], /add --patch-size/],
  [['train', 'data.csv', '--patch-size', '5'], /no image shape/],
  [['train', 'data.csv', '--preprocess', 'wash'], /^rhohat: --preprocess has the step "wash": steps are cs294a/],
  [['train', 'data.csv', '--preprocess', 'zca:x'], /--preprocess has the step "zca:x"/],
  [['train', 'data.csv', '--out', 'data.csv'], /data\.csv is not a folder/],
  [['train', 'data.csv', '--out', 'data.csv/sub'], /cannot be written/],
  [['encode'], /missing required argument 'model'/],
  [['encode', 'nowhere', 'data.csv'], /nowhere: there is no such file/],
  [['encode', 'data.csv', 'data.csv'], /data\.csv: /],
  [['encode', 'empty', 'data.csv'], /empty: the folder holds no model\.safetensors: name a run folder/],
  [['inspect', 'nowhere'], /nowhere: there is no such file/],
];

test('rhohat refuses bad input with one line, exit status 2, no stack trace and nothing written', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(20));
    writeFileSync(join(folder, 'words.csv'), 'a,b\n1,2\n3,four\n');
    writeFileSync(join(folder, 'nan.csv'), 'a,b\n1,2\n3,NaN\n');
    writeFileSync(join(folder, 'wide.csv'), '0.5,7\n0.1,3\n');
    writeFileSync(join(folder, 'cut.npy'), Buffer.from('\x93NUMPY\x01\x00', 'latin1'));
    mkdirSync(join(folder, 'empty'));
    const before = readdirSync(folder).sort();
    const env = { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), https_proxy: '' };
    for (const [args, message] of refused) {
      const what = `rhohat ${args.join(' ')}`;
      const { status, stdout, stderr } = await rhohat(args, { cwd: folder, env });
      assert.is(status, 2, `${what}: status ${status}\n${stdout}${stderr}`);
      assert.match(stderr, message, `${what}: ${stderr}`);
      assert.not.match(stderr, /\n +at |node:internal|Invalid type|Expected "/, `${what}: ${stderr}`);
      if (args.length > 0) assert.is(stderr.trimEnd().split('\n').length, 1, `${what}: ${stderr}`);
      assert.is(stdout, '', what);
      assert.equal(
        readdirSync(folder)
          .sort()
          .filter((name) => name !== 'cache'),
        before,
        `${what} left something behind`,
      );
    }
  }));

test('rhohat exits with 1 when training fails, and says at which step, in which term', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(20));
    const wild = ['--optimizer', 'sgd', '--learning-rate', '1e9', '--output', 'linear', '--activation', 'linear'];
    const { status, stdout, stderr } = await rhohat(['train', 'data.csv', ...wild], { cwd: folder });
    assert.is(status, 1);
    assert.is(stdout, '');
    assert.match(stderr, /^rhohat: step \d+: the (reconstruction|gradient) term is .*lower learning rate.*\n$/);
    assert.equal(readdirSync(folder), ['data.csv']);
  }));

test('rhohat --help and --version succeed, and every command explains itself with an example', async () => {
  assert.match((await rhohat(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  for (const args of [
    ['--help'],
    ['help', 'train'],
    ...['train', 'encode', 'inspect', 'check-gradients'].map((c) => [c, '--help']),
  ]) {
    const { status, stdout, stderr } = await rhohat(args);
    assert.is(status, 0);
    assert.is(stderr, '');
    assert.match(stdout, 'Usage: rhohat');
    if (args[0] !== '--help') assert.match(stdout, /Examples?:\n {2}\$ rhohat/);
  }
});

test.run();
