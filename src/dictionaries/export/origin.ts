import { parseJson } from '../../data/formats/json.ts';

/** What is known of the model whose activations a dictionary explains, by SAELens's names, and what its values are. */
const NAMES: Readonly<Record<string, 'text' | 'number' | 'flag'>> = {
  model_name: 'text',
  model_class_name: 'text',
  hook_name: 'text',
  hook_layer: 'number',
  hook_head_index: 'number',
  dataset_path: 'text',
  context_size: 'number',
  prepend_bos: 'flag',
  neuronpedia_id: 'text',
};

/** Other libraries' names for them. */
const OTHERS: Readonly<Record<string, string>> = {
  lm_name: 'model_name',
  model: 'model_name',
  submodule_name: 'hook_name',
  hook_point: 'hook_name',
  hook_point_in: 'hook_name',
  hf_hook_point_in: 'hook_name',
  layer: 'hook_layer',
};

type Metadata = Readonly<Record<string, string>>;

/**
 * From the metadata of an imported dictionary, or texts that a caller gave by these names, which come first.
 * @throws InputError where the record of an import is damaged.
 */
export function originOf(metadata: Metadata): Record<string, unknown> {
  const { facts = {} } = imported(metadata);
  const renamed = Object.entries({ ...facts }).map(([name, text]) => [OTHERS[name] ?? name, text]);
  const texts: Readonly<Record<string, unknown>> = { ...Object.fromEntries(renamed), ...metadata };
  const values = Object.entries(NAMES).flatMap(([name, type]): [string, unknown][] => {
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
    if (typeof text !== 'string') return [];
    if (type === 'text') return [[name, text]];
    if (type === 'flag') return text === 'true' || text === 'false' ? [[name, text === 'true']] : [];
    return /^\d{1,15}$/.test(text) ? [[name, Number(text)]] : [];
  });
  return Object.fromEntries(values);
}

/** Whether outputs were compared with other data than inputs, as far as metadata tell: by a run, or an import. */
export function saysTranscoder(metadata: Metadata): boolean {
  const run = objectIn(metadata.run, 'model file: its record of the data') as { target?: unknown };
  const { architecture = '' } = imported(metadata);
  return run.target !== undefined || /transcoder/.test(`${architecture}`);
}

function imported({ dictionary }: Metadata): { facts?: object; architecture?: unknown } {
  return objectIn(dictionary, 'model file: its record of the import');
}

function objectIn(text: string | undefined, what: string): object {
  const value = text === undefined ? null : parseJson(text, what);
  return typeof value === 'object' && value !== null ? value : {};
}
