import { parseArgs } from 'node:util';
import { allTargets } from './files.ts';
import { fuzz } from './fuzz.ts';

// npm run fuzz -- [--inputs 20000] [--seed 1] [--reader png]
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    reader: { type: 'string' },
  },
});
const line = (...cells: (string | number)[]) => {
  const widths = [18, 9, 9, 9, 12, 12];
  process.stdout.write(
    `${cells.map((cell, i) => (i ? `${cell}`.padStart(widths[i]) : `${cell}`.padEnd(widths[i]))).join('')}\n`,
  );
};

const { targets, remove } = await allTargets();
let failures = 0;
try {
  line('reader', 'inputs', 'accepted', 'refused', 'slowest ms', 'growth MiB');
  for (const target of targets) {
    if (values.reader !== undefined && target.name !== values.reader) continue;
    try {
      const report = await fuzz(target, Number(values.inputs), Number(values.seed));
      const growth = (report.growthBytes / 2 ** 20).toFixed(1);
      line(report.name, report.inputs, report.accepted, report.refused, report.slowestMs.toFixed(1), growth);
    } catch (error) {
      failures++;
      process.stdout.write(`${(error as Error).message}\n`);
    }
  }
  process.stdout.write(`largest resident set ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB\n`);
} finally {
  remove();
}
process.exit(failures === 0 ? 0 : 1);
