import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LOCK_FILE } from '../../src/node/folder-lock.ts';
import { openRunFolder } from '../../src/node/run-folder.ts';
import { STAGED, settle, writeStaged } from '../../src/node/staged-files.ts';
import { beginRun } from '../../src/node/unfinished-run.ts';
import { inScratch } from '../cli/command.ts';
import { assertRefused } from '../support/errors.ts';

const FILES = new Map([
  ['features.png', 'picture'],
  ['model.safetensors', 'weights'],
]);
const NAMES = [...FILES.keys()];

/** Without a word about it, results go elsewhere: here. */
async function withTemporary(use: (folder: string) => Promise<void>): Promise<void> {
  const { TMPDIR, HOME } = process.env;
  await inScratch(async (folder) => {
    try {
      Object.assign(process.env, { TMPDIR: folder, HOME: folder });
      await use(folder);
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
      process.env.HOME = HOME;
    }
  });
}

test('results go into the folder that is there: the same folder, its mode kept, through a link, and the present one', () =>
  inScratch(async (folder) => {
    const made = join(folder, 'made');
    mkdirSync(made, { mode: 0o750 });
    symlinkSync(made, join(folder, 'link'));
    const before = statSync(made);
    const present = process.cwd();
    try {
      process.chdir(made);
      for (const [path, force] of [
        ['.', false],
        [join(folder, 'link'), true],
      ] as const) {
        const run = await openRunFolder(path, force);
        await run.commit(FILES);
        await run.discard();
        assert.equal(readdirSync(made).sort(), NAMES);
        const { ino, mode, uid, gid } = statSync(made);
        assert.equal([ino, mode, uid, gid], [before.ino, before.mode, before.uid, before.gid]);
      }
      const run = await beginRun('.', {}, true);
      await run.saveCheckpoint(Uint8Array.of(1));
      await run.finish(FILES);
      assert.equal(readdirSync('.').sort(), NAMES);
      assert.is(realpathSync(process.cwd()), realpathSync(made));
    } finally {
      process.chdir(present);
    }
  }));

test('a folder that was made for a run goes with its parents if nothing came of it; others stay', () =>
  inScratch(async (folder) => {
    await (await openRunFolder(join(folder, 'a/b/c'))).discard();
    assert.equal(readdirSync(folder), []);
    mkdirSync(join(folder, 'a'));
    await (await openRunFolder(join(folder, 'a'))).discard();
    assert.equal(readdirSync(folder), ['a']);
  }));

test('a folder in use is refused, with --force too; one that a killed process left is taken', () =>
  inScratch(async (folder) => {
    const run = await openRunFolder(join(folder, 'a'));
    for (const force of [false, true]) {
      await assertRefused(() => openRunFolder(join(folder, 'a'), force), /a is in use by process \d+ since /);
      await assertRefused(() => beginRun(join(folder, 'a'), {}, force), /a is in use by process \d+ since /);
    }
    await run.discard();
    mkdirSync(join(folder, 'b'));
    writeFileSync(join(folder, 'b', LOCK_FILE), '');
    mkdirSync(join(folder, 'b', STAGED));
    const after = await openRunFolder(join(folder, 'b'));
    await after.commit(FILES);
    assert.equal(readdirSync(join(folder, 'b')).sort(), NAMES);
  }));

test('files are written all or none: before all are whole nothing changes, after that the rest is moved later', () =>
  inScratch(async (folder) => {
    const text = () => NAMES.map((name) => readFileSync(join(folder, name), 'utf8')).join();
    await writeStaged(folder, FILES);
    // A kill while they are written …
    mkdirSync(join(folder, STAGED));
    writeFileSync(join(folder, STAGED, NAMES[0]), 'half');
    await settle(folder);
    assert.is(text(), 'picture,weights');
    // … and while they are moved.
    writeFileSync(join(folder, STAGED, NAMES[0]), 'new picture');
    writeFileSync(join(folder, STAGED, NAMES[1]), 'new weights');
    renameSync(join(folder, STAGED), join(folder, '.rhohat.ready'));
    renameSync(join(folder, '.rhohat.ready', NAMES[1]), join(folder, NAMES[1]));
    await settle(folder);
    assert.is(text(), 'new picture,new weights');
    assert.equal(readdirSync(folder).sort(), NAMES);
  }));

test('folders of the names that writing needs are no links to others', () =>
  inScratch(async (above) => {
    const [folder, victim] = [join(above, 'run'), join(above, 'victim')];
    for (const path of [folder, victim]) mkdirSync(path);
    writeFileSync(join(victim, 'id_rsa'), 'secret');
    for (const name of [STAGED, '.rhohat.ready', '.rhohat.earlier']) symlinkSync(victim, join(folder, name));
    const run = await beginRun(folder, {}, true);
    await run.saveCheckpoint(Uint8Array.of(1));
    await run.save(FILES);
    await run.release();
    assert.equal(readdirSync(victim), ['id_rsa']);
  }));

test('what cannot be replaced: models go elsewhere first, pictures never cost a model', () =>
  withTemporary((temporary) =>
    inScratch(async (folder) => {
      const kept = () => readdirSync(temporary).filter((name) => /^rhohat-\w{6}$/.test(name));
      const taken = (name: string) => {
        const path = join(folder, `no-${name}`);
        mkdirSync(join(path, name), { recursive: true }); // a folder of its name: no file can stand there
        return path;
      };
      const picture = taken('features.png');
      const run = await openRunFolder(picture, true);
      await assertRefused(
        () => run.commit(FILES),
        /features\.png cannot be written: .*; what has no room there is in \S+: move/,
      );
      await run.discard();
      assert.is(readFileSync(join(picture, 'model.safetensors'), 'utf8'), 'weights');
      const [first] = kept();
      assert.equal(readdirSync(join(temporary, first)), ['features.png']);

      const model = taken('model.safetensors');
      const unfinished = await beginRun(model, {}, true);
      await unfinished.saveCheckpoint(Uint8Array.of(1));
      await assertRefused(
        () => unfinished.finish(FILES),
        /the results cannot be written: .*what has no room there is in (\S+): move it from there; once there is room, rhohat train --resume .* goes on/,
      );
      await unfinished.discard();
      assert.equal(readdirSync(model).sort(), ['checkpoint.safetensors', 'model.safetensors', 'run.json']);
      const second = kept().find((name) => name !== first) as string;
      assert.equal(readdirSync(join(temporary, second)).sort(), NAMES);
    }),
  ));

test('where no place has room at all, a run stays to be resumed', () =>
  withTemporary((temporary) =>
    inScratch(async (folder) => {
      Object.assign(process.env, { TMPDIR: join(temporary, 'no'), HOME: join(temporary, 'no') });
      const path = join(folder, 'run');
      const run = await beginRun(path, {});
      mkdirSync(join(path, 'model.safetensors'));
      await assertRefused(
        () => run.finish(FILES),
        /no other place has room; once there is room, rhohat train --resume .*run trains again$/,
      );
      await run.discard();
      assert.ok(existsSync(join(path, 'run.json')));
    }),
  ));

test.run();
