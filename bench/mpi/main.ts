// Steps of several processes beside those of one, ours and PyTorch's:
// npm run bench:mpi -- [--rounds N] [--time MS] [--only TEXT] [--subjects TEXT] [--samples FILE] [--smoke] [--json FILE]
// --samples keeps what was measured and takes what an earlier run kept: rounds may be spread over quiet minutes.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { peersFolder } from '../beside/load.ts';
import { announce } from '../context.ts';
import { machine, machineLine, markdown } from '../harness/report.ts';
import { commandLine, currentCommit, save } from '../harness/saved.ts';
import { assertCosts } from './outcome.ts';
import { type Pooled, reportOf } from './report.ts';
import { ROWS, type Row, SMOKE_ROWS, TOLERANCE } from './rows.ts';
import { ours, type Subject, torch } from './subjects.ts';
import { writeTask } from './task.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    time: { type: 'string', default: '2000' },
    only: { type: 'string' },
    subjects: { type: 'string' },
    samples: { type: 'string' },
    smoke: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

/** All subjects of a row: the first is what the others are compared with. */
function subjectsOf(tasks: readonly string[]): readonly Subject[] {
  const worker = fileURLToPath(new URL('worker.js', import.meta.url));
  const script = join(peersFolder(), '..', 'mpi', 'gloo.py');
  const own = (launcher: Parameters<typeof ours>[1], processes: number, threads: number) =>
    ours(worker, launcher, processes, threads, values.smoke);
  return [
    own(null, 1, 2),
    own('Open MPI', 2, 1),
    own('MPICH', 2, 1),
    own(null, 1, 1),
    own('Open MPI', 4, 1),
    own('MPICH', 4, 1),
    torch(script, tasks, 1, 2),
    torch(script, tasks, 2, 1),
    torch(script, tasks, 4, 1),
  ];
}

async function measureRow(index: number, row: Row, subjects: readonly Subject[], pooled: Pooled): Promise<void> {
  let expected: readonly number[] | null = pooled.costs[row.name] ?? null;
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const subject of subjects) {
      announce(`${row.name}: ${subject.name}`);
      const { costs, samples, bytes, library } = await subject.launch(index, Number(values.time));
      expected ??= costs;
      assertCosts(`${row.name}, ${subject.name}`, costs, expected, TOLERANCE[row.kind]);
      pooled.costs[row.name] = expected;
      pooled.rows[row.name] ??= {};
      const known = pooled.rows[row.name][subject.name]?.samples ?? [];
      const { processes, threads } = subject;
      pooled.rows[row.name][subject.name] = { processes, threads, bytes, library, samples: [...known, ...samples] };
    }
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
  for (const [index, row] of rows.entries()) {
    if (values.only === undefined || row.name.includes(values.only)) await measureRow(index, row, subjects, pooled);
  }
  if (kept !== undefined) writeFileSync(kept, JSON.stringify(pooled));
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
