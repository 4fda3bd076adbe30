// Type-checked as a user's own file would be, under every setting of the matrix. Never run.
import {
  Autoencoder,
  type AutoencoderConfig,
  type CostFunction,
  checkGradientOf,
  type FitResult,
  fit,
  fromRows,
  InputError,
  type Matrix,
  type Progress,
  partialFit,
  serializeModel,
} from 'rhohat';
import { type Examples, readNpy, swissRoll, writeNpy } from 'rhohat/data';
import { encodePng, featureTiles, type Picture } from 'rhohat/figures';
import { CheckpointFiles, loadModel, saveModel } from 'rhohat/node';

const config: AutoencoderConfig = { inputs: 3, hidden: [2], sparsity: { kind: 'kl', target: 0.1, weight: 3 }, seed: 1 };

export async function use(path: string, signal: AbortSignal): Promise<Matrix> {
  using model = await Autoencoder.create(config, { threads: 1, deterministic: true });
  const x = fromRows([
    [0.1, 0.5, 0.9],
    [0.9, 0.5, 0.1],
  ]);
  const onProgress = ({ epoch, cost, terms }: Progress): void => void [epoch.toFixed(), cost.toFixed(), terms];
  const result: FitResult = await fit(model, x, { optimizer: { kind: 'lbfgs', iterations: 5 }, onProgress, signal });
  const weight: Matrix | undefined = (await model.parameters())['encoder.weight'] as Matrix;
  const picture: Picture = featureTiles(weight, { width: 3, height: 1, channels: 1 });
  const png: Uint8Array = encodePng(picture);
  const bytes: Uint8Array = await serializeModel(model);
  await saveModel(path, model);
  const { model: again } = await loadModel(path);
  void [result.cost, png, bytes, new CheckpointFiles(path)];
  return again.encode(x);
}

/** Terms are numbers of their own, whatever may be undefined; options may be. */
export async function terms(signal: AbortSignal | undefined): Promise<string[]> {
  const auxiliary = { kind: 'aux-k', k: 2, weight: 1 / 32, deadAfter: 100 } as const;
  const model = await Autoencoder.create({ inputs: 3, hidden: 4, sparsity: { kind: 'top-k', k: 2 }, auxiliary });
  const rows = [
    [1, 2, 3],
    [3, 2, 1],
  ];
  const { terms } = await fit(model, rows, {
    epochs: 2,
    signal,
    validation: undefined,
    optimizer: { kind: 'sgd', learningRate: (step) => 1 / (1 + step) },
    onProgress: ({ terms: { sparsity, auxiliary } }) => sparsity.toFixed() + auxiliary.toFixed(),
  });
  const { cost } = await partialFit(model, { data: [1, 2, 3], shape: [1, 3] }, { signal });
  const [first = 0] = model.encodeSync([[1, 2, 3]]).data;
  const plain = await Autoencoder.create(config);
  const { terms: own } = await plain.costAndGradient(rows);
  // @ts-expect-error this config has no auxiliary loss: its line may not be there
  own.auxiliary.toFixed();
  return [terms.sparsity, terms.auxiliary, terms.reconstruction, own.sparsity, cost, first].map((n) => n.toFixed());
}

export async function data(bytes: Uint8Array): Promise<Examples | null> {
  const square: CostFunction = (theta) => ({ cost: (theta[0] ?? 0) ** 2, gradient: [2 * (theta[0] ?? 0)] });
  const { normRelativeError } = await checkGradientOf(square, Float64Array.of(3));
  // @ts-expect-error a config names its inputs
  const wrong: AutoencoderConfig = { hidden: 2 };
  try {
    return readNpy(bytes) && normRelativeError < 1 ? swissRoll({ examples: 10, seed: 1 }) : null;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  } finally {
    void [wrong, writeNpy];
  }
}
