import type { Prepared } from '../data/prepare.ts';
import { MODEL_FILE } from '../node/model-files.ts';
import { serializeModel } from '../training/model-file.ts';
import { runMetadata } from './run-data.ts';
import { type Outcome, type Summary, summarize } from './summary.ts';

/** The summary of a trained model and the files of its run folder, summary.json aside. */
export async function runOutput(
  outcome: Omit<Outcome, 'image' | 'read'>,
  prepared: Prepared,
): Promise<{ summary: Summary; files: Map<string, Uint8Array | string> }> {
  const { run, model, x, history } = outcome;
  const { steps, image, read } = prepared;
  const summary = await summarize({ ...outcome, image, read });
  const { inspection, metrics } = summary;
  // Plotting is loaded when there is something to draw: it takes memory that training shall not find taken.
  const { pictures } = await import('./run-files.ts');
  const { reconstructionsPng } = await import('./reconstructions.ts');
  const files = pictures({ model, steps, history, meanActivations: metrics.meanActivations, inspection, image });
  const reconstructions = await reconstructionsPng(model, x, steps, image);
  if (reconstructions !== null) files.set('reconstructions.png', reconstructions);
  files.set(MODEL_FILE, serializeModel(model, { preprocessing: steps, metadata: runMetadata(run, prepared) }));
  return { summary, files };
}
