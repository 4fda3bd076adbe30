import type { AnyNumbers, View } from '../../src/array/matrix.ts';
import type { Autoencoder } from '../../src/model/autoencoder.ts';
import type { Classifier } from '../../src/model/classifier.ts';
import { unroll } from '../../src/training/stack.ts';

/** Of a stack of tied models, for `deep`, whose decoder has weights of its own: they begin as those of the encoder. */
export async function unrolledParameters(
  stack: readonly Autoencoder[],
  deep: Autoencoder,
): Promise<Record<string, View<AnyNumbers>>> {
  const tied = await unroll(stack);
  const taken = await tied.parameters();
  tied.dispose();
  const names = Object.keys(await deep.parameters());
  return Object.fromEntries(names.map((name) => [name, taken[name] ?? taken[name.replace('decoder', 'encoder')]]));
}

/** Multiplies the hidden weights. */
export async function scale(classifier: Classifier, factor: number): Promise<void> {
  const parameters = await classifier.parameters(); // a copy
  for (const [name, value] of Object.entries(parameters)) {
    if (!/^encoder.*weight$/.test(name)) continue;
    const [rows, columns] = value.shape;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) value.set(i, j, factor * value.get(i, j));
    }
  }
  classifier.setParameters(parameters);
}
