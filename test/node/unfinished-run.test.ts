import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
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
    assert.equal(readdirSync(path), [RUN_FILE]);
    assert.equal((await resumeRun(path)).description, { begun: true });
    await run.checkpoints.write(checkpoint);
    await run.checkpoints.write(checkpoint);
    await run.save(results);
    assert.is(readdirSync(path).length, 5);
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
    await run.checkpoints.write(checkpoint);
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
    await run.checkpoints.write(checkpoint);
    await assertRefused(
      () => beginRun(path, {}),
      /a holds an unfinished run: go on with --resume .*, or add --force to begin anew$/,
    );
    await beginRun(path, { first: false }, true);
    assert.equal(readdirSync(path), [RUN_FILE]);
    assert.equal((await resumeRun(path)).description, { first: false });
  }));

test('results that cannot be written leave the run to be resumed; a folder that was removed is made again', () =>
  inScratch(async (folder) => {
    const path = join(folder, 'a');
    const run = await beginRun(path, {});
    await run.checkpoints.write(checkpoint);
    const bad = new Map([...results, ['no-such-folder/x', '']]);
    await assertRefused(() => run.finish(bad), /a: the results cannot be written: .*; make room$/);
    assert.equal(readdirSync(path).sort(), ['checkpoint.safetensors', RUN_FILE]);
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
