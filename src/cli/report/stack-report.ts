import type { Autoencoder } from '../../model/autoencoder.ts';
import type { FitResult, HistoryEntry } from '../../training/history.ts';
import { print } from '../output.ts';
import type { RunData } from '../run/run-data.ts';
import { attempt } from './attempt.ts';
import { costText } from './cost-text.ts';
import { letGo } from './let-go.ts';
import { addFiles, addReport, runPictures } from './run-output.ts';
import { summarize, summaryLines } from './summary.ts';
import { SUMMARY_FILE, summaryText } from './summary-file.ts';

/** What training a stack has left. */
export interface TrainedStack {
  readonly path: string;
  readonly json?: boolean;
  readonly data: RunData;
  readonly deep: Autoencoder;
  /** Of the layers, from the input up. */
  readonly results: readonly FitResult[];
  /** Of fine-tuning; null where it was interrupted: the model holds what it had learnt by then. */
  readonly tuned: FitResult | null | undefined;
  readonly seconds: number;
  /** The history of what was trained last, as far as it went. */
  readonly seen: readonly HistoryEntry[];
}

/** Measures and draws a trained stack into its folder, and prints what came out. */
export async function reportStack({
  path,
  json,
  data,
  deep,
  results,
  tuned,
  seconds,
  seen,
}: TrainedStack): Promise<void> {
  const { prepared, training, suited } = data;
  const { run } = suited;
  const last = tuned ?? results[results.length - 1];
  // Without fine-tuning the deep model has no history of its own: each layer has, and its own curves.
  const result = tuned === null ? null : { ...last, seconds };
  const history = tuned === null ? seen : (tuned?.history ?? []);
  const command = process.argv.slice(2);
  const outcome = {
    run,
    command,
    model: deep,
    x: training,
    image: prepared.image,
    read: prepared.read,
    values: data.values,
    result,
    history,
  };
  const costs = results.map(({ cost, terms, steps, seconds }) => ({ cost, terms, steps, seconds }));
  const summary = { ...(await summarize(outcome)), layers: costs, finetuned: tuned !== undefined };
  const text = await attempt(`${SUMMARY_FILE} is`, () => summaryText(summary));
  if (text !== undefined) await addFiles(path, new Map([[SUMMARY_FILE, text]]));
  const drawn = { ...outcome, x: letGo(training) };
  const files = await runPictures(drawn, prepared, summary);
  const { trainingCurves } = await import('../../figures/curves.ts'); // as pictures: not before it is needed
  for (const [i, { history: own }] of results.entries()) {
    const name = `training-layer-${i}.svg`;
    const curves = await attempt(`${name} is`, () => trainingCurves(own, { title: `Layer ${i}`, stepLabel: 'step' }));
    if (curves !== undefined) files.set(name, curves);
  }
  await addReport(files, path, { outcome: drawn, prepared, summary }, false);
  await addFiles(path, files);
  if (json) print(JSON.stringify({ folder: path, ...summary }, null, 1));
  else {
    print(summaryLines(summary, path));
    costs.forEach(({ cost, steps }, i) => {
      print(`  layer ${i}         cost ${costText(cost, steps, run.fit)}`);
    });
  }
}
