import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSvg } from '../figures/read-svg.ts';
import { classes, inScratch, type Outcome, rhohat, table } from './command.ts';

test('rhohat inspect refuses a damaged summary in one line, whatever is wrong with it', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(20));
    await rhohat(['train', 'data.csv', '--hidden', '2', '--epochs', '1', '--out', 'run'], { cwd: folder });
    const path = join(folder, 'run', 'summary.json');
    const whole = JSON.parse(readFileSync(path, 'utf8'));
    const damaged = [
      ['{"history":[],"metrics":{"meanActivations":[]}}', /summary\.json is damaged/],
      [JSON.stringify({ ...whole, history: [{ step: 1, cost: 'x' }] }), /its numbers must be finite/],
      [JSON.stringify({ ...whole, inspection: { ...whole.inspection, histogram: 7 } }), /summary\.json is damaged/],
      ['{"history":[],"__proto__":{}}', /the key "__proto__", which is not allowed/],
      ['['.repeat(100_000), /nested more than 64 deep/],
    ] as const;
    for (const [content, message] of damaged) {
      writeFileSync(path, content);
      const { status, stderr } = await rhohat(['inspect', 'run'], { cwd: folder });
      assert.is(status, 2, stderr);
      assert.match(stderr, message);
      assert.is(stderr.trimEnd().split('\n').length, 1, stderr);
    }
  }));

test('what a summary, a model and a table of a stranger say acts on no terminal and forges no line', () =>
  inScratch(async (folder) => {
    const evil = '\u001b]0;owned\u0007\u009b2J\u202e\r\nrhohat: all is well';
    const shown = '\\u001b]0;owned\\u0007\\u009b2J\\u202e\\u000d\\u000arhohat: all is well';
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    const harmless = ({ stdout, stderr }: Outcome) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
      assert.not.match(stdout + stderr, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]|^rhohat: all is well/m);
    };
    writeFileSync(join(folder, 'data.csv'), table(20));
    writeFileSync(join(folder, 'labels.csv'), classes(20));
    await call('train', 'data.csv', '--hidden', '2', '--epochs', '1', '--out', 'run');
    await call('classify', 'data.csv', '--labels', 'labels.csv', '--iterations', '2', '--out', 'c');
    const path = join(folder, 'run', 'summary.json');
    const summary = JSON.parse(readFileSync(path, 'utf8'));
    const last = { ...summary.last, terms: { ...summary.last.terms, [evil]: 1 } };
    const run = { ...summary.run, source: evil };
    writeFileSync(
      path,
      JSON.stringify({ ...summary, run, last, kernels: evil, note: evil, converged: evil, history: [last] }),
    );
    const inspected = await call('inspect', 'run');
    assert.equal([inspected.status, inspected.stderr], [0, '']);
    for (const before of ['from ', 'engine          ', 'stopped early   ']) {
      assert.ok(inspected.stdout.includes(before + shown), before);
    }
    harmless(inspected);
    const json = await call('inspect', 'run', '--json');
    assert.is(JSON.parse(json.stdout).summary.run.source, evil);
    harmless(json);
    readSvg(readFileSync(join(folder, 'run/training.svg'), 'utf8'));

    const classified = join(folder, 'c', 'summary.json');
    const { stages, ...rest } = JSON.parse(readFileSync(classified, 'utf8'));
    writeFileSync(classified, JSON.stringify({ ...rest, stages: [{ ...stages[0], stage: evil }] }));
    const classifier = await call('inspect', 'c');
    assert.is(classifier.status, 0, classifier.stderr);
    assert.ok(classifier.stdout.includes(shown));
    harmless(classifier);

    const name = '\u001b[2J\u202ename';
    writeFileSync(join(folder, `${name}.csv`), `${name},b\n1,2\n,3\n`);
    for (const args of [
      ['train', `${name}.csv`],
      ['train', `${name}.csv`, '--columns', 'c'],
      ['train', `${name}.png`],
      ['inspect', name],
      ['train', 'data.csv', `--${name}`],
      [name],
    ]) {
      const refused = await call(...args);
      assert.is(refused.status, 2, args.join(' '));
      harmless(refused);
      assert.is(refused.stderr.trimEnd().split('\n').length, 1, refused.stderr);
    }
  }));

test.run();
