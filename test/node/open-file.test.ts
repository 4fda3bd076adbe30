import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CheckpointFiles } from '../../src/node/checkpoint-file.ts';
import { download } from '../../src/node/download.ts';
import { readBytes } from '../../src/node/read-bytes.ts';
import { openRunFolder, writeWhole } from '../../src/node/run-folder.ts';
import { labelsFrom, loadExamples } from '../../src/node/sources.ts';
import { resumeRun } from '../../src/node/unfinished-run.ts';
import { inScratch } from '../cli/command.ts';
import { assertRefused } from '../support/errors.ts';

const SECRET = 'nobody writes here';
const MODEL = new Map([['model.safetensors', 'weights']]);

/** Whatever is written in a folder, by the name under which it is written first or stands in the end. */
const writers: Readonly<Record<string, (folder: string) => Promise<unknown>>> = {
  'checkpoint.partial.safetensors': (folder) => new CheckpointFiles(folder).write(Uint8Array.of(1)),
  'checkpoint.safetensors': (folder) => new CheckpointFiles(folder).write(Uint8Array.of(1)),
  '.rhohat.partial': async (folder) => (await resumeRun(folder)).run.finish(MODEL),
  'model.safetensors': async (folder) => (await resumeRun(folder)).run.finish(MODEL),
  [`codes.csv.partial-${process.pid}`]: (folder) => writeWhole(join(folder, 'codes.csv'), '1'),
  'codes.csv': (folder) => writeWhole(join(folder, 'codes.csv'), '1'),
  [`x.gz.${process.pid}.part`]: (folder) =>
    download({ url: 'u', md5: 'd41d8cd98f00b204e9800998ecf8427e' }, join(folder, 'x.gz'), async () => ({
      ok: true,
      status: 200,
      arrayBuffer: async () => new ArrayBuffer(0),
    })),
};

for (const [name, write] of Object.entries(writers)) {
  test(`${name} as a link of either kind: what it leads to is left alone`, async () => {
    for (const link of [symlinkSync, linkSync]) {
      await inScratch(async (above) => {
        const folder = join(above, 'run');
        mkdirSync(folder);
        writeFileSync(join(folder, 'run.json'), '{}');
        const victim = join(above, 'id_rsa');
        writeFileSync(victim, SECRET);
        link(victim, join(folder, name));
        await write(folder);
        assert.is(readFileSync(victim, 'utf8'), SECRET, link.name);
        const names = readdirSync(folder);
        assert.ok(
          names.every((left) => lstatSync(join(folder, left)).isFile() || left.includes('previous')),
          names.join(),
        );
      });
    }
  });
}

test('a link that leads nowhere is not followed to a new file', () =>
  inScratch(async (folder) => {
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'checkpoint.partial.safetensors'));
    await new CheckpointFiles(folder).write(Uint8Array.of(1));
    assert.not(existsSync(join(folder, 'elsewhere')));
  }));

/** Whatever is read in a folder by a name that is given, or that a run folder has. */
const readers: Readonly<Record<string, (folder: string, path: string) => Promise<unknown>>> = {
  'run.json': (folder) => resumeRun(folder),
  'checkpoint.safetensors': (folder) => new CheckpointFiles(folder).read(),
  'x.csv': (_, path) => loadExamples(path),
  'x.npy': (_, path) => labelsFrom(path),
  'shard.npy': (folder) => loadExamples(folder),
  'shard.safetensors': (folder) => loadExamples(folder),
  'image.png': (folder) => loadExamples(folder),
  'model.safetensors': (_, path) => readBytes(path),
};

for (const [name, read] of Object.entries(readers)) {
  test(`${name} as a pipe, a device, a socket or a folder is refused at once`, async () => {
    await inScratch(async (folder) => {
      const path = join(folder, name);
      execFileSync('mkfifo', [path]);
      await assertRefused(() => read(folder, path), /: it is a pipe, neither a file nor a folder: /);
    });
    await inScratch(async (folder) => {
      const path = join(folder, name);
      symlinkSync('/dev/zero', path);
      await assertRefused(() => read(folder, path), /: it is a device or a socket, neither a file nor a folder: /);
    });
    await inScratch(async (folder) => {
      const path = join(folder, name);
      const server = createServer();
      await new Promise<void>((done) => server.listen(path, done));
      await assertRefused(() => read(folder, path), /: it is a device or a socket, /).finally(() => server.close());
    });
    await inScratch(async (folder) => {
      const path = join(folder, name);
      mkdirSync(path);
      await assertRefused(() => read(folder, path), /: it is a folder, a file is needed|: the folder holds no images/);
    });
  });
}

test('run.json has a limit, that nothing of it is read above', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'run.json'), '{}');
    truncateSync(join(folder, 'run.json'), 2 ** 40); // takes no room
    await assertRefused(() => resumeRun(folder), /run\.json: it has 1099511627776 bytes: at most 67108864 are allowed/);
  }));

test('files of /proc, which say that they are empty, are taken at their word', async () => {
  await assertRefused(() => readBytes('/proc/self/status'), /it is empty \(0 bytes\)/);
});

test('a file is not written in the place of a device or a folder', () =>
  inScratch(async (folder) => {
    await assertRefused(() => writeWhole('/dev/null', 'x'), /it is a device or a socket/);
    mkdirSync(join(folder, 'x.csv'));
    await assertRefused(() => writeWhole(join(folder, 'x.csv'), 'x'), /x\.csv is a folder: give the name of a file$/);
    const run = await openRunFolder(join(folder, 'out'));
    await run.commit(MODEL);
    assert.is(readFileSync(join(folder, 'out/model.safetensors'), 'utf8'), 'weights');
  }));

test.run();
