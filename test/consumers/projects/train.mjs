// Run as it is, and as bundlers make it: trains, and prints what must be the same everywhere.
import { Autoencoder, fit } from 'rhohat';
import { swissRoll } from 'rhohat/data';

const { x } = swissRoll({ examples: 200, seed: 1 });
const model = await Autoencoder.create(
  { inputs: 3, hidden: 4, loss: 'squared-error', output: 'linear', seed: 1, precision: 'float32' },
  { threads: 1, deterministic: true },
);
const { cost } = await fit(model, x, { epochs: 2, batchSize: 20 });
const codes = await model.encode(x);
console.log(JSON.stringify({ cost, shape: codes.shape }));
