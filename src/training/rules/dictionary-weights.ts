import { InputError } from '../../errors.ts';
import { show } from '../../validate.ts';

/** The parameter D of a dictionary. @throws InputError where the model is none, naming the rule. */
export function dictionaryOf<P extends { readonly name: string }>(rule: string, parameters: readonly P[]): P {
  const dictionary = parameters.find(({ name }) => name === 'decoder.weight');
  if (dictionary !== undefined) return dictionary;
  throw new InputError(
    `rule ${show(rule)} needs a parameter decoder.weight, and the model has ${parameters.map(({ name }) => name).join(', ')}: use one hidden layer, tied: false`,
  );
}
