import type { Command } from 'commander';
import { displayFilters } from '../../data/preprocessing/preprocessing.ts';
import { InputError } from '../../errors.ts';
import type { Point } from '../../figures/thin.ts';
import { loadModel } from '../../node/model-files.ts';
import { writeWhole } from '../../node/run-folder.ts';
import { numbers } from '../flags/flags.ts';
import { print, say } from '../output.ts';
import { oneLine } from '../printable.ts';
import { type ComparedRun, comparedCsv, comparedJson, comparedLines, comparedRuns } from '../report/compared.ts';
import { savedData } from '../run/saved-data.ts';

interface CompareFlags {
  units?: number[];
  out?: string;
  curves?: string;
  csv?: string;
  json?: boolean;
}

/** Declares `rhohat compare`. */
export function addCompare(program: Command): void {
  program
    .command('compare')
    .summary('compare runs: a table of what differs, their curves, the same units side by side')
    .description(
      'Prints a table of the settings in which runs differ, and of what came out. --curves overlays their validation errors, or their costs where there are none. --out draws the features of the same units across runs: a column for each unit, a row for each run, in the order given. Runs that begin at the same weights (the same --seed) show how, say, more corruption changes a unit.',
    )
    .argument('<runs...>', 'run folders, finished or not; of a sweep all of its runs')
    .option('--curves <file>', 'overlay the curves in a .svg file')
    .option('--csv <file>', 'write the table as CSV')
    .option('--out <file>', 'draw the same units of runs on the same images in a .png file')
    .option('--units <list>', 'of --out: which hidden units, such as 0,5,9 (default: the first 24)', numbers)
    .option('--json', 'print the table as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat train mnist --model denoising --corruption none --out runs/clean
  $ rhohat train mnist --model denoising --out runs/noisy
  $ rhohat compare runs/clean runs/noisy --curves curves.svg
  $ rhohat compare runs/clean runs/noisy --out across.png`,
    )
    .action(compare);
}

async function compare(paths: string[], flags: CompareFlags): Promise<void> {
  assertEnding('--out', flags.out, '.png');
  assertEnding('--curves', flags.curves, '.svg');
  assertEnding('--csv', flags.csv, '.csv');
  if (flags.units !== undefined && flags.out === undefined) {
    throw new InputError('--units is given without --out, the picture that they are drawn in: add --out across.png');
  }
  const runs = await comparedRuns(paths);
  const drawn: string[] = [];
  if (flags.out !== undefined) drawn.push(await drawUnits(runs, flags.units, flags.out));
  if (flags.curves !== undefined) drawn.push(await drawCurves(runs, flags.curves));
  if (flags.csv !== undefined) {
    await writeWhole(flags.csv, comparedCsv(runs));
    drawn.push(`${flags.csv}: ${runs.length} runs`);
  }
  if (!flags.json) {
    print([...comparedLines(runs), ...drawn]);
    return;
  }
  print(JSON.stringify(comparedJson(runs), null, 1));
  drawn.forEach(say);
}

function assertEnding(flag: string, path: string | undefined, ending: string): void {
  if (path === undefined || path.toLowerCase().endsWith(ending)) return;
  throw new InputError(`${flag} is ${JSON.stringify(path)}: it must end in ${ending}`);
}

/** The same units of every run. */
async function drawUnits(runs: readonly ComparedRun[], asked: number[] | undefined, out: string): Promise<string> {
  // What draws is loaded here: the table shall do without.
  const { acrossSheet } = await import('../../figures/across-sheet.ts');
  const { encodePng } = await import('../../figures/picture.ts');
  const { firstWeight } = await import('../report/run-files.ts');
  const saved = await Promise.all(runs.map(({ folder }) => loadModel(folder)));
  const { image } = savedData(saved[0]);
  if (image === undefined) {
    throw new InputError(`${runs[0].folder} was not trained on images: its features cannot be drawn`);
  }
  const weights = await Promise.all(
    saved.map(async ({ model, preprocessing }) => displayFilters(preprocessing, await firstWeight(model))),
  );
  const least = weights.reduce((so, { shape }) => Math.min(so, shape[0]), Number.POSITIVE_INFINITY);
  const units = asked ?? Array.from({ length: Math.min(24, least) }, (_, i) => i);
  await writeWhole(out, encodePng(acrossSheet(weights, units, image, { names: runs.map(({ folder }) => folder) })));
  return `${out}: ${units.length} units across ${runs.length} runs`;
}

/** A curve a run: the validation error where every run has it, the cost elsewhere. */
async function drawCurves(runs: readonly ComparedRun[], out: string): Promise<string> {
  const { overlaidCurves } = await import('../../figures/overlaid-curves.ts');
  const withCurve = runs.filter(({ result }) => result.curves.cost.length > 0);
  const validated = withCurve.every(({ result }) => result.curves.validation.length > 0);
  const names = shortNames(withCurve.map(({ folder }) => folder));
  const groups = withCurve.map(({ result: { curves } }, i) => ({
    name: oneLine(names[i]),
    curves: [validated ? curves.validation : curves.cost] as readonly (readonly Point[])[],
  }));
  if (groups.length === 0) throw new InputError('--curves is given, and no run has trained an epoch: leave it out');
  const what = validated ? 'validation error' : 'cost';
  const svg = overlaidCurves(groups, {
    title: `${validated ? 'Validation error' : 'Training cost'} of ${groups.length} ${groups.length === 1 ? 'run' : 'runs'}`,
    xLabel: 'epoch',
    yLabel: what,
    ...(validated ? {} : { note: 'Costs of different penalties do not compare: --held-out gives a validation error.' }),
  });
  await writeWhole(out, svg);
  return `${out}: ${what} of ${groups.length} runs`;
}

/** What follows the folder that all are in; the last part of a path where nothing does. */
function shortNames(folders: readonly string[]): string[] {
  const parts = folders.map((folder) => folder.split(/[/\\]/).filter((part) => part !== ''));
  const least = Math.min(...parts.map((own) => own.length));
  let common = 0;
  while (common < least - 1 && parts.every((own) => own[common] === parts[0][common])) common++;
  return parts.map((own) => own.slice(common).join('/'));
}
