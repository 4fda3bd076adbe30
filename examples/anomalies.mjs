// Anomaly scores for the rows of a CSV file: what a small autoencoder cannot reconstruct, does not follow the rest.
// On the command line: rhohat train file.csv …, then rhohat score runs/file --worst 5.
// node examples/anomalies.mjs [file.csv]      (pump.csv is generated; its lines 59, 190 and 303 were tampered with)
import { fileURLToPath } from 'node:url';
import { Autoencoder, fit } from 'rhohat';
import { prepare, squaredErrors } from 'rhohat/data';
import { loadExamples } from 'rhohat/node';

const file = process.argv[2] ?? fileURLToPath(new URL('pump.csv', import.meta.url));
const { x } = prepare(await loadExamples(file), { preprocessing: [{ kind: 'standardize' }] }, 'float64');
const inputs = x.shape[1];

// Two units for the two things that move all columns: load and the room's temperature.
const model = await Autoencoder.create({
  inputs,
  hidden: [8, 2],
  activation: ['tanh', 'linear'],
  output: 'linear',
  weightDecay: 1e-4,
  precision: 'float64',
});
await fit(model, x, { optimizer: { kind: 'lbfgs', iterations: 200 } });

const score = squaredErrors(x, await model.reconstruct(x)).data; // one a row
const typical = [...score].sort((a, b) => a - b)[score.length >> 1];
console.log(`squared error of a typical row: ${typical.toFixed(4)}`);
for (const i of [...score.keys()].sort((a, b) => score[b] - score[a]).slice(0, 5)) {
  console.log(`line ${i + 2}: ${score[i].toFixed(4)}, ${(score[i] / typical).toFixed(0)} times that`);
}
