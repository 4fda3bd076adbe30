import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { latentsOf } from '../../src/model/shard.ts';
import { type FilePort, files } from '../../src/node/file-port.ts';
import { SharedCheckpoints } from '../../src/node/shared-checkpoints.ts';
import { serializeCheckpoint } from '../../src/training/checkpoints/checkpoint.ts';
import { newPosition } from '../../src/training/position.ts';
import { inScratch } from '../cli/command.ts';
import { splitGroups } from '../support/split-group.ts';
import { uniforms } from '../support/views.ts';
import { failingPort } from './failing-port.ts';

// Checkpoints of processes that share latents: whatever is cut short where, there is a step that all have.

const bytes = await Promise.all(
  Array.from({ length: 6 }, (_, step) =>
    serializeCheckpoint({
      ...{ rhohat: '0.1.0', kernels: 'simd', model: {}, optimizer: {}, state: {}, kept: null },
      plan: { optimizer: { kind: 'sgd', learningRate: 1 }, epochs: 1, batchSize: 1, seed: 1 },
      data: { examples: { shape: [1, 1], unit: 1, type: 'f4', hash: '' } },
      position: { ...newPosition(), step },
      theta: new Float32Array(10).fill(step),
    }),
  ),
);
/** Of a save: create, write, sync, close, rename, rename, syncFolder. */
const OPERATIONS = 7;
const NEVER = 1000;

/** The checkpoints of each process of two, with files of their own. */
function processes(folder: string, ports: readonly (FilePort | undefined)[] = [undefined, undefined]) {
  return splitGroups(2).map((group, i) => new SharedCheckpoints(folder, latentsOf(9, group), undefined, ports[i]));
}

/** What each process gives, or the message of its error. */
const inAll = <T>(all: readonly SharedCheckpoints[], call: (one: SharedCheckpoints) => Promise<T>) =>
  Promise.all(all.map((one) => call(one).catch((error: Error) => error.message)));
const save = (all: readonly SharedCheckpoints[], step: number) => inAll(all, (one) => one.save(bytes[step]));
const read = (all: readonly SharedCheckpoints[]) =>
  inAll(all, async (one) => (await one.read())?.checkpoint.position.step ?? null);

/** Fails unless all have found the same step, at least `least`; gives it. */
function common(found: readonly unknown[], least: number, what: string): number {
  assert.is(found[0], found[1], what);
  assert.ok(typeof found[0] === 'number' && found[0] >= least, `${what}: ${found[0]}`);
  return found[0] as number;
}

test('each process keeps its newest checkpoint and the one before it', () =>
  inScratch(async (folder) => {
    const all = processes(folder);
    assert.equal(await read(all), [null, null]);
    for (const step of [0, 1, 2]) assert.equal(await save(all, step), [undefined, undefined]);
    assert.equal(readdirSync(folder).sort(), [
      'checkpoint.rank-0-of-2.previous.safetensors',
      'checkpoint.rank-0-of-2.safetensors',
      'checkpoint.rank-1-of-2.previous.safetensors',
      'checkpoint.rank-1-of-2.safetensors',
    ]);
    assert.equal(await read(processes(folder)), [2, 2]);
    await inAll(all, (one) => one.remove());
    assert.equal(readdirSync(folder), []);
  }));

test('killed at any moment of a save, and in the save after going on, all find the same step', async () => {
  const later = [...uniforms(4 * 64, 5, 0, OPERATIONS + 1)].map(Math.floor);
  const moments = [...Array(OPERATIONS).keys(), NEVER];
  for (const a of moments) {
    for (const b of moments) {
      await inScratch(async (folder) => {
        const what = `killed at ${a} and ${b}`;
        const before = processes(folder);
        for (const step of [0, 1]) await save(before, step);
        await save(processes(folder, [failingPort(a, 'EIO', true), failingPort(b, 'EIO', true)]), 2);
        const again = processes(
          folder,
          [0, 1].map(() => failingPort(later.pop() ?? 0, 'EIO', true)),
        );
        const found = common(await read(again), 1, what);
        if (a === NEVER && b === NEVER) assert.is(found, 2);
        await save(again, found + 1);
        common(await read(processes(folder)), found, `${what}, then again`);
      });
    }
  }
});

/** A port that fails as another does, until it is given the next. */
function changing(): FilePort & { now: FilePort } {
  const port = {
    now: files as FilePort,
    create: (path: string) => port.now.create(path),
    read: (path: string) => port.now.read(path),
    rename: (from: string, to: string) => port.now.rename(from, to),
    remove: (path: string) => port.now.remove(path),
    syncFolder: (path: string) => port.now.syncFolder(path),
  };
  return port;
}

test('a save that fails in one process fails in all, and whatever cuts the next one short, all find the same step', async () => {
  for (let n = 0; n < OPERATIONS; n++) {
    for (const failing of [0, 1]) {
      for (const [killed, moment] of [0, 1].flatMap((rank) => [0, 4, 5, 6, NEVER].map((moment) => [rank, moment]))) {
        await inScratch(async (folder) => {
          const what = `operation ${n} of process ${failing}, then process ${killed} killed at ${moment}`;
          const ports = [changing(), changing()];
          const all = processes(folder, ports);
          for (const step of [0, 1]) await save(all, step);
          ports[failing].now = failingPort(n);
          const [told, other] = await save(all, 2);
          assert.match(String(told), new RegExp(`^process ${failing}: .*rank-${failing}-of-2\\.safetensors: `));
          assert.is(other, told);
          common(await read(processes(folder)), 1, what);
          ports[failing].now = files;
          // The other one is killed in the same moment, as it were, once it has its own in place, or has not begun to.
          ports[killed].now = failingPort(moment, 'EIO', true);
          ports[1 - killed].now = failingPort(moment < 4 ? 4 : NEVER, 'EIO', true);
          await save(all, 3);
          const found = common(await read(processes(folder)), 1, what);
          if (moment === NEVER) assert.is(found, 3);
        });
      }
    }
  }
});

test('checkpoints without a common step are refused in all; the first save cut short is as none', () =>
  inScratch(async (folder) => {
    await save(processes(folder, [undefined, failingPort(4, 'EIO', true)]), 0);
    assert.equal(await read(processes(folder)), [null, null]);
    const all = processes(folder);
    for (const step of [0, 1]) await save(all, step);
    await inAll(all.slice(0, 1), (one) => one.remove());
    for (const message of await read(all)) {
      assert.match(String(message), /are of steps -1, 1 in the 2 processes, and there is none of a step that all have/);
    }
    writeFileSync(join(folder, 'checkpoint.rank-0-of-2.safetensors'), 'damaged');
    const [own, other] = await read(processes(folder));
    assert.match(String(own), /rank-0-of-2\.safetensors: .* no checkpoint is whole/);
    assert.match(String(other), /process 0, which shares the latents of the model, failed in the same call/);
  }));

test.run();
