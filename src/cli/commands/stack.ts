import type { Command } from 'commander';
import { InputError, TrainingError } from '../../errors.ts';
import { layerKindNamed } from '../../layers/table.ts';
import { parseConfig, type SparsityConfig } from '../../model/config.ts';
import { MODEL_FILE } from '../../node/model-files.ts';
import { freeName, openRunFolder } from '../../node/run-folder.ts';
import { optimizers } from '../../optimizers/table.ts';
import { fit } from '../../training/fit.ts';
import { serializeModel } from '../../training/model-file.ts';
import { planFit } from '../../training/options.ts';
import type { Progress } from '../../training/progress.ts';
import type { Run } from '../../training/run.ts';
import { fitStack, type StackLayer, unroll } from '../../training/stack.ts';
import { addEngineOptions, kernelOptions } from '../flags/engine-flags.ts';
import { count } from '../flags/flags.ts';
import {
  addDataOptions,
  addModelOptions,
  addOutputOptions,
  addStartOptions,
  addTrainingOptions,
  DATA,
} from '../flags/options.ts';
import { ProgressBar, print, say, short } from '../output.ts';
import { attempt } from '../report/attempt.ts';
import { tellKernels } from '../report/kernel-note.ts';
import { rangeNote } from '../report/range-note.ts';
import { addFiles, modelBytes, runPictures } from '../report/run-output.ts';
import { summarize, summaryLines } from '../report/summary.ts';
import { SUMMARY_FILE, summaryText } from '../report/summary-file.ts';
import { Interruption } from '../run/interruption.ts';
import { folderStem, readRun, runData, runMetadata } from '../run/run-data.ts';
import { type CommonFlags, runFromFlags } from '../run/run-from-flags.ts';
import { isOpen, openParts, suitNote } from '../run/suit-data.ts';
import { Watch } from '../run/watch.ts';

interface Flags extends CommonFlags {
  finetune?: number;
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
    count,
  );
  addEngineOptions(command);
  addOutputOptions(command, 'runs/<data>-stack')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat stack mnist --preset stacked --iterations 20
  $ rhohat stack mnist --model denoising --hidden 500,30 --epochs 5 --finetune 5
  $ rhohat classify mnist --on runs/mnist-stack --test mnist-test --finetune all`,
    )
    .action(stack);
}

async function stack(source: string | undefined, flags: Flags): Promise<void> {
  const asked = runFromFlags(source, flags, flags.config === undefined ? undefined : await readRun(flags.config));
  // --finetune counts iterations or epochs, as the optimizer has it: which one is not left to the data.
  const open = { ...openParts(asked, flags), optimizer: false };
  if (flags.printConfig) {
    const suited = isOpen(open) ? (await runData(asked, flags.labels, open)).suited : null;
    const said = suited && suitNote(suited);
    if (said) say(`rhohat: ${said}`);
    print(JSON.stringify(suited?.run ?? asked, null, 2));
    return;
  }
  // All that can be refused is refused before any layer is trained.
  for (const { model } of layersOf(asked)) parseConfig({ ...model, inputs: 1 });
  if (flags.finetune !== undefined) planFit(longer(asked.fit, flags.finetune), Number.MAX_SAFE_INTEGER, 1);
  if (asked.heldOut && flags.finetune === undefined) {
    throw new InputError(
      `--held-out is ${asked.heldOut} without --finetune, which it validates: add it, or leave it out`,
    );
  }
  const kernels = kernelOptions(flags);
  const { prepared, training, validation, suited } = await runData(asked, flags.labels, open);
  const { run } = suited;
  tellKernels(run.model.precision);
  const layers = layersOf(run);
  const [{ model: first }] = layers;
  const config = parseConfig({ ...first, inputs: training.shape[1] });
  for (const said of [suitNote(suited), rangeNote(config, training)]) {
    if (said !== null) say(`rhohat: ${said}`);
  }
  const path = flags.out ?? (await freeName(`runs/${folderStem(run.source)}-stack`));
  const folder = await openRunFolder(path, flags.force);
  const interruption = new Interruption('stopping after this step');
  const { signal } = interruption;
  let watch = new Watch(new ProgressBar(!flags.json));
  /** A new progress bar for each layer. */
  const see = (progress: Progress) => {
    if (progress.step === 1) {
      watch.stop();
      watch = new Watch(new ProgressBar(!flags.json));
    }
    watch.see(progress);
  };
  let saved = false;
  try {
    const begun = performance.now();
    const { models, results } = await fitStack(training, layers, {
      signal,
      kernels,
      onProgress: (_, progress) => see(progress),
    });
    const deep = await unroll(models);
    // What was learnt goes to the disk first: fine-tuning may diverge, and what it is measured and drawn with fail.
    const attachments = { preprocessing: prepared.steps, metadata: runMetadata(run, prepared) };
    const layerFiles = await Promise.all(
      models.map(async (model, i) => [layerFile(i), await serializeModel(model, i === 0 ? attachments : {})] as const),
    );
    const modelFile = async () => [MODEL_FILE, await modelBytes({ run, model: deep }, prepared)] as const;
    await folder.commit(new Map([...layerFiles, await modelFile()]));
    saved = true;
    const tuned =
      flags.finetune === undefined
        ? undefined
        : await interruption.orNull(
            fit(deep, training, { ...longer(run.fit, flags.finetune), validation, signal, onProgress: see }),
          );
    watch.stop();
    if (tuned !== undefined) await addFiles(path, new Map([await modelFile()]));
    const last = tuned ?? results[results.length - 1];
    // Null where fine-tuning was interrupted: the model holds what it had learnt by then. Without fine-tuning the deep
    // model has no history of its own: each layer has, and its own curves.
    const result = tuned === null ? null : { ...last, seconds: (performance.now() - begun) / 1000 };
    const history = tuned === null ? watch.history : (tuned?.history ?? []);
    const outcome = { run, model: deep, x: training, image: prepared.image, read: prepared.read, result, history };
    const costs = results.map(({ cost, terms, steps, seconds }) => ({ cost, terms, steps, seconds }));
    const summary = { ...(await summarize(outcome)), layers: costs, finetuned: tuned !== undefined };
    const text = await attempt(`${SUMMARY_FILE} is`, () => summaryText(summary));
    if (text !== undefined) await addFiles(path, new Map([[SUMMARY_FILE, text]]));
    const files = await runPictures(outcome, prepared, summary);
    const { trainingCurves } = await import('../../figures/curves.ts'); // as pictures: not before it is needed
    for (const [i, { history: own }] of results.entries()) {
      const name = `training-layer-${i}.svg`;
      const curves = await attempt(`${name} is`, () => trainingCurves(own, { title: `Layer ${i}`, stepLabel: 'step' }));
      if (curves !== undefined) files.set(name, curves);
    }
    await addFiles(path, files);
    if (flags.json) print(JSON.stringify({ folder: path, ...summary }, null, 1));
    else {
      print(summaryLines(summary, path));
      costs.forEach(({ cost, steps }, i) => {
        print(`  layer ${i}         cost ${short(cost, 6)} after ${steps} steps`);
      });
    }
    interruption.exit();
  } catch (reason) {
    if (saved && reason instanceof TrainingError) reason.message += `; the stack before that is kept in ${path}`;
    if (!signal.aborted || saved) throw reason;
    say('interrupted: a stack is saved when all of its layers are trained; nothing was written');
    interruption.exit();
  } finally {
    watch.stop();
    interruption.release();
    await folder.discard();
  }
}

/** The same optimizer for n of its iterations on the whole set, or n epochs. */
function longer({ optimizer, ...rest }: Run['fit'], n: number): Run['fit'] {
  const steps = optimizer && optimizers[optimizer.kind].steps;
  return steps === undefined ? { optimizer, ...rest, epochs: n } : { optimizer: { ...optimizer, [steps]: n } as never };
}

/** One autoencoder for each hidden size, its input being what the one below makes. */
function layersOf({ model, fit: options }: Run): StackLayer[] {
  const { hidden, activation, tied, seed = 1, sparsity, ...rest } = model;
  const sizes = typeof hidden === 'number' ? [hidden] : hidden;
  if (Array.isArray(tied)) throw new InputError('--tied lists layers: a stack takes one answer for all of its layers');
  const f = (i: number) => (Array.isArray(activation) ? activation[i] : activation);
  if (Array.isArray(sparsity)) throw new InputError('sparsity lists layers: a stack takes one for all of its layers');
  const one = sparsity as SparsityConfig | null | undefined;
  const { layer: _, ...penalty } = one ?? { kind: null };
  const byDefault = layerKindNamed(one?.kind)?.defaults?.activation ?? 'sigmoid';
  return sizes.map((units, i) => ({
    model: {
      ...rest,
      hidden: units,
      activation: f(i),
      // A higher layer reconstructs what the layer below made, with that layer's units.
      ...(i === 0 ? {} : { output: f(i - 1) ?? byDefault }),
      ...(i === 0 || (f(i - 1) ?? byDefault) === 'sigmoid' ? {} : { loss: 'squared-error' as const }),
      tied: tied as boolean | undefined,
      sparsity: one && (penalty as SparsityConfig),
      seed: seed + i,
    },
    fit: options,
  }));
}
