import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { killedRuns, killRuns } from '../support/kills.ts';
import { inScratch } from './command.ts';

const KILLS = 10; // of each run; `npm run bench:kill` strikes more often

test('runs killed at random moments and resumed end with the weights of uninterrupted ones, byte for byte', () =>
  inScratch(async (folder) => {
    const seen = await Promise.all(
      Object.entries(killedRuns).map(([name, args], i) =>
        killRuns(join(folder, `${i}`), args, KILLS, 11 + i).catch((error: Error) =>
          assert.unreachable(`${name}: ${error.message}`),
        ),
      ),
    );
    for (const outcome of seen) {
      assert.is(outcome?.kills, KILLS);
      assert.ok(outcome !== undefined && outcome.finished > 0 && outcome.withCheckpoint > 0);
    }
  }));

test.run();
