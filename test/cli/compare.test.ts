import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { images, inScratch, interrupted, rhohat, table } from './command.ts';

const QUICK = ['--epochs', '3', '--batch-size', '10', '--optimizer', 'adam', '--threads', '1'];

test('compare prints the settings that differ, and what came out, of runs of any kind, finished or not', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    writeFileSync(join(folder, 'data.csv'), table(60));
    await call('train', 'data.csv', ...QUICK, '--hidden', '3', '--out', 'a', '--held-out', '10');
    await call(
      'train',
      'data.csv',
      ...QUICK,
      '--hidden',
      '2',
      '--out',
      'b',
      '--held-out',
      '10',
      '--sparsity-weight',
      '1',
    );
    await call('train', 'data.csv', '--preset', 'topk', '--hidden', '8', '--k', '2', '--epochs', '2', '--out', 'top');
    await rhohat(
      ['train', 'data.csv', '--hidden', '3', '--epochs', '900000', '--checkpoint-every', '20', '--out', 'cut'],
      {
        cwd: folder,
        onStart: interrupted(folder, 'cut', 900),
      },
    );

    const two = await call('compare', 'a', 'b', '--curves', 'c.svg', '--csv', 'c.csv');
    assert.equal([two.status, two.stderr], [0, '']);
    const lines = two.stdout.trimEnd().split('\n');
    assert.match(lines[0], /^run +a +b$/);
    assert.match(two.stdout, /^model\.hidden +3 +2$/m);
    assert.match(two.stdout, /^model\.sparsity\.weight +3 +1$/m);
    assert.match(two.stdout, /^state +finished +finished$/m);
    assert.match(two.stdout, /^validation +0\.\d+ +0\.\d+$/m);
    assert.not.match(two.stdout, 'model.seed');
    assert.match(two.stdout, /c\.svg: validation error of 2 runs\nc\.csv: 2 runs$/m);
    assert.match(
      readFileSync(join(folder, 'c.svg'), 'utf8'),
      /^<svg[\s\S]*Validation error of 2 runs[\s\S]*<\/svg>\s*$/,
    );
    const csv = readFileSync(join(folder, 'c.csv'), 'utf8').trimEnd().split('\n');
    assert.match(csv[0], /^run,model\.hidden,model\.sparsity\.weight,state,validation,cost/);
    assert.match(csv[2], /^b,2,1,finished,0\.\d+/);

    rmSync(join(folder, 'cut', 'summary.json')); // as after a kill
    const all = await call('compare', 'a', 'top', 'cut', '--json', '--curves', 'cost.svg');
    assert.is(all.status, 0, all.stderr);
    assert.match(all.stderr, 'cost.svg: cost of 3 runs');
    const { runs, differing } = JSON.parse(all.stdout);
    assert.equal(
      runs.map(({ state }: { state: string }) => state),
      ['finished', 'finished', 'unfinished'],
    );
    assert.ok(differing.includes('model.sparsity.kind'));
    assert.is(runs[1].settings['model.sparsity.k'], '2');
    assert.is(runs[0].settings['model.sparsity.k'], null);
    assert.match(runs[2].says, 'rhohat train --resume cut');
    assert.ok(runs[2].cost > 0 && runs[2].epochs > 0, all.stdout); // as far as its checkpoint goes
    assert.is(runs[2].explainedVariance, null);

    const files = readdirSync(folder).sort();
    mkdirSync(join(folder, 'empty'));
    const refused: [string[], RegExp][] = [
      [['empty'], /empty: it holds no run that can be compared/],
      [['a', './a/nothing'], /there is no such folder/],
      [['a', '--csv', 'x.txt'], /--csv is "x\.txt": it must end in \.csv/],
    ];
    for (const [args, message] of refused) {
      const { status, stderr } = await call('compare', ...args);
      assert.is(status, 2);
      assert.match(stderr, message);
    }
    assert.equal(
      readdirSync(folder)
        .filter((name) => name !== 'empty')
        .sort(),
      files,
    );
  }));

test('compare takes dictionaries on images, runs of one line each where there are many, and hostile names', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    writeFileSync(join(folder, 'images.idx'), images(40));
    writeFileSync(join(folder, 'data.csv'), table(40));
    await call(
      'train',
      'images.idx',
      '--preset',
      'topk',
      '--hidden',
      '20',
      '--k',
      '2',
      '--epochs',
      '1',
      '--out',
      'top',
    );
    await call('train', 'images.idx', '--sparsity', 'l1', '--hidden', '5', '--epochs', '1', '--out', 'l1');
    const drawn = await call('compare', 'top', 'l1', '--out', 'x.png');
    assert.equal(
      [drawn.status, drawn.stdout.trimEnd().split('\n').pop()],
      [0, 'x.png: 5 units across 2 runs'],
      drawn.stderr,
    );

    const bad = ['=cmd|x', '\u202e<script>alert(1)</script>'.replaceAll('/', '\u2215'), 'x'.repeat(150)];
    const many = [...bad, ...Array.from({ length: 12 }, (_, i) => `run-${i}`)];
    await call('train', 'data.csv', ...QUICK, '--hidden', '2', '--out', 'own');
    for (const [i, name] of many.entries()) {
      mkdirSync(join(folder, name));
      const summary = JSON.parse(readFileSync(join(folder, 'own', 'summary.json'), 'utf8'));
      summary.run.model.seed = i;
      writeFileSync(join(folder, name, 'summary.json'), JSON.stringify(summary));
    }
    const { status, stdout } = await call('compare', ...many, '--curves', 'c.svg', '--csv', 'c.csv');
    assert.is(status, 0);
    const lines = stdout.trimEnd().split('\n');
    assert.match(lines[0], /^run +model\.seed +state +cost/);
    assert.is(lines.length, 1 + many.length + 2);
    assert.not.match(stdout, '\u202e');
    assert.match(readFileSync(join(folder, 'c.csv'), 'utf8'), /^"'=cmd\|x"/m);
    const svg = readFileSync(join(folder, 'c.svg'), 'utf8');
    assert.not.match(svg, /<script|\u202e/);
    assert.match(svg, 'In colour the 8 that end lowest, in grey 7 more.');
  }));

test.run();
