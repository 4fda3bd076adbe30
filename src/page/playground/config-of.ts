import type { AutoencoderConfig } from '../../model/config.ts';
import { modelKinds } from './model-kinds.ts';
import type { Settings } from './settings.ts';

/** The whole config of the settings on data of that width. */
export function configOf(
  { model, values, seed }: Settings,
  { x }: { readonly x: { readonly shape: readonly number[] } },
): AutoencoderConfig {
  return { inputs: x.shape[1], ...modelKinds[model].config(values), seed };
}
