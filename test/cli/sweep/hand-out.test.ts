import { readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HandOut } from '../../../src/cli/sweep/hand-out.ts';
import { nothing } from '../../../src/cli/sweep/run-result.ts';
import { inScratch } from '../command.ts';

test('each run is taken once, whoever asks; results reach the first process', () =>
  inScratch(async (folder) => {
    const job = await HandOut.begin(folder);
    const processes = await Promise.all([1, 2, 3].map(() => HandOut.open(folder, job)));
    const names = Array.from({ length: 40 }, (_, i) => `hidden=${i}`);
    const taken = await Promise.all(
      processes.map(async (one) => {
        const own: string[] = [];
        for (const name of names) if (await one.take(name)) own.push(name);
        return own;
      }),
    );
    assert.equal(taken.flat().sort(), [...names].sort());
    const [first, other] = processes;
    assert.is(await first.isRunning(), true);
    assert.is((await first.endedOf(names)).size, 0);
    for (const name of names) await other.end(name, { ...nothing, state: 'failed', says: name });
    assert.is(await first.isRunning(), false);
    const results = await first.endedOf(names.slice(3));
    assert.equal([...results.keys()], names.slice(3));
    assert.is(results.get('hidden=7')?.says, 'hidden=7');
  }));

test('who sees another folder, or that of an earlier job, is told', () =>
  inScratch(async (folder) => {
    const earlier = await HandOut.begin(folder);
    const job = await HandOut.begin(folder);
    assert.ok(await HandOut.open(folder, job));
    const error = await HandOut.open(folder, earlier).catch((reason: Error) => reason);
    assert.match(String(error), /is begun by rank 0, and this process does not see it/);
  }));

test('one asks all to end, and all learn when it is over', () =>
  inScratch(async (folder) => {
    const job = await HandOut.begin(folder);
    const [first, other] = await Promise.all([HandOut.open(folder, job), HandOut.open(folder, job)]);
    let asked = 0;
    const watched = first.watch(() => {
      asked++;
      void other.over();
    });
    await other.stop();
    await watched;
    assert.is(asked, 1);
    assert.equal(readdirSync(folder), []);
    await other.stop(); // when it is over it is no error
    assert.equal(readdirSync(folder), []);
  }));

test.run();
