import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { classes, inScratch, rhohat, table } from './command.ts';

const train = (...more: string[]) => ['train', 'data.csv', '--hidden', '3', ...more];
const stack = (...more: string[]) => ['stack', 'data.csv', '--epochs', '1', ...more];
const classify = (...more: string[]) => ['classify', 'data.csv', '--iterations', '2', ...more];
const labelled = (...more: string[]) => classify('--labels', 'labels.csv', ...more);

const refused: [string[], RegExp][] = [
  [train('--k', '4'), /^rhohat: --k is 4: the layer has 3 units, so it must be at most 3/],
  [train('--k', '1.5'), /^rhohat: --k is 1\.5: it must be a whole number/],
  [train('--corruption', 'masking:1.5'), /^rhohat: --corruption is 1\.5: it must lie from 0 to 1/],
  [train('--k', '2', '--target', '0.1'), /--target is 0\.1 with --sparsity k-sparse/],
  [train('--k', '2', '--contraction', '1'), /^rhohat: --contraction is 1 on a k-sparse layer/],
  [train('--model', 'mine'), /Allowed choices are sparse/],
  [train('--pca', '5', '--epochs', '1'), /--pca is 5: .* so it must be from 1 to 4/],
  // labels
  [train('--classes', '1'), /data\.csv: .*--labels/],
  [train('--classes', '7', '--labels', 'labels.csv'), /no example has one of the classes 7/],
  [train('--labels', 'short.csv', '--classes', '0'), /19 labels for 20 examples/],
  [train('--classes', 'a'), /It must be a number/],
  // stacks
  [stack('--hidden', '3,2,4', '--k', '3'), /k is 3: the layer has 2 units/],
  [stack('--hidden', '3,0'), /^rhohat: --hidden/],
  [stack('--hidden', '3,2', '--finetune', '0'), /--finetune <n>.* It must be a whole number, at least 1/],
  [stack('--hidden', '3,2', '--finetune', 'x'), /It must be a number/],
  // classifiers
  [classify(), /data\.csv: .*--labels/],
  [classify('--labels', 'short.csv'), /19 labels for 20 examples/],
  [classify('--labels', 'half.csv'), /half\.csv: label 0 is 0\.5/],
  [classify('--labels', 'nowhere.csv'), /nowhere\.csv: there is no/],
  [classify('--labels', 'same.csv'), /classes is 1: it must be at least 2|one class/],
  [classify('--labels', 'sorted.csv', '--test-share', '0.3'), /--test-share .*class 2/],
  [
    classify('--labels', 'sorted.csv', '--limit', '12', '--test', 'data.csv', '--test-labels', 'sorted.csv'),
    /--test holds class 2, which the training data never show/,
  ],
  [labelled('--classes', '8'), /no example has one of the classes 8/],
  [labelled('--test-share', '1'), /--test-share is 1: it must lie strictly between 0 and 1/],
  [labelled('--test-share', '0.5', '--test', 'data.csv'), /--test and --test-share are both given/],
  [labelled('--finetune', 'all'), /--finetune without --on/],
  [labelled('--finetune', 'some'), /Allowed choices are none, all, staged/],
  [labelled('--on', 'nowhere'), /nowhere: there is no such file/],
  [labelled('--on', 'wide-run'), /have 4|has 4|shape \(20, 4\)|\(m, 2\)/],
  [labelled('--weight-decay', '-1'), /^rhohat: --weight-decay is -1/],
  [labelled('--limit', '21'), /21/],
];

test('rhohat refuses bad models, labels, stacks and classifiers in one line, with status 2, and writes nothing', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(20));
    writeFileSync(join(folder, 'two.csv'), '0.1,0.2\n0.3,0.4\n0.5,0.6\n');
    writeFileSync(join(folder, 'labels.csv'), classes(20));
    writeFileSync(join(folder, 'short.csv'), classes(19));
    writeFileSync(join(folder, 'half.csv'), '0.5\n'.repeat(20));
    writeFileSync(join(folder, 'same.csv'), '0\n'.repeat(20));
    writeFileSync(join(folder, 'sorted.csv'), `${'0\n'.repeat(7)}${'1\n'.repeat(7)}${'2\n'.repeat(6)}`);
    await rhohat(['train', 'two.csv', '--hidden', '2', '--epochs', '1', '--out', 'wide-run'], { cwd: folder });
    const before = readdirSync(folder);
    const wrong: string[] = [];
    for (const [args, message] of refused) {
      const { status, stdout, stderr } = await rhohat(args, { cwd: folder });
      const lines = stderr.trimEnd().split('\n').length;
      const clear = !/\n +at |node:internal|Invalid type|Expected "|undefined/.test(stderr);
      const left = readdirSync(folder).filter((name) => !before.includes(name));
      const nothing = stdout === '' && left.length === 0;
      for (const name of left) rmSync(join(folder, name), { recursive: true });
      if (status === 2 && message.test(stderr) && lines === 1 && clear && nothing) continue;
      wrong.push(`${args.join(' ')}: status ${status}: ${stderr}${stdout}${nothing ? '' : ' (something was written)'}`);
    }
    assert.equal(wrong, []);
  }));

test('rhohat stack, classify, compare and penalties explain themselves with an example', async () => {
  for (const command of ['stack', 'classify', 'compare', 'penalties']) {
    const { status, stdout, stderr } = await rhohat([command, '--help']);
    assert.equal([status, stderr], [0, '']);
    assert.match(stdout, /Examples?:\n {2}\$ rhohat/);
  }
});

test.run();
