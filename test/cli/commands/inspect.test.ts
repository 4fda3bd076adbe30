import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, rowRange } from '../../../src/array/matrix.ts';
import { csvExamples } from '../../../src/data/formats/csv.ts';
import { prepare } from '../../../src/data/preprocessing/prepare.ts';
import { measure } from '../../../src/measures/on-demand.ts';
import { topExamples } from '../../../src/measures/top-examples.ts';
import { Autoencoder } from '../../../src/model/autoencoder.ts';
import { loadModel, saveModel } from '../../../src/node/model-files.ts';
import { classes, inScratch, rhohat, table } from '../command.ts';

async function trained(folder: string): Promise<(...args: string[]) => ReturnType<typeof rhohat>> {
  writeFileSync(join(folder, 'data.csv'), table(60));
  const call = (...args: string[]) => rhohat(args, { cwd: folder });
  const { status, stderr } = await call(
    ...['train', 'data.csv', '--model', 'linear', '--hidden', '2', '--iterations', '60', '--out', 'run'],
  );
  assert.is(status, 0, stderr);
  return call;
}

const short = (value: number, digits = 4) => String(Number(value.toPrecision(digits)));

test('inspect measures on data: explained variance, L0, dead, density.svg, and what latents answer', () =>
  inScratch(async (folder) => {
    const call = await trained(folder);
    const { model } = await loadModel(join(folder, 'run'));
    const { x } = prepare([csvExamples(readFileSync(join(folder, 'data.csv')))], {}, 'float32');
    const metrics = await measure(model, x);
    const { status, stdout, stderr } = await call('inspect', 'run', 'data.csv', '--latents', '1,0');
    assert.equal([status, stderr], [0, '']);
    assert.ok(metrics.explainedVariance > 0.5);
    assert.ok(
      stdout.includes(
        [
          '\nmeasured on 60 examples of data.csv',
          `  explained variance  ${short(metrics.explainedVariance)}`,
          `  L0                  2 of 2 units, L1 ${short(metrics.l1)}`,
          '  dead                0 of 2 units never fire\n',
        ].join('\n'),
      ),
      stdout,
    );
    const [top] = await topExamples(model, x, [1], 10);
    const lines = top.map(
      ({ example, activation }) => `  example ${String(example).padStart(2)}  ${short(activation)}`,
    );
    assert.ok(
      stdout.includes(`latent 1 fires on 100% of the examples, most on\n${lines.join('\n')}\nlatent 0 `),
      stdout,
    );
    assert.match(stdout, /\n {2}run.density\.svg\n$/);
    assert.match(readFileSync(join(folder, 'run/density.svg'), 'utf8'), /^<svg .*How often 2 units fire: none never/s);

    const { measured, pictures } = JSON.parse(
      (await call('inspect', 'run', '--latents', '1', '--limit', '50', '--json', '--out', 'again')).stdout,
    );
    assert.equal([measured.examples, measured.source, measured.latents.length], [50, undefined, 1]);
    const first = await measure(model, rowRange(x, 0, 50));
    assert.equal(
      [measured.explainedVariance, measured.normRatio, measured.density],
      [first.explainedVariance, first.normRatio, first.density],
    );
    assert.equal(measured.latents[0].examples, (await topExamples(model, rowRange(x, 0, 50), [1], 10))[0]);
    assert.ok(pictures.includes(join('again', 'density.svg')) && existsSync(join(folder, 'again/density.svg')));
  }));

test('inspect without data says and draws what it did before', () =>
  inScratch(async (folder) => {
    const call = await trained(folder);
    const { stdout } = await call('inspect', 'run');
    assert.not.match(stdout, /measured on|density/);
    assert.not.ok(existsSync(join(folder, 'run/density.svg')));
    assert.is(JSON.parse((await call('inspect', 'run', '--json')).stdout).measured, undefined);
  }));

test('inspect warns on one line where explained variance is below 0, and where a model has dead units', () =>
  inScratch(async (folder) => {
    const model = await Autoencoder.create({ inputs: 2, hidden: 2, activation: 'relu', output: 'linear' });
    const weight = fromRows([
      [1, 0],
      [0, 1],
    ]);
    const bias = { data: Float64Array.of(0, -99), shape: [2], stride: [1], offset: 0 };
    model.setParameters({ 'encoder.weight': weight, 'decoder.weight': weight, 'encoder.bias': bias });
    await saveModel(join(folder, 'model.safetensors'), model);
    // The first coordinate is kept, the second is lost: scaled by a hundred, and far from 0.
    writeFileSync(join(folder, 'wrong.csv'), 'a,b\n2,50\n1,51\n4,50\n3,51\n');
    const args = ['inspect', 'model.safetensors', 'wrong.csv', '--latents', '1,0', '--out', 'pictures'];
    const { status, stdout, stderr } = await rhohat(args, { cwd: folder });
    assert.is(status, 0, stderr);
    assert.match(
      stderr,
      /^rhohat: explained variance is -\d+(\.\d+)?, below 0: [^\n]*wrong layer, scale or hook[^\n]*\n$/,
    );
    assert.match(stdout, /\n {2}dead +1 of 2 units never fire\n/);
    assert.match(
      stdout,
      /\nlatent 1 never fires\nlatent 0 fires on 100% of the examples, most on\n {2}example 2 {2}4\n/,
    );
    assert.match(readFileSync(join(folder, 'pictures/density.svg'), 'utf8'), /How often 2 units fire: 1 never, 50%/);
    writeFileSync(join(folder, 'equal.csv'), 'a,b\n1,5\n1,5\n');
    const equal = await rhohat(['inspect', 'model.safetensors', 'equal.csv'], { cwd: folder });
    assert.is(equal.stderr, '');
    assert.match(equal.stdout, /explained variance {2}undefined: equal examples have no variance/);
  }));

test('inspect refuses latents that are not there, and data for a classifier', () =>
  inScratch(async (folder) => {
    const call = await trained(folder);
    const refused = async (message: RegExp, ...args: string[]) => {
      const { status, stderr } = await call('inspect', ...args);
      assert.is(status, 2);
      assert.match(stderr, message);
    };
    const range = /^rhohat: --latents names unit 2: the model has 2 units, so each must be from 0 to 1\n$/;
    await refused(range, 'run', 'data.csv', '--latents', '0,2');
    await refused(/^rhohat: option '--latents <n,…>' argument 'x' is invalid/, 'run', '--latents', 'x');
    await refused(/^rhohat: --limit is 61: there are 60 examples/, 'run', '--limit', '61');
    writeFileSync(join(folder, 'labels.csv'), classes(60));
    await call('classify', 'data.csv', '--labels', 'labels.csv', '--iterations', '3', '--out', 'c');
    await refused(/^rhohat: c is a classifier, which reconstructs nothing: leave the data out/, 'c', 'data.csv');
  }));

test.run();
