import { InputError, show } from '../errors.ts';

/** A method that only this class has: classes are told apart by it, so that no module needs both. */
const own = { Autoencoder: 'decode', Classifier: 'probabilities' } as const;

/**
 * For callers without types: an await forgotten, arguments swapped, a classifier where an autoencoder is needed.
 * @throws InputError
 */
export function assertModel(
  model: unknown,
  kind: keyof typeof own,
  name = kind === 'Autoencoder' ? 'model' : 'classifier',
) {
  if (typeof (model as Record<string, unknown> | null | undefined)?.[own[kind]] === 'function') return;
  throw new InputError(`${name} is ${show(model)}: it must be what await ${kind}.create(…) gives`);
}
