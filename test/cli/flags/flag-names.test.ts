import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nameFlags } from '../../../src/cli/flags/flag-names.ts';
import {
  addDataOptions,
  addModelOptions,
  addStartOptions,
  addTrainingOptions,
} from '../../../src/cli/flags/options.ts';
import { InputError } from '../../../src/errors.ts';
import { inScratch, rhohat, table } from '../command.ts';

const command = (...args: string[]) => {
  const made = new Command('train').exitOverride();
  for (const add of [addStartOptions, addDataOptions, addModelOptions, addTrainingOptions]) add(made);
  return made.parse(args, { from: 'user' });
};
const named = (message: string, ...args: string[]) => nameFlags(new InputError(message), command(...args));

test('what latents are shared by is told by its flag', () => {
  const sharing = new Command('train').option('--sparsity <kind>').option('--hidden <n>').option('--shard <what>');
  const told = (message: string) => nameFlags(new InputError(message), sharing);
  assert.is(
    told(
      'config.sparsity is null with options.latents, by which processes share the latents: it must be top-k; or share the rows of a batch, by the group of fit',
    ),
    '--sparsity is null with --shard latents, by which processes share the latents: it must be top-k; or leave --shard out, and they share the rows',
  );
  assert.is(
    told('options.latents is a group of 3 processes, and config.hidden is 2: no'),
    '--shard is a group of 3 processes, and --hidden is 2: no',
  );
});

test('every config key that a flag sets is told by its flag', () => {
  for (const [key, flag] of Object.entries({
    'config.hidden': '--hidden',
    'config.hidden.1': '--hidden',
    'config.weightL1': '--weight-l1',
    'config.tied': '--tied',
    'config.sparsity.k': '--k',
    'config.sparsity.weight': '--sparsity-weight',
    'config.sparsity.kind': '--sparsity',
    'config.contraction.weight': '--contraction',
    'config.corruption.fraction': '--corruption',
    'options.epochs': '--epochs',
    'options.batchSize': '--batch-size',
    'options.optimizer.learningRate': '--learning-rate',
    'options.optimizer.kind': '--optimizer',
    'data.limit': '--limit',
    'data.patches.size': '--patch-size',
    'data.patches.count': '--patches',
    'run.data.preprocessing.0.epsilon': '--preprocess',
    'run.heldOut': '--held-out',
    'plan.heldOut': '--held-out',
  })) {
    assert.is(named(`${key} is 0: no`), `${flag} is 0: no`);
  }
  assert.is(
    named('config.emphasis is given without config.corruption: no'),
    '--emphasis is given without --corruption: no',
  );
});

test('a key of a config file keeps its name, unless its flag was typed; other errors stay as they are', () => {
  assert.is(named('config.hidden is 0: no', '--config', 'a.json'), 'config.hidden is 0: no');
  assert.is(named('config.hidden is 0: no', '--config', 'a.json', '--hidden', '0'), '--hidden is 0: no');
  for (const same of [
    'a.json: config.hidden is 0: no',
    'config.initialization is 0: no',
    'data.csv: line 1',
    'x is 0: config.hidden',
  ]) {
    assert.is(named(same), same);
  }
  assert.is(nameFlags(new Error('config.hidden is 0'), command()), 'config.hidden is 0');
  assert.is(nameFlags(new InputError('config.hidden is 0'), undefined), 'config.hidden is 0');
});

test('what a new user types ends in one line, at once, and writes nothing', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(20));
    mkdirSync(join(folder, 'run'));
    const model = join(folder, 'run/model.safetensors');
    writeFileSync(model, 'x');
    writeFileSync(join(folder, 'zero.json'), JSON.stringify({ source: 'data.csv', model: { hidden: 0 } }));
    const before = readdirSync(folder);
    const refused: [string[], RegExp][] = [
      [['train', 'data.csv', '--out', ''], /^rhohat: --out is empty: name a folder\n$/],
      [
        ['train', 'data.cvs'],
        /^rhohat: data\.cvs: there is no data set, file or folder of that name \(did you mean data\.csv\?\): /,
      ],
      [['train', 'swis-roll'], /\(did you mean swiss-roll\?\)/],
      [['train', 'data.csv', '--corruption', 'masked:0.2'], /--corruption is "masked:0\.2": .* such as masking:0\.25/],
      [['train', 'data.csv', '--corruption', 'masking:x'], /--corruption is "masking:x": /],
      [['train', 'data.csv', '--emphasis', '1'], /--emphasis is "1": it must be two weights/],
      [['train', 'data.csv', '--preprocess', 'cs294a:1'], /--preprocess has the step "cs294a:1": steps are/],
      [['train', 'data.csv', '--preprocess', 'pca:0.1:3:4'], /--preprocess has the step/],
      [['train', 'data.csv', '--threads', '0'], /'0' is invalid\. It must be auto/],
      [['train', '--config', 'zero.json'], /^rhohat: zero\.json: config\.hidden is 0: /],
      [['predict', 'run', 'data.csv'], /run: the folder holds no classifier\.safetensors, but model\.safetensors: /],
    ];
    // Node's own recursive mkdir never ends there.
    if (existsSync('/proc/self'))
      refused.push([['train', 'data.csv', '--out', '/proc/x'], /\/proc\/x cannot be written/]);
    for (const [args, message] of refused) {
      const { status, stdout, stderr } = await rhohat(args, { cwd: folder });
      assert.equal([status, stdout, stderr.split('\n').length], [2, '', 2], `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, message);
    }
    assert.equal(readdirSync(folder), before);
  }));

test('data that a sigmoid cannot reach are told, and trained on', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'bytes.csv'), '0,255\n12,7\n99,128\n');
    const args = ['train', 'bytes.csv', '--hidden', '2', '--epochs', '1', '--preprocess', 'none', '--out'];
    const told = await rhohat([...args, 'a', '--output', 'sigmoid'], { cwd: folder });
    assert.is(told.status, 0);
    assert.is(
      told.stderr,
      'rhohat: the data go from 0 to 255, sigmoid outputs from 0 to 1: use --output linear --preprocess standardize\n',
    );
    const linear = await rhohat([...args, 'b', '--output', 'linear'], { cwd: folder });
    assert.equal(
      [linear.status, linear.stderr],
      [0, "rhohat: the columns' standard deviations are about 78.1: use --preprocess standardize\n"],
    );
  }));

test.run();
