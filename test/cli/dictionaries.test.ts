import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { planted } from '../../bench/presets/planted.ts';
import { matrix } from '../../src/array/matrix.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { dictionaries } from '../../src/training/dictionaries.ts';
import { inScratch, rhohat } from './command.ts';

// Today's dictionaries from the command line: presets that follow from the data, their flags, and what is refused.

const [ROWS, INPUTS] = [240, 16];
const { x } = planted({ rows: ROWS, inputs: INPUTS, features: 24, active: 4, mean: 5, seed: 1 });
const all = matrix(x, ROWS, INPUTS);
/** σ: the root mean square of the columns' deviations. */
const sigma = Math.sqrt(
  Array.from({ length: INPUTS }, (_, j) => {
    const column = Array.from({ length: ROWS }, (_, i) => x[i * INPUTS + j]);
    const mean = column.reduce((sum, value) => sum + value, 0) / ROWS;
    return column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / ROWS;
  }).reduce((sum, variance) => sum + variance, 0) / INPUTS,
);
const part = (from: number, to: number) => writeNpy(matrix(x.slice(from * INPUTS, to * INPUTS), to - from, INPUTS));

const inData = (use: (run: (...args: string[]) => ReturnType<typeof rhohat>, folder: string) => Promise<void>) =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'x.npy'), writeNpy(all));
    await use((...args) => rhohat([...args, '--threads', '1'], { cwd: folder }), folder);
  });

for (const name of Object.keys(dictionaries)) {
  test(`train --preset ${name} takes its sizes from the data, whose mean is far from 0`, () =>
    inData(async (run, folder) => {
      const { status, stderr, stdout } = await run('train', 'x.npy', '--preset', name, '--epochs', '4', '--out', 'run');
      assert.equal([status, stderr], [0, '']);
      assert.match(stdout, /model +16-128-16, relu\/linear/);
      assert.match(stdout, /, centred/);
      const {
        run: settings,
        model,
        examples,
        metrics,
      } = JSON.parse(readFileSync(join(folder, 'run/summary.json'), 'utf8'));
      const expected = dictionaries[name]({ rows: ROWS, inputs: INPUTS, deviation: sigma, epochs: 4 });
      assert.equal([examples, model.hidden, settings.fit.batchSize], [ROWS, [128], expected.fit.batchSize]);
      assert.equal(settings.model.auxiliary, expected.model.auxiliary);
      assert.equal(settings.model.prefixes, expected.model.prefixes);
      assert.ok(Number.isFinite(metrics.varianceUnexplained));
      const again = await rhohat(['inspect', 'run', '--json'], { cwd: folder });
      assert.is(JSON.parse(again.stdout).config.center, true);
      const encode = async (...args: string[]) => (await rhohat(['encode', 'run', ...args], { cwd: folder })).stdout;
      const codes = await encode();
      assert.is(codes.trim().split('\n').length, ROWS);
      assert.is(await encode('--limit', '1'), codes.slice(0, codes.indexOf('\n') + 1)); // no example sees another
    }));
}

test('data of any scale give the same dictionary: they are scaled where their deviations are not moderate, and it is said', () =>
  inScratch(async (folder) => {
    const errors: number[] = [];
    for (const scale of [0.004, 1, 250]) {
      writeFileSync(
        join(folder, 'x.npy'),
        writeNpy(
          matrix(
            x.map((value) => scale * value),
            ROWS,
            INPUTS,
          ),
        ),
      );
      const args = ['x.npy', '--preset', 'topk', '--hidden', '32', '--epochs', '20', '--threads', '1'];
      const { stderr, stdout } = await rhohat(['train', ...args, '--json'], { cwd: folder });
      const { run, metrics } = JSON.parse(stdout);
      errors.push(metrics.varianceUnexplained);
      if (scale === 1) {
        assert.is(stderr, '');
        continue;
      }
      assert.match(
        stderr,
        /deviations are about .*, so the run has --preprocess scale; decide otherwise with --preprocess none/,
      );
      assert.equal(run.data.preprocessing, [{ kind: 'scale' }]);
    }
    for (const error of errors) assert.ok(Math.abs(error / errors[1] - 1) < 0.1, `${errors}`);
  }));

test('a preset is of its own kind, whatever flags of others are given', () =>
  inData(async (run) => {
    for (const preset of ['l1-2024', 'gated', 'jump-relu']) {
      const { status, stderr } = await run('train', 'x.npy', '--preset', preset, '--k', '4');
      assert.is(status, 2);
      assert.match(stderr, /^rhohat: --k is 4 with --sparsity (l1|gated|jump-relu): leave it out/);
    }
  }));

test('a printed preset trains the same model from --config, and flags replace its parts', () =>
  inData(async (run, folder) => {
    const flags = '--preset topk --hidden 32 --k 3 --dead-after 77 --auxiliary-k 5 --learning-rate 0.002 --epochs 2';
    const { stdout } = await run('train', 'x.npy', ...flags.split(' '), '--print-config');
    const { model, fit } = JSON.parse(stdout);
    assert.equal(model.sparsity, { kind: 'top-k', k: 3 });
    assert.equal(model.auxiliary, {
      kind: 'aux-k',
      k: 5,
      weight: Number(((INPUTS * sigma ** 2) / 64).toPrecision(3)),
      deadAfter: 77,
    });
    assert.equal(
      [fit.optimizer.learningRate.kind, fit.optimizer.learningRate.value, fit.epochs],
      ['trapezoid', 0.002, 2],
    );
    writeFileSync(join(folder, 'run.json'), stdout);
    await run('train', 'x.npy', ...flags.split(' '), '--out', 'a');
    await run('train', '--config', 'run.json', '--out', 'b');
    const [a, b] = ['a', 'b'].map((name) => readFileSync(join(folder, name, 'model.safetensors')).toString('hex'));
    assert.is(a, b);
    const off = await run(
      ...['train', 'x.npy', '--preset', 'matryoshka', '--prefixes', '4,20', '--k', '1.5'],
      ...['--no-center', '--no-unit-norm', '--auxiliary', 'none', '--print-config'],
    );
    const { hidden, prefixes, center, unitNorm, auxiliary, sparsity } = JSON.parse(off.stdout).model;
    assert.equal([hidden, prefixes, center, unitNorm, auxiliary], [20, [4, 20], false, false, null]);
    assert.equal(sparsity, { kind: 'batch-top-k', k: 1.5, rate: 0.05 });
    const jump = await run(
      ...['train', 'x.npy', '--preset', 'jump-relu', '--target-l0', '2.5', '--bandwidth', '0.3', '--print-config'],
    );
    const { bandwidth, penalty } = JSON.parse(jump.stdout).model.sparsity;
    assert.equal([bandwidth, penalty.kind, penalty.target], [0.3, 'target-l0', 2.5]);
  }));

test('train --preset takes a folder of parts as the one array that they are', () =>
  inData(async (run, folder) => {
    mkdirSync(join(folder, 'parts'));
    writeFileSync(join(folder, 'parts/0.npy'), part(0, 100));
    writeFileSync(join(folder, 'parts/1.npy'), part(100, ROWS));
    const weights: string[] = [];
    for (const source of ['x.npy', 'parts']) {
      const args = ['train', source, '--preset', 'topk', '--epochs', '2', '--held-out', '20', '--out', `${source}-run`];
      const { status, stderr } = await run(...args);
      assert.equal([status, stderr], [0, '']);
      const bytes = readFileSync(join(folder, `${source}-run/model.safetensors`));
      weights.push(bytes.subarray(8 + Number(bytes.readBigUInt64LE(0))).toString('hex'));
    }
    assert.is(weights[0], weights[1]);
  }));

test('kinds of layers without a preset have their own defaults', () =>
  inData(async (run) => {
    for (const [kind, ...more] of [
      ['top-k', '--k', '3'],
      ['batch-top-k', '--k', '3'],
      ['top-k', '--k', '3', '--anneal-from', '9'],
      ['batch-top-k', '--k', '3', '--anneal-from', '9.5', '--anneal-over', '0.3'],
      ['jump-relu', '--target-l0', '3'],
      ['gated', '--sparsity-weight', '0.01'],
    ]) {
      const { stdout, stderr } = await run(
        ...['train', 'x.npy', '--sparsity', kind, ...more, '--center', '--hidden', '32', '--activation', 'relu'],
        ...['--output', 'linear', '--epochs', '1', '--json', '--force', '--out', kind],
      );
      assert.is(stderr, '', kind);
      const { model } = JSON.parse(stdout);
      assert.equal([model.sparsity.kind, model.center, model.output], [kind, true, 'linear']);
    }
  }));

const topk = ['--preset', 'topk'];
const refused: [string[], RegExp][] = [
  [[...topk, '--k', '129'], /^rhohat: --k is 129: the layer has 128 units, so it must be at most 128\n/],
  [[...topk, '--k', '1.5'], /^rhohat: --k is 1\.5: it must be a whole number, at least 1\n/],
  [
    [...topk, '--k', '4', '--anneal-from', '3'],
    /^rhohat: --anneal-from is 3: survivors fall from there to k, so it must be at least 4\n/,
  ],
  [[...topk, '--anneal-over', '0.5'], /^rhohat: --anneal-over is 0\.5 without annealFrom beside it: add it\n/],
  [['--preset', 'jump-relu', '--anneal-from', '9'], /--anneal-from/],
  [['--preset', 'matryoshka', '--prefixes', '4,4,8'], /^rhohat: --prefixes is \[4,4,8\]: it must be whole numbers/],
  [['--preset', 'matryoshka', '--prefixes', '4,8', '--hidden', '9'], /--prefixes is .* the last must be 9, the number/],
  [['--preset', 'jump-relu', '--target-l0', '0'], /^rhohat: --target-l0 is 0: it must be a finite number above 0\n/],
  [['--preset', 'jump-relu', '--target-l0', '129'], /^rhohat: --target-l0 is 129: the layer has 128 units/],
  [['--preset', 'jump-relu', '--bandwidth', '0'], /^rhohat: --bandwidth is 0: it must be a finite number above 0\n/],
  [[...topk, '--tied'], /^rhohat: --unit-norm is true with tied weights/],
  [[...topk, '--sparsity', 'gated'], /^rhohat: --auxiliary is "aux-k" without a layer that selects the largest z/],
  [[...topk, '--dead-after', '0'], /^rhohat: --dead-after is 0: it must be a whole number, at least 1\n/],
  [[...topk, '--auxiliary-weight', '-1'], /^rhohat: --auxiliary-weight is -1: /],
  [[...topk, '--auxiliary-k', '999'], /^rhohat: --auxiliary-k is 999: the layer has 128 units/],
  [
    [...topk, '--auxiliary', 'none', '--dead-after', '5'],
    /^rhohat: --dead-after is 5 with --auxiliary none: leave it out/,
  ],
  [[...topk, '--bandwidth', '1'], /^rhohat: --bandwidth is 1 with --sparsity top-k: leave it out/],
  [[...topk, '--optimizer', 'lbfgs'], /--optimizer is lbfgs with (config\.unitNorm|--unit-norm)/],
  [[...topk, '--skip'], /^rhohat: --skip is given without --target-data: a linear map/],
  [[...topk, '--skip', '--center'], /^rhohat: --skip is given without --target-data: a linear map/],
];

for (const [flags, message] of refused) {
  test(`train refuses ${flags.join(' ')} in one line`, () =>
    inData(async (run) => {
      const { status, stdout, stderr } = await run('train', 'x.npy', ...flags);
      assert.equal([status, stdout, stderr.split('\n').length], [2, '', 2], stderr);
      assert.match(stderr, message);
    }));
}

test('a preset without data of its own asks for them, and is no stack', () =>
  inData(async (run) => {
    assert.match((await run('train', ...topk)).stderr, /^rhohat: --preset topk has no data of its own: name them/);
    assert.match((await run('stack', 'x.npy', ...topk)).stderr, /--preset topk is one dictionary and no stack: use/);
  }));

test.run();
