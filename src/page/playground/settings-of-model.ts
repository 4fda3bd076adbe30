import { type FullConfig, parseConfig } from '../../model/config.ts';
import { configOf } from './config-of.ts';
import { holds } from './controls.ts';
import { modelKinds, modelNames } from './model-kinds.ts';
import { controlNamed, type Settings } from './settings.ts';

/** The settings that make a loaded model's config, all of it; null where the page has no sliders for such a model. */
export function settingsOfModel(config: FullConfig, given: Settings): Settings | null {
  for (const model of modelNames) {
    const { read, controls } = modelKinds[model];
    const settings = { ...given, model, seed: config.seed, values: { ...given.values, ...read(config) } };
    if (!controls.every((name) => holds(controlNamed(name), settings.values[name]))) continue;
    if (
      JSON.stringify(parseConfig(configOf(settings, { x: { shape: [1, config.inputs] } }))) === JSON.stringify(config)
    )
      return settings;
  }
  return null;
}
