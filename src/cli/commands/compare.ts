import type { Command } from 'commander';
import { displayFilters } from '../../data/preprocessing/preprocessing.ts';
import { InputError } from '../../errors.ts';
import { loadModel } from '../../node/model-files.ts';
import { writeWhole } from '../../node/run-folder.ts';
import { numbers } from '../flags/flags.ts';
import { print } from '../output.ts';
import { savedData } from '../run/saved-data.ts';

/** Declares `rhohat compare`. */
export function addCompare(program: Command): void {
  program
    .command('compare')
    .summary('draw the same units of several runs side by side')
    .description(
      'Draws the features of the same units across runs: a column for each unit, a row for each run, in the order given. Runs that begin at the same weights (the same --seed) show how, say, more corruption changes a unit.',
    )
    .argument('<runs...>', 'run folders of models with the same inputs')
    .option('--units <list>', 'which hidden units, such as 0,5,9 (default: the first 24)', numbers)
    .requiredOption('--out <file>', 'a .png file')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat train mnist --model denoising --corruption none --out runs/clean
  $ rhohat train mnist --model denoising --out runs/noisy
  $ rhohat compare runs/clean runs/noisy --out across.png`,
    )
    .action(compare);
}

async function compare(paths: string[], flags: { units?: number[]; out: string }): Promise<void> {
  if (!flags.out.toLowerCase().endsWith('.png')) {
    throw new InputError(`--out is ${JSON.stringify(flags.out)}: it must end in .png`);
  }
  // What draws is loaded here: the other commands shall do without.
  const { acrossSheet } = await import('../../figures/across-sheet.ts');
  const { encodePng } = await import('../../figures/picture.ts');
  const { firstWeight } = await import('../report/run-files.ts');
  const saved = await Promise.all(paths.map((path) => loadModel(path)));
  const { image } = savedData(saved[0]);
  const weights = await Promise.all(
    saved.map(async ({ model, preprocessing }) => displayFilters(preprocessing, await firstWeight(model))),
  );
  const least = Math.min(...weights.map(({ shape }) => shape[0]));
  const units = flags.units ?? Array.from({ length: Math.min(24, least) }, (_, i) => i);
  if (image === undefined) throw new InputError(`${paths[0]} was not trained on images: its features cannot be drawn`);
  await writeWhole(flags.out, encodePng(acrossSheet(weights, units, image, { names: paths })));
  print(`${flags.out}: ${units.length} units across ${paths.length} runs`);
}
