// What `require` gives where Node loads ES modules with it.
const { Autoencoder, fromRows } = require('rhohat');
const { swissRoll } = require('rhohat/data');
const { featureTiles } = require('rhohat/figures');
const { loadModel } = require('rhohat/node');

if (![swissRoll, featureTiles, loadModel].every((f) => typeof f === 'function'))
  throw new Error('an export is missing');
Autoencoder.create({ inputs: 2, hidden: 1, seed: 1 }).then(async (model) => {
  console.log(JSON.stringify((await model.encode(fromRows([[0.1, 0.2]]))).shape));
});
