// With the package webgpu, or without: what each choice of kernels comes to. Nothing is disposed of: the process ends all the same.
import { Autoencoder, fit } from 'rhohat';
import { swissRoll } from 'rhohat/data';

const { x } = swissRoll({ examples: 200, seed: 1 });
const config = { inputs: 3, hidden: 4, loss: 'squared-error', output: 'linear', seed: 1 };

async function trained(options) {
  try {
    const model = await Autoencoder.create(config, options);
    const { cost } = await fit(model, x, { epochs: 2, batchSize: 20 });
    const { device, note, adapter } = model.runtime;
    return { cost, device, note, adapter };
  } catch (error) {
    return { error: `${error.name}: ${error.message}` };
  }
}

const plain = await trained({ threads: 1 });
const webgpu = await trained({ kernels: 'webgpu' });
const auto = await trained({ kernels: 'auto', threads: 1, batchSize: 20 });
console.log(JSON.stringify({ plain, webgpu, auto }));
