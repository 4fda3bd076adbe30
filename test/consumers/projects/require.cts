// A CommonJS file where `require` loads ES modules, which TypeScript knows since 5.8 (`nodenext`). Never run.
import rhohat = require('rhohat');
import data = require('rhohat/data');

async function use(): Promise<number> {
  const model = await rhohat.Autoencoder.create({ inputs: 3, hidden: [2], seed: 1 });
  return (await rhohat.fit(model, data.swissRoll({ examples: 10, seed: 1 }).x)).cost;
}

export = use;
