import { type ByteSource, byteSource } from '../data/formats/byte-source.ts';
import { parseJson } from '../data/formats/json.ts';
import { InputError, show } from '../errors.ts';
import { isObject, type OtherConfig } from './config-values.ts';
import type { DictionaryFiles } from './dictionary-files.ts';

const LIMIT_CONFIG = 2 ** 22; // bytes
const weightsName = /\.(safetensors|npz|pt|pth|bin)$/i;
// What lies beside the weights, and holds none of them.
const besides =
  /(^|\/)(sparsity|activations_store_state|trainer_state|state|optimizer(_\d+)?|lr_scheduler(_\d+)?|rank_\d+_state)\.\w+$/;

/** What belongs to one dictionary. */
export interface ChosenFiles {
  /** undefined where there are configs alone. */
  readonly weights: { readonly name: string; readonly source: ByteSource } | undefined;
  /** By what they are: cfg, config, runner_cfg, hyperparams, activation_scaler. */
  readonly configs: ReadonlyMap<string, OtherConfig>;
}

/** The weights, or those that `file` names, and the configs of their folder. @throws InputError where there are several. */
export async function chooseFiles(files: DictionaryFiles, file?: string): Promise<ChosenFiles> {
  if (!isObject(files)) {
    throw new InputError(
      `files is ${show(files)}: it must be an object such as { 'cfg.json': bytes, 'sae_weights.safetensors': bytes }`,
    );
  }
  const names = Object.keys(files);
  const found = file === undefined ? names.filter((name) => weightsName.test(name) && !besides.test(name)) : [file];
  if (found.length > 1) {
    const listed = found.slice(0, 8).map(show).join(', ');
    throw new InputError(
      `there are several files of weights (${listed}${found.length > 8 ? ', …' : ''}): name one of them`,
    );
  }
  const [name] = found;
  if (name !== undefined && !Object.hasOwn(files, name)) {
    throw new InputError(`file is ${show(name)}: the files are ${names.slice(0, 12).map(show).join(', ')}`);
  }
  const folder = name === undefined ? '' : folderOf(name);
  const folders = /(^|\/)checkpoints\/$/.test(folder) ? [folder, folderOf(folder.slice(0, -1))] : [folder];
  const configs = new Map<string, OtherConfig>();
  for (const one of names) {
    const kind = /(runner_cfg|cfg|config|hyperparams|activation_scaler)\.json$/.exec(one)?.[1];
    if (kind === undefined || !folders.includes(folderOf(one)) || configs.has(kind)) continue;
    configs.set(kind, await readConfig(one, byteSource(files[one])));
  }
  return { weights: name === undefined ? undefined : { name, source: byteSource(files[name]) }, configs };
}

function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}

async function readConfig(name: string, source: ByteSource): Promise<OtherConfig> {
  if (source.size > LIMIT_CONFIG) {
    throw new InputError(`${show(name)} has ${source.size} bytes: a config of at most ${LIMIT_CONFIG} is read`);
  }
  const text = new TextDecoder().decode(await source.read(0, source.size));
  const json = parseJson(text, show(name));
  if (isObject(json)) return json;
  throw new InputError(`${show(name)} holds no object: it must be the config of a dictionary`);
}
