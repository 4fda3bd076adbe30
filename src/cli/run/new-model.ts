import { vector } from '../../array/matrix.ts';
import { meanRow } from '../../data/preprocessing/center.ts';
import { InputError } from '../../errors.ts';
import { Autoencoder } from '../../model/autoencoder.ts';
import type { CreateOptions } from '../../model/kernel-options.ts';
import type { Run } from '../../training/run.ts';
import type { TrainingData } from './block-data.ts';

/**
 * The untrained model of a run: its inputs, and a transcoder's targets, are as long as the data. A transcoder's c, its decoder's
 * bias, begins at the mean of the targets, as in EleutherAI's sparsify.
 * @throws InputError where model and data do not go together.
 */
export async function newModel(
  run: Run,
  { prepared, training, target }: Pick<TrainingData, 'prepared' | 'training' | 'target'>,
  engine: CreateOptions,
): Promise<Autoencoder> {
  const inputs = prepared.x.shape[1];
  if (target === undefined) return Autoencoder.create({ ...run.model, inputs }, engine);
  const y = target.training;
  const model = await Autoencoder.create({ ...run.model, inputs, targets: y.shape[1] }, engine);
  const { hidden, output } = model.config;
  if (hidden.length > 1) {
    throw new InputError(
      `--target-data is given with ${hidden.length} hidden layers: a transcoder has one, an encoder and a decoder of its own: give one size`,
    );
  }
  model.target(y, training, 'options.target');
  if (output === 'linear') model.setParameters({ 'decoder.bias': vector(await meanRow(y)) });
  return model;
}
