// Steps of several processes beside those of one, ours and PyTorch's:
// npm run bench:mpi -- [--rounds N] [--time MS] [--calm SHARE] [--only TEXT] [--subjects TEXT] [--samples FILE] [--smoke] [--json FILE]
// --calm 0.05 repeats launches during which others had more than so much of the processors.
// --samples keeps what was measured and takes what an earlier run kept: rounds may be spread over quiet minutes.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { peersFolder } from '../beside/load.ts';
import { announce } from '../context.ts';
import { calmly } from '../harness/calm.ts';
import { machine, machineLine, markdown } from '../harness/report.ts';
import { commandLine, currentCommit, save } from '../harness/saved.ts';
import { assertCosts } from './outcome.ts';
import { type Pooled, reportOf } from './report.ts';
import { ROWS, type Row, SMOKE_ROWS, TOLERANCE } from './rows.ts';
import { ours, type Shared, type Subject, torch } from './subjects.ts';
import { writeTask } from './task.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    time: { type: 'string', default: '2000' },
    calm: { type: 'string' },
    only: { type: 'string' },
    subjects: { type: 'string' },
    samples: { type: 'string' },
    smoke: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

const calm = values.calm === undefined ? null : Number(values.calm);

/** All subjects of a row: the first is what the others are compared with. */
function subjectsOf(tasks: readonly string[]): readonly Subject[] {
  const worker = fileURLToPath(new URL('worker.js', import.meta.url));
  const script = join(peersFolder(), '..', 'mpi', 'gloo.py');
  const own = (launcher: Parameters<typeof ours>[1], processes: number, threads: number, shared?: Shared) =>
    ours(worker, launcher, processes, threads, values.smoke, shared);
  return [
    own(null, 1, 2),
    own('Open MPI', 2, 1),
    own('MPICH', 2, 1),
    own('Open MPI', 2, 1, 'latents'),
    own('MPICH', 2, 1, 'latents'),
    own(null, 1, 1),
    own('Open MPI', 4, 1),
    own('MPICH', 4, 1),
    torch(script, tasks, 1, 2),
    torch(script, tasks, 2, 1),
    torch(script, tasks, 4, 1),
  ];
}

/** One launch of every subject of a row. */
async function measureRound(index: number, row: Row, subjects: readonly Subject[], pooled: Pooled): Promise<void> {
  for (const subject of subjects) {
    if (subject.shared === 'latents' && row.kind !== 'top-k') continue;
    announce(`${row.name}: ${subject.name}`);
    const launch = () => subject.launch(index, Number(values.time));
    const { costs, samples, bytes, library } = await calmly(calm, launch);
    pooled.costs[row.name] ??= costs;
    assertCosts(`${row.name}, ${subject.name}`, costs, pooled.costs[row.name], TOLERANCE[row.kind]);
    pooled.rows[row.name] ??= {};
    const known = pooled.rows[row.name][subject.name]?.samples ?? [];
    const { processes, threads } = subject;
    pooled.rows[row.name][subject.name] = { processes, threads, bytes, library, samples: [...known, ...samples] };
    if (values.samples !== undefined) writeFileSync(values.samples, JSON.stringify(pooled));
  }
}

const folder = mkdtempSync(join(tmpdir(), 'rhohat-bench-mpi-'));
try {
  const rows = values.smoke ? SMOKE_ROWS : ROWS;
  const tasks: string[] = [];
  for (const row of rows) tasks.push(await writeTask(row, folder));
  const subjects = subjectsOf(tasks).filter(
    ({ name }) => values.subjects === undefined || new RegExp(values.subjects).test(name),
  );
  const { samples: kept } = values;
  const pooled: Pooled =
    kept !== undefined && existsSync(kept)
      ? (JSON.parse(readFileSync(kept, 'utf8')) as Pooled)
      : { costs: {}, rows: {} };
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [index, row] of rows.entries()) {
      if (values.only === undefined || row.name.includes(values.only)) await measureRound(index, row, subjects, pooled);
    }
  }
  const order = subjectsOf(tasks).map(({ name }) => name);
  const report = reportOf(
    pooled,
    rows.map(({ name }) => name),
    order,
  );
  const about = machine(false);
  console.log(`${machineLine(about)}\n\n${markdown(report)}`);
  if (values.json !== undefined) {
    const from = { command: commandLine('bench:mpi', []), commit: currentCommit(), machine: { ...about, peers: [] } };
    save(values.json, { ...from, only: null, reports: { mpi: report } });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
