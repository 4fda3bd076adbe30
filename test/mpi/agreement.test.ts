import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { launched, openGroup } from '../../src/node/mpi/index.ts';
import { inScratch } from '../cli/command.ts';
import { agreementCases } from '../support/agreement-cases.ts';
import { nodeJob, testUnderMpi } from '../support/mpirun.ts';

// Every objective, optimizer and rule on several processes of MPI, against one alone: two processes, or those of
// RHOHAT_MPI_PROCESSES=1,2,3,4. Every eighth case, or with RHOHAT_ALL_ROWS=1 all of them, as test/training/agreement.test.ts has
// them without MPI. This file is the processes' program too.

const LIMITS = { float64: 1e-12, float32: 1e-5 } as const;
const EVERY = process.env.RHOHAT_ALL_ROWS === '1' ? 1 : 8;
const SIZES = (process.env.RHOHAT_MPI_PROCESSES ?? '2').split(',').map(Number);

type Found = Readonly<Record<string, { readonly cost: number; readonly theta: string }>>;

/** In each process: of every case the cost and a text of θ, which are compared with those of the others. */
async function asProcess(file: string): Promise<void> {
  const group = launched() === null ? null : await openGroup();
  const found: Record<string, { cost: number; theta: string }> = {};
  for (const precision of ['float64', 'float32'] as const) {
    let count = precision === 'float64' ? 0 : EVERY / 2;
    for (const { name, make } of agreementCases(precision)) {
      if (count++ % EVERY !== 0) continue;
      const { cost, theta } = await make(group ?? undefined);
      const bytes = Buffer.from(theta.buffer, theta.byteOffset, theta.byteLength).toString('hex');
      const texts = group?.texts(`${cost} ${bytes}`) ?? [];
      if (texts.some((text) => text !== texts[0])) throw new Error(`${precision}, ${name}: processes hold other bits`);
      found[`${precision}, ${name}`] = { cost, theta: bytes };
    }
  }
  if (group === null || group.rank === 0) writeFileSync(file, JSON.stringify(found));
  await group?.close();
}

const file = process.env.RHOHAT_AGREEMENT_PROCESS;
if (file !== undefined) {
  await asProcess(file);
  process.exit(0);
}

testUnderMpi(
  'every objective, optimizer and rule: processes agree with one alone, and repeat to the bit',
  async (launcher) => {
    const on = async (size: number): Promise<Found> => {
      let found: Found = {};
      await inScratch(async (folder) => {
        const path = join(folder, 'found.json');
        const { status, stderr } = await nodeJob(launcher, size, [fileURLToPath(import.meta.url)], {
          env: { RHOHAT_AGREEMENT_PROCESS: path },
        });
        assert.is(status, 0, stderr);
        found = JSON.parse(readFileSync(path, 'utf8'));
      });
      return found;
    };
    const alone = await on(1);
    assert.ok(Object.keys(alone).length > 500 / EVERY, `${Object.keys(alone).length}`);
    for (const size of SIZES) {
      const found = await on(size);
      const again = await on(size);
      const far = Object.entries(alone).flatMap(([name, { cost }]) => {
        const limit = LIMITS[name.startsWith('float64') ? 'float64' : 'float32'];
        const off = Math.abs(found[name].cost - cost) / Math.abs(cost);
        const same = found[name].theta === again[name].theta;
        return off <= limit && same ? [] : [`${name} on ${size}: ${same ? off : 'other bits in a second run'}`];
      });
      assert.is(far.join('\n'), '');
    }
  },
);

test.run();
