// An activation of one's own: ELU, f(z) = z above 0 and eᶻ − 1 below, with f′ and f″ from its output a = f(z).
// node examples/own-activation.mjs
import { Autoencoder, checkGradient, fit, fromRows } from 'rhohat';

const elu = {
  name: 'elu',
  of: (z) => (z > 0 ? z : Math.expm1(z)),
  first: (a) => (a > 0 ? 1 : a + 1),
  second: (a) => (a > 0 ? 0 : a + 1), // for a contraction
  rate: null, // unbounded: no KL on it
  kink: false,
};

const x = fromRows(
  Array.from({ length: 60 }, (_, k) => Array.from({ length: 6 }, (_, i) => 0.5 + 0.4 * Math.sin(k * k + i))),
);
const config = { inputs: 6, hidden: 4, activation: 'elu', contraction: 0.01 };
const model = await Autoencoder.create(config, { parts: { activations: { elu } } });
const { normRelativeError } = await checkGradient(model, x);
console.log(`‖n − a‖/‖n + a‖ = ${normRelativeError.toExponential(1)}: at most 1e-8 is right`);
if (!(normRelativeError < 1e-8)) process.exit(1);
const { history } = await fit(model, x, { epochs: 200, batchSize: 20 });
console.log(`cost ${history[0].cost.toFixed(4)}, after 200 epochs ${history[199].cost.toFixed(4)}`);
