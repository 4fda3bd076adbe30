import type { Prepared } from '../../data/preprocessing/prepare.ts';
import { openRunFolder } from '../../node/run-folder.ts';
import type { Summary } from '../../report/run-summary.ts';
import { serializeModel } from '../../training/model-file.ts';
import { runMetadata } from '../run/run-data.ts';
import { attempt } from './attempt.ts';
import type { Outcome } from './summary.ts';

/** Files by their names. */
export type Files = Map<string, Uint8Array | string>;

/** The trained model's file. It is written before anything is measured or drawn: that may fail, what was learnt stays. */
export function modelBytes({ run, model }: Pick<Outcome, 'run' | 'model'>, prepared: Prepared): Promise<Uint8Array> {
  return serializeModel(model, { preprocessing: prepared.steps, metadata: runMetadata(run, prepared) });
}

/** The pictures of a trained model. What cannot be drawn is left out, and said. */
export async function runPictures(outcome: Outcome, prepared: Prepared, summary: Summary): Promise<Files> {
  const { model, x, history } = outcome;
  const { steps, image } = prepared;
  const { inspection, metrics } = summary;
  // Plotting is loaded when there is something to draw: it takes memory that training shall not find taken.
  const { pictures } = await import('./run-files.ts');
  const { reconstructionsPng } = await import('./reconstructions.ts');
  const meanActivations = metrics?.meanActivations ?? [];
  const files = await pictures({ model, steps, history, meanActivations, inspection, image });
  // What a transcoder gives is no picture of what it was given.
  const reconstructions =
    outcome.target === undefined
      ? await attempt('reconstructions.png is', () => reconstructionsPng(model, x, steps, image))
      : null;
  if (reconstructions) files.set('reconstructions.png', reconstructions);
  return files;
}

/** Adds files to a folder that is there, each whole, in the place of any of their names. */
export async function addFiles(path: string, files: Files): Promise<void> {
  const folder = await openRunFolder(path, true);
  try {
    await folder.commit(files);
  } finally {
    await folder.discard();
  }
}
