import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { classes, images, inScratch, rhohat } from './command.ts';

test('inspect shows a classifier: sizes, accuracies, config, and its features', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'images.idx'), images(60));
    writeFileSync(join(folder, 'labels.csv'), classes(60));
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const data = ['images.idx', '--labels', 'labels.csv', '--iterations', '9', '--test-share', '0.5'];
    await call('train', 'images.idx', '--hidden', '5', '--epochs', '2', '--out', 'run');
    for (const [out, sizes, ...more] of [
      ['raw', '16-3'],
      ['tuned', '16-5-3', '--on', 'run', '--finetune', 'all', '--finetune-iterations', '2'],
    ]) {
      const classified = await call('classify', ...data, ...more, '--out', out);
      assert.is(classified.status, 0, classified.stderr);
      const { status, stdout, stderr } = await call('inspect', out);
      assert.equal([status, stderr], [0, '']);
      assert.ok(stdout.startsWith(`${classified.stdout.trimEnd()}\n\nconfig\n  {"inputs":16,`), stdout);
      assert.match(stdout, new RegExp(`^${out}\\n  ${sizes}, 30 training and 30 test examples\\n`));
      assert.match(stdout, /\nparameters\n {2}.*weight +\(\d, 16\)\n/);
      assert.match(stdout, /\npictures\n {2}.*features\.png\n$/);
      assert.ok(existsSync(join(folder, out, 'features.png')));
    }
    const file = join('tuned', 'classifier.safetensors');
    const { config, summary, pictures } = JSON.parse(
      (await call('inspect', file, '--json', '--out', 'pictures')).stdout,
    );
    assert.equal([config.classes, summary, pictures], [3, null, [join('pictures', 'features.png')]]);
    const written = JSON.parse(readFileSync(join(folder, 'tuned/summary.json'), 'utf8'));
    const json = JSON.parse((await call('inspect', 'tuned', '--json')).stdout);
    assert.equal(json.summary, written);

    for (const damage of [{ stages: 7 }, { stages: [{ ...written.stages[0], cost: 'x' }] }, { trainExamples: -1 }]) {
      writeFileSync(join(folder, 'tuned/summary.json'), JSON.stringify({ ...written, ...damage }));
      const refused = await call('inspect', 'tuned');
      assert.is(refused.status, 2);
      assert.match(refused.stderr, /^rhohat: tuned.summary\.json is damaged: [^\n]*\n$/);
    }
  }));

test.run();
