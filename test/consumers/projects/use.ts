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
