import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CHECKPOINT_FILE } from '../../src/node/checkpoint-file.ts';
import { layAside } from '../../src/node/earlier-run.ts';
import { LOCK_FILE } from '../../src/node/folder-lock.ts';
import { beginRun, RUN_FILE, resumeRun } from '../../src/node/unfinished-run.ts';
import { inScratch } from '../cli/command.ts';
import { assertRefused } from '../support/errors.ts';

const results = new Map<string, string>([
  ['model.safetensors', 'weights'],
  ['summary.json', '{}'],
]);
/** What stands for a checkpoint where nobody reads it. */
const checkpoint = Uint8Array.of(1, 2, 3);

test('a run folder holds run.json from the beginning, and nothing but results at the end', () =>
  inScratch(async (folder) => {
    const path = join(folder, 'runs', 'a');
    const run = await beginRun(path, { begun: true });
    assert.equal(readdirSync(join(folder, 'runs')), ['a']);
    assert.equal(readdirSync(path).sort(), [RUN_FILE, LOCK_FILE]);
    await run.saveCheckpoint(checkpoint);
    await run.saveCheckpoint(checkpoint);
    await run.save(results);
    assert.is(readdirSync(path).length, 6);
    await run.release();
    const resumed = await resumeRun(path);
    assert.equal(resumed.description, { begun: true });
    await resumed.run.release();
    await (await resumeRun(path)).run.finish(results);
    assert.equal(readdirSync(path).sort(), [...results.keys()]);
    assert.is(readFileSync(join(path, 'model.safetensors'), 'utf8'), 'weights');
    await assertRefused(
      () => resumeRun(path),
      /a: it holds no unfinished run: name the folder of a run that did not end$/,
    );
  }));

test('a run that saved nothing leaves nothing behind; one with a checkpoint stays', () =>
  inScratch(async (folder) => {
    const path = join(folder, 'runs', 'a');
    await (await beginRun(path, {})).discard();
    assert.equal(readdirSync(folder), []);
    const run = await beginRun(path, {});
    await run.saveCheckpoint(checkpoint);
    await run.discard();
    assert.is(readdirSync(path).length, 2);
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine/notes.txt'), 'keep me');
    await (await beginRun(join(folder, 'mine'), {}, true)).discard();
    assert.equal(readdirSync(join(folder, 'mine')), ['notes.txt']);
  }));

test('an unfinished run is not overwritten but with force, which removes its checkpoints', () =>
  inScratch(async (folder) => {
    const path = join(folder, 'a');
    const run = await beginRun(path, { first: true });
    await run.saveCheckpoint(checkpoint);
    await assertRefused(() => beginRun(path, {}), /a is in use by process \d+ since /);
    await run.release();
    await assertRefused(
      () => beginRun(path, {}),
      /a holds an unfinished run: go on with --resume .*, or add --force to begin anew$/,
    );
    const other = await beginRun(path, { first: false }, true);
    assert.not(readdirSync(path).includes(CHECKPOINT_FILE));
    await other.discard();
    const back = await resumeRun(path);
    assert.equal(back.description, { first: true });
    assert.equal(readdirSync(path).sort(), [CHECKPOINT_FILE, RUN_FILE, LOCK_FILE], 'nothing was saved: it is back');
    await back.run.release();
    const another = await beginRun(path, { first: false }, true);
    await another.saveCheckpoint(checkpoint);
    assert.equal(readdirSync(path).sort(), [CHECKPOINT_FILE, RUN_FILE, LOCK_FILE]);
    await another.discard();
    const resumed = await resumeRun(path);
    assert.equal(resumed.description, { first: false });
    await resumed.run.release();
  }));

test("what a finished run wrote of itself is not the new one's, and stands again where that comes to nothing", () =>
  inScratch(async (folder) => {
    const path = join(folder, 'a');
    mkdirSync(path);
    const records = ['metrics.jsonl', 'snapshot.json'];
    for (const name of [...records, 'summary.json']) writeFileSync(join(path, name), 'earlier');
    const first = await beginRun(path, {}, true);
    const present = () => records.filter((name) => readdirSync(path).includes(name));
    assert.equal(present(), []);
    writeFileSync(join(path, 'snapshot.json'), 'killed'); // by a kill, nothing is saved
    await first.release();
    const second = await beginRun(path, {}, true);
    assert.equal(present(), []);
    await second.discard();
    assert.equal(present(), records);
    for (const name of records) assert.is(readFileSync(join(path, name), 'utf8'), 'earlier');
    const third = await beginRun(path, {}, true);
    await third.finish(results);
    assert.equal(readdirSync(path).sort(), [...results.keys()]);
  }));

test('a run that a kill left laid aside is found', () =>
  inScratch(async (folder) => {
    await (await beginRun(folder, { first: true })).release();
    writeFileSync(join(folder, CHECKPOINT_FILE), checkpoint);
    await layAside(folder); // and here --force was killed
    const { run, description } = await resumeRun(folder);
    assert.equal(description, { first: true });
    assert.equal(readdirSync(folder).sort(), [CHECKPOINT_FILE, RUN_FILE, LOCK_FILE]);
    await run.release();
  }));

test('a folder that was removed is made again for the results', () =>
  inScratch(async (folder) => {
    const path = join(folder, 'a');
    const run = await beginRun(path, {});
    await run.saveCheckpoint(checkpoint);
    rmSync(path, { recursive: true });
    await run.finish(results);
    assert.equal(readdirSync(path).sort(), [...results.keys()]);
  }));

test('a run folder that was removed before its first checkpoint is not made again: it would lack run.json', () =>
  inScratch(async (folder) => {
    const path = join(folder, 'a');
    const run = await beginRun(path, {});
    rmSync(path, { recursive: true });
    await assertRefused(() => run.checkpoints.write(checkpoint), /its folder is gone: somebody removed it$/);
    assert.not(existsSync(path));
  }));

test('what is no run folder is refused by name', () =>
  inScratch(async (folder) => {
    await assertRefused(() => resumeRun(join(folder, 'x')), /x: there is no such folder: /);
    assert.not(existsSync(join(folder, 'x')));
    mkdirSync(join(folder, 'y'));
    writeFileSync(join(folder, 'y', RUN_FILE), '{');
    await assertRefused(() => resumeRun(join(folder, 'y')), /run\.json is not JSON: .*; it is damaged$/);
  }));

test.run();
