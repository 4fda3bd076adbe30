import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { images, inScratch, rhohat, table } from './command.ts';

const train = (hidden: string, out: string, ...more: string[]) => [
  ...['train', 'images.idx', '--model', 'denoising', '--hidden', hidden, '--epochs', '1', '--out', out],
  ...more,
];

test('compare draws the same units of several runs, in the order given', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const picture = (name: string) => decode(readFileSync(join(folder, name)));
    writeFileSync(join(folder, 'images.idx'), images(30));
    await call(...train('5', 'a', '--corruption', 'masking:0.1'));
    await call(...train('5', 'b', '--corruption', 'gaussian:0.9'));
    await call(...train('3', 'few'));
    const { status, stdout, stderr } = await call('compare', 'a', 'b', '--out', 'ab.png');
    assert.equal([status, stdout.trimEnd().split('\n').pop(), stderr], [0, 'ab.png: 5 units across 2 runs', '']);
    await call('compare', 'b', 'a', '--out', 'ba.png');
    const [ab, ba] = [picture('ab.png'), picture('ba.png')];
    assert.equal([ab.width, ab.height], [ba.width, ba.height]);
    assert.not.equal(ab.data, ba.data);
    assert.match(
      (await call('compare', 'a', 'few', '--out', 'least.png')).stdout,
      /\nleast\.png: 3 units across 2 runs\n$/,
    );
    await call('compare', 'a', 'b', '--units', '4,0', '--out', 'two.png');
    assert.not.equal(picture('two.png').data, ab.data);
    assert.is((await call('compare', 'a', '--units', '1', '--out', 'one.png')).status, 0);
  }));

test('compare refuses what it cannot draw, and writes nothing', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    writeFileSync(join(folder, 'images.idx'), images(30));
    writeFileSync(join(folder, 'data.csv'), table(20));
    await call(...train('3', 'a'));
    await call('train', 'data.csv', '--hidden', '2', '--epochs', '1', '--out', 'table');
    const before = readdirSync(folder).sort();
    const refused: [string[], RegExp][] = [
      [['a', '--out', 'x.jpg'], /--out is "x\.jpg": it must end in \.png/],
      [['a', '--units', '1'], /--units is given without --out/],
      [['a', '--curves', 'x.png'], /--curves is "x\.png": it must end in \.svg/],
      [['a', 'a'], /a is given twice/],
      [['--out', 'x.png'], /missing required argument 'runs'/],
      [['a', 'nowhere', '--out', 'x.png'], /nowhere: there is no such folder/],
      [['a', '--units', '3', '--out', 'x.png'], /unit 3 is not in weights 0: .* from 0 to 2/],
      [['a', '--units', 'x', '--out', 'x.png'], /It must be a number/],
      [['a', 'table', '--out', 'x.png'], /have 4 inputs, .* have 16/],
      [['table', '--out', 'x.png'], /table was not trained on images/],
      [['a', '--out', 'no/x.png'], /cannot be written/],
    ];
    for (const [args, message] of refused) {
      const { status, stdout, stderr } = await call('compare', ...args);
      assert.equal([status, stdout], [2, ''], args.join(' '));
      assert.match(stderr, message);
      assert.is(stderr.trimEnd().split('\n').length, 1, stderr);
    }
    assert.equal(readdirSync(folder).sort(), before);
  }));

test('penalties writes four pictures and names them, replaces them with --force only, and refuses a ρ of 1', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(['penalties', ...args], { cwd: folder });
    const { status, stdout, stderr } = await call();
    const names = ['kl.svg', 'l1.svg', 'l2.svg', 'shrinkage.svg'];
    assert.equal([status, stderr, stdout], [0, '', names.map((name) => `penalties/${name}\n`).join('')]);
    const read = (name: string) => readFileSync(join(folder, 'penalties', name), 'utf8');
    for (const name of names) assert.match(read(name), /^<svg[\s\S]*<\/svg>\s*$/);
    const kl = read('kl.svg');
    assert.match((await call()).stderr, /penalties exists and is not empty: .*--force/);
    assert.is((await call('--force', '--target', '0.05')).status, 0);
    assert.is.not(read('kl.svg'), kl);
    assert.match(read('kl.svg'), '0.05');
    for (const rho of ['0', '1', '-2']) {
      const outcome = await call('--target', rho, '--out', 'x');
      assert.is(outcome.status, 2);
      assert.match(outcome.stderr, `target is ${rho}`);
    }
    assert.not.ok(existsSync(join(folder, 'x')));
  }));

test.run();
