import type { Command } from 'commander';
import type { Prepared } from '../../data/preprocessing/prepare.ts';
import { InputError, TrainingError } from '../../errors.ts';
import type { Autoencoder } from '../../model/autoencoder.ts';
import { parseConfig } from '../../model/config.ts';
import { MODEL_FILE } from '../../node/model-files.ts';
import { freeName, openRunFolder } from '../../node/run-folder.ts';
import { fit } from '../../training/fit.ts';
import { serializeModel } from '../../training/model-file.ts';
import { planFit } from '../../training/options.ts';
import type { Progress } from '../../training/progress.ts';
import type { Run } from '../../training/run.ts';
import { fitStack, unroll } from '../../training/stack.ts';
import { addEngineOptions, assertDevice, kernelOptions } from '../flags/engine-flags.ts';
import { count } from '../flags/flags.ts';
import {
  addDataOptions,
  addModelOptions,
  addOutputOptions,
  addStartOptions,
  addTrainingOptions,
  DATA,
} from '../flags/options.ts';
import { ProgressBar, print, say } from '../output.ts';
import { tellKernels } from '../report/kernel-note.ts';
import { rangeNote } from '../report/range-note.ts';
import { addFiles, modelBytes } from '../report/run-output.ts';
import { reportStack } from '../report/stack-report.ts';
import { Interruption } from '../run/interruption.ts';
import { tellRead } from '../run/read-source.ts';
import { folderStem, readRun, runData, runMetadata } from '../run/run-data.ts';
import { timedBatch } from '../run/run-engine.ts';
import { type CommonFlags, runFromFlags } from '../run/run-from-flags.ts';
import { isSized } from '../run/sized-preset.ts';
import { layersOf, longer } from '../run/stack-layers.ts';
import { isOpen, type Open, openParts, suitNote } from '../run/suit-data.ts';
import { decideTurbo, trainingWork } from '../run/turbo.ts';
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
  if (isSized(flags)) {
    throw new InputError(`--preset ${flags.preset} is one dictionary and no stack: use rhohat train`);
  }
  const asked = runFromFlags(source, flags, flags.config === undefined ? undefined : await readRun(flags.config));
  // --finetune counts iterations or epochs, as the optimizer has it: which one is not left to the data.
  const open = { ...openParts(asked, flags), optimizer: false };
  if (flags.printConfig) return printConfig(asked, flags, open);
  checkRun(asked, flags);
  assertDevice(flags, { precision: asked.model.precision });
  const data = await runData(asked, flags.labels, open);
  const { prepared, values, training, validation, suited } = data;
  const { run } = suited;
  const { epochs } = planFit(run.fit, training.shape[0], run.model.seed ?? 1);
  const engine = { ...kernelOptions(flags), ...timedBatch(run.fit, training.shape[0]) };
  await decideTurbo(flags, trainingWork(run.model, training.shape, epochs));
  tellKernels(run.model.precision);
  const layers = layersOf(run);
  const [{ model: first }] = layers;
  const config = parseConfig({ ...first, inputs: training.shape[1] });
  for (const said of [suitNote(suited), rangeNote(config, training)]) {
    if (said !== null) say(`rhohat: ${said}`);
  }
  const path = flags.out ?? (await freeName(`runs/${folderStem(run.source)}-stack`));
  const folder = await openRunFolder(path, flags.force);
  tellRead(run.source, prepared.read, values);
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
      engine,
      onProgress: (_, progress) => see(progress),
    });
    const deep = await unroll(models);
    // What was learnt goes to the disk first: fine-tuning may diverge, and what it is measured and drawn with fail.
    const modelFile = async () => [MODEL_FILE, await modelBytes({ run, model: deep }, prepared)] as const;
    await folder.commit(new Map([...(await layerFiles(models, run, prepared)), await modelFile()]));
    saved = true;
    const tuned =
      flags.finetune === undefined
        ? undefined
        : await interruption.orNull(
            fit(deep, training, { ...longer(run.fit, flags.finetune), validation, signal, onProgress: see }),
          );
    watch.stop();
    if (tuned !== undefined) await addFiles(path, new Map([await modelFile()]));
    const seconds = (performance.now() - begun) / 1000;
    await reportStack({ path, json: flags.json, data, deep, results, tuned, seconds, seen: watch.history });
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

/** Prints the run with what the data decide, as --config takes it. */
async function printConfig(asked: Run, flags: Flags, open: Open): Promise<void> {
  const suited = isOpen(open) ? (await runData(asked, flags.labels, open)).suited : null;
  const said = suited && suitNote(suited);
  if (said) say(`rhohat: ${said}`);
  print(JSON.stringify(suited?.run ?? asked, null, 2));
}

/** All that can be refused is refused before any layer is trained. @throws InputError */
function checkRun(asked: Run, flags: Flags): void {
  for (const { model } of layersOf(asked)) parseConfig({ ...model, inputs: 1 });
  if (flags.finetune !== undefined) planFit(longer(asked.fit, flags.finetune), Number.MAX_SAFE_INTEGER, 1);
  if (asked.heldOut && flags.finetune === undefined) {
    throw new InputError(
      `--held-out is ${asked.heldOut} without --finetune, which it validates: add it, or leave it out`,
    );
  }
}

/** The layers' autoencoders by their files' names; how raw data are treated stands in the first, which takes them. */
async function layerFiles(models: readonly Autoencoder[], run: Run, prepared: Prepared) {
  const attachments = { preprocessing: prepared.steps, metadata: runMetadata(run, prepared) };
  return Promise.all(
    models.map(async (model, i) => [layerFile(i), await serializeModel(model, i === 0 ? attachments : {})] as const),
  );
}
