import type { Prepared } from '../../data/preprocessing/prepare.ts';
import { SNAPSHOT_FILE } from '../../node/earlier-run.ts';
import { readMetrics } from '../../node/metrics-log.ts';
import { openRunFolder } from '../../node/run-folder.ts';
import { REPORT_FILE, saysOf } from '../../node/view/run-reader.ts';
import { usedAsMeasured } from '../../report/looks.ts';
import { readSnapshot } from '../../report/read-snapshot.ts';
import type { RunSnapshot } from '../../report/run-snapshot.ts';
import type { Summary } from '../../report/run-summary.ts';
import { snapshotOf } from '../../report/snapshot-of.ts';
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
  const { steps, image, columns } = prepared;
  const { inspection, metrics } = summary;
  // Plotting is loaded when there is something to draw: it takes memory that training shall not find taken.
  const { pictures } = await import('./run-files.ts');
  const { reconstructionsPng } = await import('./reconstructions.ts');
  const files = await pictures({ model, steps, history, fit: outcome.run.fit, metrics, inspection, image, columns });
  // What a transcoder gives is no picture of what it was given.
  const reconstructions =
    outcome.target === undefined
      ? await attempt('reconstructions.png is', () => reconstructionsPng(model, x, steps, image))
      : null;
  if (reconstructions) files.set('reconstructions.png', reconstructions);
  return files;
}

/** snapshot.json and report.html of a run that has just ended. */
export async function addReport(
  files: Files,
  folder: string,
  { outcome, prepared, summary }: { readonly outcome: Outcome; readonly prepared: Prepared; readonly summary: Summary },
  isUnfinished: boolean,
): Promise<void> {
  const snapshot = await finalSnapshot(outcome, prepared, summary);
  if (snapshot !== undefined) files.set(SNAPSHOT_FILE, JSON.stringify(snapshot));
  const report = await reportOf(folder, summary, snapshot, isUnfinished);
  if (report !== undefined) files.set(REPORT_FILE, report);
}

/** What a view and a report show of a trained model: of all that was measured. Undefined where it was not. */
async function finalSnapshot(
  outcome: Outcome,
  prepared: Prepared,
  { metrics, examples, sample = examples }: Summary,
): Promise<RunSnapshot | undefined> {
  const { model, x, history, target } = outcome;
  if (metrics === undefined) return undefined;
  const { steps, image, columns } = prepared;
  const { epoch = 0, step = 0 } = history[history.length - 1] ?? {};
  const watched = { steps, image, columns, x, reconstructs: target === undefined };
  return attempt(`${SNAPSHOT_FILE} is`, () =>
    snapshotOf(model, usedAsMeasured(model, metrics, sample), watched, { epoch, step }),
  );
}

async function reportOf(
  folder: string,
  summary: Summary,
  snapshot: RunSnapshot | undefined,
  isUnfinished: boolean,
): Promise<string | undefined> {
  const state = isUnfinished ? 'unfinished' : summary.interrupted ? 'interrupted' : 'finished';
  return attempt(`${REPORT_FILE} is`, async () => {
    const { runReport } = await import('../../report/html/run-report.ts'); // as pictures
    const { run, command = null } = summary;
    const lines = await readMetrics(folder);
    const says = saysOf(state, folder);
    return runReport({
      folder,
      state,
      says,
      run,
      command,
      summary,
      about: null,
      lines,
      snapshot: readSnapshot(snapshot),
    });
  });
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
