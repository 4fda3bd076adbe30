import type { AutoencoderConfig } from '../../model/config.ts';
import type { DataSet } from './data-sets.ts';
import { modelKinds } from './model-kinds.ts';
import type { Settings } from './settings.ts';

/** The whole config of the settings on data of that width. */
export function configOf({ model, values, seed }: Settings, { x }: DataSet): AutoencoderConfig {
  return { inputs: x.shape[1], ...modelKinds[model].config(values), seed };
}
