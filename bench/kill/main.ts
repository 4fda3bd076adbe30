import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Begin, killedRuns, killRuns, underMpi } from '../../test/support/kills.ts';
import { launchers } from '../../test/support/mpirun.ts';

// The long form of the kill tests: npm run bench:kill [kills of each run] [seed] [processes]
const [count = 40, seed = 1, processes = 1] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'rhohat-kill-'));
const begun = performance.now();
try {
  const runs = Object.entries(killedRuns);
  let kills = 0;
  if (processes === 1) {
    const seen = await Promise.all(runs.map(([name, args], i) => round(name, join(folder, `${i}`), args, i)));
    kills = seen.reduce((sum, each) => sum + each, 0);
  } else {
    // One job at a time: processes that wait for each other take all processors there are.
    for (const launcher of launchers()) {
      for (const [i, [name, args]] of runs.entries()) {
        const each = join(folder, `${launcher.name} ${i}`);
        kills += await round(`${launcher.name}, ${name}`, each, args, i, underMpi(launcher, processes));
      }
    }
  }
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(`${kills} kills in ${seconds} s, seed ${seed}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function round(name: string, path: string, args: readonly string[], i: number, begin?: Begin): Promise<number> {
  const { kills, named, withCheckpoint, finished } = await killRuns(path, args, count, seed + i, begin);
  const told = begin === undefined ? '' : `, ${named} told with their rank`;
  console.log(
    `${name}: ${kills} kills, ${withCheckpoint} after a checkpoint${told}; ${finished} runs ended, all byte for byte`,
  );
  return kills;
}
