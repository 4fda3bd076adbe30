import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { knownRuns } from './known-runs.ts';

// The SHA-256 of θ and codes after a short deterministic run of everything that trains, in both precisions: a change of
// structure must change none of them. One of the arithmetic does; it says which rows and why, and records them anew:
//   RHOHAT_RECORD=1 npm test -- known-bits

const path = join(process.cwd(), 'test/training/known-bits.json');
const record = process.env.RHOHAT_RECORD === '1';
const known: Record<string, Record<string, string>> = record ? {} : JSON.parse(readFileSync(path, 'utf8'));

for (const [name, run] of knownRuns) {
  test(`known bits: ${name}`, async () => {
    const found = { float32: await run('float32'), float64: await run('float64') };
    if (record) known[name] = found;
    else assert.equal(found, known[name]);
  });
}

test('known bits: every row that was recorded is run', () => {
  if (record) writeFileSync(path, `${JSON.stringify(known, null, 2)}\n`);
  assert.equal(Object.keys(known), [...knownRuns.keys()]);
});

test.run();
