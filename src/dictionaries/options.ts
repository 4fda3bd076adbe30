import { InputError, show } from '../errors.ts';
import type { CreateOptions } from '../model/kernel-options.ts';
import type { DictionaryOptions } from './plan.ts';

/** How a dictionary is loaded: what its files do not say, and how the model runs. */
export interface LoadOptions extends DictionaryOptions, CreateOptions {
  /** The file of weights, where there are several. */
  readonly file?: string | undefined;
}

/** For callers without types. @throws InputError naming the option. */
export function checkedOptions(options: LoadOptions): LoadOptions {
  const { preBias, k, file } = options ?? {};
  if (preBias !== undefined && typeof preBias !== 'boolean') {
    throw new InputError(`options.preBias is ${show(preBias)}: it must be true or false`);
  }
  if (k !== undefined && !(Number.isSafeInteger(k) && k > 0)) {
    throw new InputError(`options.k is ${show(k)}: it must be a whole number above 0`);
  }
  if (file !== undefined && typeof file !== 'string') {
    throw new InputError(`options.file is ${show(file)}: it must be the name of one of the files`);
  }
  return options ?? {};
}
