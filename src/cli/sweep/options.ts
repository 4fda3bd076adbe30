import type { Command } from 'commander';
import {
  addDataOptions,
  addDictionaryOptions,
  addModelOptions,
  addStartOptions,
  addStoppingOptions,
  addTrainingOptions,
} from '../flags/options.ts';

/** The flags of `train` that shape a run: each may be varied, but for those that `keys.ts` names. */
export function addShapingOptions(command: Command): Command {
  addStartOptions(command);
  addDataOptions(command);
  addModelOptions(command);
  addDictionaryOptions(command);
  addStoppingOptions(addTrainingOptions(command));
  return command;
}
