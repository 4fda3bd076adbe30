// When several machines pay: npm run bench:machines -- measure [--only TEXT] [--threads N] [--calm SHARE] [--smoke] [--json FILE] times steps here,
// which npm run bench -- results FILE keeps; npm run bench:machines -- [--json FILE] [--plot FILE.svg] simulates with what is kept.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { machine, machineLine, markdown, type Report } from '../harness/report.ts';
import { commandLine, currentCommit, save } from '../harness/saved.ts';
import { readKept } from '../results/kept.ts';
import { FOLDER } from '../results/results.ts';
import { drawCurves } from './draw.ts';
import { measureSteps } from './measured.ts';
import { simulate } from './simulate.ts';

const STEPS = 'machines-steps';

function publish(name: string, report: Report, json: string | undefined, only: string | null): void {
  const about = machine(false);
  console.log(`${machineLine(about)}\n\n${markdown(report)}`);
  if (json === undefined) return;
  const command = commandLine('bench:machines', process.argv.slice(2));
  save(json, { command, commit: currentCommit(), machine: { ...about, peers: [] }, only, reports: { [name]: report } });
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    calm: { type: 'string' },
    only: { type: 'string' },
    threads: { type: 'string', default: '2' },
    smoke: { type: 'boolean', default: false },
    json: { type: 'string' },
    plot: { type: 'string' },
  },
});

if (positionals[0] === 'measure') {
  const { only = null, smoke, threads } = values;
  const calm = values.calm === undefined ? null : Number(values.calm);
  publish(STEPS, await measureSteps(Number(threads), smoke, only, calm), values.json, only);
} else {
  const [kept] = readKept(FOLDER, STEPS);
  if (kept === undefined)
    throw new Error(`${FOLDER}/${STEPS}.json is missing: npm run bench:machines -- measure --json FILE`);
  const { report, curves } = simulate(kept.report);
  publish('machines', report, values.json, null);
  if (values.plot !== undefined) writeFileSync(values.plot, drawCurves(curves));
}
