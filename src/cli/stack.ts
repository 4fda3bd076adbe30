import type { Command } from 'commander';
import { InputError } from '../errors.ts';
import { MODEL_FILE } from '../node/model-files.ts';
import { freeName, openRunFolder } from '../node/run-folder.ts';
import { fit } from '../training/fit.ts';
import { serializeModel } from '../training/model-file.ts';
import type { Run } from '../training/run.ts';
import { fitStack, type StackLayer, unroll } from '../training/stack.ts';
import type { HistoryEntry } from '../training/train.ts';
import { whole } from './flags.ts';
import { Interruption } from './interruption.ts';
import {
  addDataOptions,
  addModelOptions,
  addOutputOptions,
  addStartOptions,
  addTrainingOptions,
  DATA,
} from './options.ts';
import { ProgressBar, print } from './output.ts';
import { reconstructionsPng } from './reconstructions.ts';
import { folderStem, readRun, runData, runMetadata } from './run-data.ts';
import { pictures } from './run-files.ts';
import { type RunFlags, runFromFlags } from './run-from-flags.ts';
import { SUMMARY_FILE, summarize, summaryLines } from './summary.ts';
import { Watch } from './watch.ts';

interface Flags extends RunFlags {
  config?: string;
  printConfig?: boolean;
  labels?: string;
  finetune?: number;
  out?: string;
  force?: boolean;
  json?: boolean;
}

/** The file of layer i's autoencoder in a stack's folder. */
export const layerFile = (i: number) => `layer-${i}.safetensors`;

/** Declares `rhohat stack`. */
export function addStack(program: Command): void {
  const command = program
    .command('stack')
    .summary('train autoencoders layer by layer, and unroll them into a deep one')
    .description(
      `Trains one autoencoder for each size in --hidden, each on the clean codes of the one below, with the same options. Writes them as ${layerFile(0)}, …, and the deep, mirrored autoencoder that they make as ${MODEL_FILE}, with the pictures that rhohat train writes.`,
    )
    .argument('[data]', DATA);
  addStartOptions(command);
  addDataOptions(command);
  addModelOptions(command);
  addTrainingOptions(command).option(
    '--finetune <n>',
    'then train the deep autoencoder as a whole: n iterations of lbfgs, or n epochs of sgd and adam',
    whole,
  );
  addOutputOptions(command, 'runs/<data>-stack')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat stack mnist --preset stacked --iterations 100
  $ rhohat stack mnist --model denoising --hidden 500,250,30 --epochs 5 --finetune 5
  $ rhohat classify mnist --on runs/mnist-stack --test mnist-test --finetune all`,
    )
    .action(stack);
}

async function stack(source: string | undefined, flags: Flags): Promise<void> {
  const run = runFromFlags(source, flags, flags.config === undefined ? undefined : await readRun(flags.config));
  if (flags.printConfig) {
    print(JSON.stringify(run, null, 2));
    return;
  }
  const layers = layersOf(run);
  const { prepared, training } = await runData(run, flags.labels);
  const path = flags.out ?? (await freeName(`runs/${folderStem(run.source)}-stack`));
  const folder = await openRunFolder(path, flags.force);
  const interruption = new Interruption();
  const { signal } = interruption;
  const histories: (readonly HistoryEntry[])[] = [];
  let watch = new Watch(new ProgressBar(!flags.json));
  try {
    const begun = performance.now();
    const { models, results } = await fitStack(training, layers, {
      signal,
      onProgress(layer, progress) {
        if (layer === histories.length) histories.push([]);
        if (progress.step === 1 && layer > 0) {
          watch.stop();
          watch = new Watch(new ProgressBar(!flags.json));
        }
        watch.see(progress);
      },
    });
    watch.stop();
    const deep = await unroll(models);
    const tuned = flags.finetune === undefined ? null : await finetune(flags.finetune);
    async function finetune(n: number) {
      const { optimizer, ...rest } = run.fit;
      const options =
        optimizer?.kind === 'lbfgs'
          ? { optimizer: { ...optimizer, iterations: n } }
          : { optimizer, ...rest, epochs: n };
      watch = new Watch(new ProgressBar(!flags.json));
      return fit(deep, training, { ...options, signal, onProgress: watch.see });
    }
    watch.stop();
    const { steps, image } = prepared;
    const last = tuned ?? results[results.length - 1];
    const result = { ...last, seconds: (performance.now() - begun) / 1000 };
    const summary = await summarize({ run, model: deep, x: training, image, result, history: last.history });
    const { inspection } = summary;
    const { meanActivations } = summary.metrics;
    const files = pictures({ model: deep, steps, history: last.history, meanActivations, inspection, image });
    const reconstructions = await reconstructionsPng(deep, training, steps, image);
    if (reconstructions !== null) files.set('reconstructions.png', reconstructions);
    const attachments = { preprocessing: steps, metadata: runMetadata(run, prepared) };
    models.forEach((model, i) => {
      files.set(layerFile(i), serializeModel(model, i === 0 ? attachments : {}));
    });
    files.set(MODEL_FILE, serializeModel(deep, attachments));
    const layerCosts = results.map(({ cost, terms, steps: count, seconds }) => ({
      cost,
      terms,
      steps: count,
      seconds,
    }));
    const whole = { ...summary, layers: layerCosts, finetuned: tuned !== null };
    files.set(SUMMARY_FILE, `${JSON.stringify(whole, null, 1)}\n`);
    await folder.commit(files);
    if (flags.json) print(JSON.stringify({ folder: path, ...whole }, null, 1));
    else {
      print(summaryLines(summary, path).join('\n'));
      layerCosts.forEach(({ cost, steps: count }, i) => {
        print(`  layer ${i}         cost ${Number(cost.toPrecision(6))} after ${count} steps`);
      });
    }
  } catch (reason) {
    if (!signal.aborted) throw reason;
    print('interrupted: a stack is saved when all of its layers are trained; nothing was written');
    interruption.exit();
  } finally {
    watch.stop();
    interruption.release();
    await folder.discard();
  }
}

/** One autoencoder for each hidden size, its input being what the one below makes. */
function layersOf({ model, fit: options }: Run): StackLayer[] {
  const { hidden, activation, tied, seed = 1, sparsity, ...rest } = model;
  const sizes = typeof hidden === 'number' ? [hidden] : hidden;
  if (Array.isArray(tied)) throw new InputError('--tied lists layers: a stack takes one answer for all of its layers');
  const f = (i: number) => (Array.isArray(activation) ? activation[i] : activation);
  const { layer: _, ...penalty } = sparsity ?? { kind: null };
  return sizes.map((units, i) => ({
    model: {
      ...rest,
      hidden: units,
      activation: f(i),
      // A higher layer reconstructs what the layer below made, with that layer's units.
      ...(i === 0 ? {} : { output: f(i - 1) ?? (sparsity?.kind === 'k-sparse' ? 'linear' : 'sigmoid') }),
      ...(i === 0 || (f(i - 1) ?? 'sigmoid') === 'sigmoid' ? {} : { loss: 'squared-error' as const }),
      tied: tied as boolean | undefined,
      sparsity: sparsity && (penalty as typeof sparsity),
      seed: seed + i,
    },
    fit: options,
  }));
}
