// What of work.mjs an edge runtime can do, which knows no workers.
import { Autoencoder, fit, measure } from 'rhohat';
import { swissRoll } from 'rhohat/data';
import { encodePng, featureTiles } from 'rhohat/figures';

const config = { inputs: 3, hidden: 4, loss: 'squared-error', output: 'linear', seed: 1, precision: 'float32' };

export async function answer() {
  try {
    const { x } = swissRoll({ examples: 200, seed: 1 });
    const model = await Autoencoder.create(config, { threads: 1, deterministic: true });
    const { cost } = await fit(model, x, { epochs: 2, batchSize: 20 });
    const codes = await model.encode(x);
    const { reconstructionError } = await measure(model, x);
    const weight = (await model.parameters())['encoder.weight'];
    const png = encodePng(featureTiles(weight, { width: 3, height: 1, channels: 1 }));
    if (png[1] !== 0x50 || !Number.isFinite(codes.get(3, 1)) || !Number.isFinite(reconstructionError))
      throw new Error('wrong results');
    return Response.json({ cost, kernels: model.runtime?.kernels, note: model.runtime?.note });
  } catch (error) {
    return Response.json({ error: error.stack });
  }
}
