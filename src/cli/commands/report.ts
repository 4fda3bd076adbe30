import { join } from 'node:path';
import type { Command } from 'commander';
import { writeWhole } from '../../node/run-folder.ts';
import { print } from '../output.ts';

/** Declares `rhohat report`. */
export function addReport(program: Command): void {
  program
    .command('report')
    .summary('write the page about a run once more, or that of a run which did not end')
    .description(
      'Writes report.html, one file without scripts, from what a run folder holds: of a run that was killed, from its metrics.jsonl and its last snapshot. rhohat train writes it at the end by itself.',
    )
    .argument('<run>', 'a run folder')
    .option('--out <file>', 'where it goes (default: report.html in the run folder)')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat train  # writes runs/dead-leaves
  $ rhohat report runs/dead-leaves --out dead-leaves.html`,
    )
    .action(report);
}

async function report(folder: string, { out }: { out?: string }): Promise<void> {
  const { openRuns, REPORT_FILE } = await import('../../node/view/run-reader.ts');
  const { runReport } = await import('../../report/html/run-report.ts');
  const [reader] = await openRuns([folder]);
  const path = out ?? join(folder, REPORT_FILE);
  await writeWhole(path, await runReport(await reader.account()));
  print(path);
}
