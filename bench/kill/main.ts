import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killedRuns, killRuns } from '../../test/support/kills.ts';

// The long form of the kill test: npm run bench:kill [kills of each run] [seed]
const [count = 40, seed = 1] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'rhohat-kill-'));
const begun = performance.now();
try {
  const seen = await Promise.all(
    Object.entries(killedRuns).map(async ([name, args], i) => {
      const outcome = await killRuns(join(folder, `${i}`), args, count, seed + i);
      const { kills, withCheckpoint, finished } = outcome;
      console.log(
        `${name}: ${kills} kills, ${withCheckpoint} after a checkpoint; ${finished} runs ended, all byte for byte`,
      );
      return kills;
    }),
  );
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(`${seen.reduce((sum, kills) => sum + kills, 0)} kills in ${seconds} s, seed ${seed}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
