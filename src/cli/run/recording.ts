import type { Autoencoder } from '../../model/autoencoder.ts';
import type { FoundCheckpoint } from '../../node/checkpoint-file.ts';
import { RunRecorder } from '../../node/run-recorder.ts';
import { type LiveView, openLiveView } from '../../node/view/live.ts';
import { planFit } from '../../training/options.ts';
import { say } from '../output.ts';
import type { TrainingData } from './block-data.ts';
import type { RunAbout, RunSettings, TrainFlags } from './run-settings.ts';

/** What the data make of a run. @throws InputError for options that are not allowed. */
export function aboutRun({ run }: RunSettings, { training, prepared }: TrainingData): RunAbout {
  const [m] = training.shape;
  const { epochs, batchSize } = planFit(run.fit, m, run.model.seed ?? 1);
  return { examples: m, read: prepared.read, steps: epochs * Math.ceil(m / batchSize), epochs };
}

/** Begins to write metrics.jsonl and snapshot.json into the run's folder; null where that cannot be done, which is said. */
export function openRecorder(
  folder: string,
  model: Autoencoder,
  { run, metricsEvery }: RunSettings,
  { prepared, training, sample, target }: TrainingData,
  found: FoundCheckpoint | null,
): Promise<RunRecorder | null> {
  const { seed, precision } = model.config;
  const position = found?.checkpoint.position;
  return RunRecorder.open({
    folder,
    model,
    plan: planFit(run.fit, training.shape[0], seed, precision),
    watched: {
      steps: prepared.steps,
      image: prepared.image,
      columns: prepared.columns,
      x: sample,
      reconstructs: target === undefined,
    },
    step: position?.step ?? 0,
    seconds: position?.seconds ?? 0,
    every: metricsEvery,
    failed: (what, error) => say(`rhohat: ${what} is left out: ${error.message}`),
  });
}

/** Opens the view of --live and says where it is; a run that cannot be watched trains all the same. */
export async function openLive(folder: string, { live, port }: TrainFlags): Promise<LiveView | null> {
  if (!live) return null;
  try {
    const view = await openLiveView(folder, port);
    say(`watch it at ${view.address}`);
    return view;
  } catch (error) {
    say(`rhohat: --live is left out: ${(error as Error).message}`);
    return null;
  }
}
