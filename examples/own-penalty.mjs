// A penalty of one's own: Olshausen and Field's S = (γ/m) Σₖ Σⱼ log(1 + (aⱼ(xₖ)/σ)²), value and derivative in one loop.
// It is proved like every other term, trained by `fit`, and saved by its name.
// node examples/own-penalty.mjs
import { Autoencoder, checkGradient, deserializeModel, fit, fromRows, serializeModel } from 'rhohat';

const terms = {
  log: {
    create: ({ weight: gamma, sigma }) => ({
      name: 'log',
      backward({ results, slot, code: { a }, dCode, m }) {
        for (let p = 0; p < a.shape[0] * a.shape[1]; p++) {
          results[slot] += (gamma / m) * Math.log(1 + (a.data[p] / sigma) ** 2);
          dCode.data[p] += (gamma * 2 * a.data[p]) / (sigma ** 2 + a.data[p] ** 2); // ∂S/∂a, without 1/m
        }
      },
    }),
  },
};

const x = fromRows(
  Array.from({ length: 60 }, (_, k) => Array.from({ length: 6 }, (_, i) => 0.5 + 0.4 * Math.sin(k * k + i))),
);
const sparsity = { kind: 'log', weight: 0.5, sigma: 0.3 };
const model = await Autoencoder.create({ inputs: 6, hidden: 4, weightDecay: 1e-3, sparsity }, { parts: { terms } });

const { normRelativeError, worst } = await checkGradient(model, x);
console.log(
  `‖n − a‖/‖n + a‖ = ${normRelativeError.toExponential(1)}, worst in ${worst.parameter}: at most 1e-8 is right`,
);
if (!(normRelativeError < 1e-8)) process.exit(1);

const optimizer = { kind: 'sgd', learningRate: 0.1, momentum: 0.9 };
const { history } = await fit(model, x, { optimizer, epochs: 300, batchSize: 60 });
for (const epoch of [1, 100, 200, 300]) console.log(`step ${epoch}: cost ${history[epoch - 1].cost.toFixed(4)}`);

const again = await deserializeModel(await serializeModel(model), { parts: { terms } });
console.log(again.model.config.sparsity);
