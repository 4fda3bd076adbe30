import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inScratch, rhohat, table } from './command.ts';

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

test.run();
