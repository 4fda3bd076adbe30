import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inScratch } from '../cli/command.ts';
import { assertRefused } from '../support/errors.ts';
import { launchers, nodeJob, testUnderMpi } from '../support/mpirun.ts';

const MPI = JSON.stringify(join(process.cwd(), 'dist/node/mpi/index.js'));

/** What each of `processes` processes prints of a script over `group`: JSON, in the order of ranks. */
async function each(launcher: Parameters<typeof nodeJob>[0], processes: number, body: string): Promise<unknown[]> {
  let all: unknown[] = [];
  await inScratch(async (folder) => {
    writeFileSync(
      join(folder, 'each.mjs'),
      `import { openGroup } from ${MPI};
       const group = await openGroup();
       const { rank, size } = group;
       ${body}
       const all = group.texts(JSON.stringify(result));
       if (rank === 0) console.log(JSON.stringify(all));
       await group.close();`,
    );
    const { status, stdout, stderr } = await nodeJob(launcher, processes, [join(folder, 'each.mjs')], { cwd: folder });
    assert.is(status, 0, stderr);
    all = (JSON.parse(stdout) as string[]).map((text) => JSON.parse(text));
  });
  return all;
}

testUnderMpi('group: sums, extremes, gathering and broadcasts', async (launcher) => {
  const all = await each(
    launcher,
    3,
    `const total = Float64Array.of(rank + 1, 0.5);
     group.total(total);
     const largest = Float64Array.of(rank, -rank);
     group.max(largest);
     const smallest = Float64Array.of(rank + 0.25, -rank);
     group.min(smallest);
     const gathered = new Float32Array(6);
     group.gather(Float32Array.of(rank, 10 * rank), gathered);
     const from1 = new Uint8Array(3).fill(rank + 7);
     group.broadcast(from1, 1);
     // A column of a matrix: not side by side in memory.
     const data = Float32Array.from({ length: 6 }, (_, i) => i + 100 * rank);
     const k = { copyOut: async (view) => Float32Array.of(view.data[1], view.data[3], view.data[5]),
                 write: (view, numbers) => [1, 3, 5].forEach((p, i) => { view.data[p] = numbers[i]; }) };
     await group.sum(k, { data, shape: [3], stride: [2], offset: 1 });
     const inner = Float64Array.of(rank, rank, rank, rank);
     await group.sum(null, { data: inner, shape: [2, 1], stride: [1, 7], offset: 1 });
     const result = { total: [...total], largest: [...largest], smallest: [...smallest], gathered: [...gathered],
       from1: [...from1], data: [...data], inner: [...inner], local: group.localSize, texts: group.texts('é'.repeat(rank)), rank };`,
  );
  all.forEach((result, rank) => {
    const r = (n: number) => n + 100 * rank;
    assert.equal(result, {
      total: [6, 1.5],
      largest: [2, 0],
      smallest: [0.25, -2],
      gathered: [0, 0, 1, 10, 2, 20],
      from1: [8, 8, 8],
      data: [r(0), 303, r(2), 309, r(4), 315],
      inner: [rank, 3, 3, rank],
      local: 3,
      texts: ['', 'é', 'éé'],
      rank,
    });
  });
});

testUnderMpi('group: numbers of several pieces, in memory that threads share', async (launcher) => {
  const all = await each(
    launcher,
    2,
    `const n = 9_000_001; // 36 MB: of two whole pieces and one more
     const memory = new WebAssembly.Memory({ initial: 700, maximum: 700, shared: true });
     const data = new Float32Array(memory.buffer, 64, n);
     for (let i = 0; i < n; i++) data[i] = (i % 1000) + rank;
     const before = group.bytes;
     group.sum(null, { data, shape: [n], stride: [1], offset: 0 });
     const summed = data.findIndex((value, i) => value !== 2 * (i % 1000) + 1);
     const bytes = group.bytes - before;
     const own = new Float32Array(5_000_003).fill(rank + 1);
     const both = new Float32Array(2 * own.length);
     group.gather(own, both);
     const gathered = both.findIndex((value, i) => value !== (i < own.length ? 1 : 2));
     const sent = new Float64Array(3_000_001);
     if (rank === 0) sent.forEach((_, i) => { sent[i] = i; });
     group.broadcast(sent);
     const result = { summed, bytes, gathered, sent: sent.findIndex((value, i) => value !== i) };`,
  );
  for (const result of all) assert.equal(result, { summed: -1, bytes: 4 * 9_000_001, gathered: -1, sent: -1 });
});

testUnderMpi('group: wrong calls are refused', async (launcher) => {
  const all = await each(
    launcher,
    2,
    `const told = [];
     for (const call of [() => group.gather(new Float32Array(2), new Float32Array(3)), () => group.gather(new Float32Array(2), new Float64Array(4)), openGroup]) {
       try { await call(); told.push('nothing'); } catch (error) { told.push(error.message); }
     }
     const result = told;`,
  );
  for (const told of all as string[][]) {
    assert.match(told[0], /^all has 3 numbers: it must have 2 × 2, of the same type/);
    assert.match(told[1], /^all has 4 numbers/);
    assert.match(told[2], /^openGroup was called twice/);
  }
});

const [first, second] = launchers();
if (second !== undefined) {
  test('a library of another MPI is told apart', async () => {
    await inScratch(async (folder) => {
      writeFileSync(join(folder, 'open.mjs'), `import { openGroup } from ${MPI}; await openGroup();`);
      for (const [launcher, library, other] of [
        [first, first.name === 'Open MPI' ? 'libmpich.so.12' : 'libmpi.so.40', second.name],
        [second, second.name === 'Open MPI' ? 'libmpich.so.12' : 'libmpi.so.40', first.name],
      ] as const) {
        const { status, stderr } = await nodeJob(launcher, 2, [join(folder, 'open.mjs')], {
          cwd: folder,
          env: { RHOHAT_MPI: library },
        });
        assert.is.not(status, 0);
        assert.is.not(status, null, 'it hung');
        assert.match(stderr, new RegExp(`${library} is ${other}, and the processes were started by ${launcher.name}`));
      }
    });
  });
} else {
  process.stderr.write('a library of another MPI: skipped, there are not two on this machine\n');
}

test('openGroup in a process that was started alone says how to start several', async () => {
  const { openGroup } = await import('../../src/node/mpi/index.ts');
  await assertRefused(openGroup, /^openGroup was called in a process that was started alone: .*mpirun -n 2/);
});

test.run();
