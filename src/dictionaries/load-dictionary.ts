import { InputError } from '../errors.ts';
import { assertUnshared, parseCreateOptions } from '../model/kernel-options.ts';
import type { SavedModel } from '../training/model-file.ts';
import { buildDictionary } from './build-dictionary.ts';
import { chooseFiles } from './choose-files.ts';
import type { DictionaryFiles } from './dictionary-files.ts';
import { checkedOptions, type LoadOptions } from './options.ts';
import type { DictionaryPlan } from './plan.ts';
import { planOf, withoutWeights } from './recognise.ts';
import { Tensors } from './tensors.ts';
import { openWeights } from './weights.ts';

/** A dictionary of another library as a model, and what was read of it. */
export interface LoadedDictionary extends SavedModel {
  /** Whose it is: saelens, gemma-scope, gemma-scope-2, sparsify, dictionary-learning, openai, llama-scope, state-dict. */
  readonly format: string;
  /** By the name that its library has for it. */
  readonly architecture: string;
  /** What was assumed, what was folded into the weights, one sentence each. */
  readonly notes: readonly string[];
  /** What its files say of its inputs: model_name, hook_name, … */
  readonly facts: Readonly<Record<string, string>>;
}

/**
 * The dictionary in some files: SAELens 3 to 6, Gemma Scope 1 and 2, sparsify, dictionary_learning, OpenAI, Llama Scope, and bare
 * state dicts of PyTorch. `encode(applyPreprocessing(preprocessing, x))` gives the codes of its library, and
 * `restore(preprocessing, x, …)` brings outputs back to the units of x. Weights that the files hold in fewer or more bits are
 * float32. Nothing in a file is ever run.
 * @throws InputError on what is not read, by its name; on tensors that contradict one another; and, naming the option, where
 * files do not say what codes depend on. Memory: θ, 4 MiB, and what is deflated.
 */
export async function loadDictionary(files: DictionaryFiles, options: LoadOptions = {}): Promise<LoadedDictionary> {
  const { preBias, k, file, ...rest } = checkedOptions(options);
  const runs = parseCreateOptions(rest);
  assertUnshared(runs, 'a dictionary of another library');
  const { weights, configs } = await chooseFiles(files, file);
  if (weights === undefined) return withoutWeights(configs, Object.keys(files));
  const opened = await openWeights(weights.name, weights.source);
  if (opened.metadata.format === 'rhohat') {
    throw new InputError(`${weights.name} is a model of rhohat itself: loadModel and deserializeModel read it`);
  }
  const tensors = new Tensors(opened);
  const plan = await planOf(tensors, configs, { preBias, k });
  const { model, notes: found } = await buildDictionary(plan, runs);
  const notes = [...plan.notes, ...missing(plan), ...found, ...unused(tensors)];
  const { format, architecture, preprocessing, facts } = plan;
  const metadata = { dictionary: JSON.stringify({ format, architecture, notes, facts }) };
  return { model, preprocessing, metadata, format, architecture, notes, facts };
}

function missing({ encoderBias, decoderBias, gate }: DictionaryPlan): string[] {
  const sides = [
    ...(encoderBias === undefined && gate === undefined ? ['encoder'] : []),
    ...(decoderBias === undefined ? ['decoder'] : []),
  ];
  return sides.map((side) => `its ${side} has no bias: it is 0`);
}

function unused(tensors: Tensors): string[] {
  const rest = tensors.rest();
  if (rest.length === 0) return [];
  return [
    `not used: ${rest
      .slice(0, 8)
      .map((name) => name.slice(0, 60))
      .join(', ')}${rest.length > 8 ? ', …' : ''}`,
  ];
}
