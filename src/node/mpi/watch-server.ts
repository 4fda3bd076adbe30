// The process that all others of a job are connected to. It is none of the launcher's, which ends those of a job within
// moments when one of them dies: this one is left, and tells which it was.
import { tell } from './watch-end.ts';
import { Hub } from './watch-hub.ts';

/** For the last to go after the end was told. */
const LAST_MS = 10_000;

let joined = false;
const hub = new Hub(Number(process.argv[2]), {
  joined: () => {
    joined = true;
  },
  tell: (lines) => {
    tell(lines);
    setTimeout(() => process.exit(), LAST_MS);
  },
  empty: () => process.exit(),
});
process.on('uncaughtException', (error) => {
  tell(`rhohat: the watch over the processes has failed: ${error.message}; the job goes on without it`);
  hub.close();
  setTimeout(() => process.exit(1), 1000);
});
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined); // it ends with the others
// Rank 0 has ended before any had joined: there is nobody to tell, and its launcher sees to the others.
process.stdin.on('close', () => joined || process.exit()).resume();
const offer = await hub.open();
process.stdout.end(`${JSON.stringify(offer)}\n`);
process.stdout.on('error', () => undefined);
