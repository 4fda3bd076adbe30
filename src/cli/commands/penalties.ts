import { join } from 'node:path';
import type { Command } from 'commander';
import { openRunFolder } from '../../node/run-folder.ts';
import { number } from '../flags/flags.ts';
import { print } from '../output.ts';

/** Declares `rhohat penalties`. */
export function addPenalties(program: Command): void {
  program
    .command('penalties')
    .summary('draw the penalties: KL, L1 and L2, their derivatives, and what they do to a weight')
    .description(
      'Writes kl.svg (the KL divergence around a target activation), l1.svg and l2.svg (each with its derivative) and shrinkage.svg (a weight under gradient steps: L1 takes constant ones and reaches 0, L2 shrinking ones and never does).',
    )
    .option('--target <rho>', 'ρ of the KL curve', number, 0.2)
    .option('--out <folder>', 'where the pictures go', 'penalties')
    .option('--force', 'replace the files of an existing folder')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat penalties  # writes penalties/kl.svg, …
  $ rhohat penalties --target 0.05 --out pictures`,
    )
    .action(penalties);
}

async function penalties(flags: { target: number; out: string; force?: boolean }): Promise<void> {
  // Loaded here, not above: every other command would load plotting too.
  const { klCurve, l1Curves, l2Curves } = await import('../../figures/penalty-curves.ts');
  const { shrinkagePaths } = await import('../../figures/shrinkage-paths.ts');
  const files = new Map([
    ['kl.svg', klCurve({ target: flags.target })],
    ['l1.svg', l1Curves()],
    ['l2.svg', l2Curves()],
    ['shrinkage.svg', shrinkagePaths({})],
  ]);
  const folder = await openRunFolder(flags.out, flags.force);
  try {
    await folder.commit(files);
  } finally {
    await folder.discard();
  }
  for (const name of files.keys()) print(join(flags.out, name));
}
