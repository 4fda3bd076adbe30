// A penalty of one's own, added from outside: Olshausen and Field's S = (γ/m) Σₖ Σⱼ log(1 + (aⱼ(xₖ)/σ)²), with its gradient
// by hand, the check of that gradient, and training on the sum. A recipe for one layer of sigmoid units with weights of
// their own (untied), and without corruption: `encode` sees clean examples, and of k-sparse units it keeps αk.
// node examples/own-penalty.mjs
import { Autoencoder, checkGradientOf, fromRows } from 'rhohat';

const [gamma, sigma] = [0.5, 0.3];
const x = fromRows(
  Array.from({ length: 60 }, (_, k) => Array.from({ length: 6 }, (_, i) => 0.5 + 0.4 * Math.sin(k * k + i))),
);
const [m, d] = x.shape;
const h = 4;
const model = await Autoencoder.create({ inputs: d, hidden: h, weightDecay: 1e-3, precision: 'float64', seed: 1 });

/** J + S and its gradient at θ: the engine gives the first, what is written here the second. */
async function cost(theta) {
  const parameters = model.parameters; // views of one flat copy
  parameters['encoder.weight'].data.set(theta);
  model.setParameters(parameters);
  const { cost: own, gradient } = await model.costAndGradient(x);
  const flat = gradient['encoder.weight'].data;
  const [w, b] = [gradient['encoder.weight'].offset, gradient['encoder.bias'].offset];
  const codes = (await model.encode(x)).data;
  let sum = 0;
  for (let k = 0; k < m; k++) {
    for (let j = 0; j < h; j++) {
      const a = codes[k * h + j];
      sum += Math.log(1 + (a / sigma) ** 2);
      // ∂S/∂z = (γ/m) 2a/(σ² + a²) · f′(z), f′ = a(1 − a) for sigmoid units; z = W·x + b
      const delta = (((gamma / m) * 2 * a) / (sigma ** 2 + a ** 2)) * a * (1 - a);
      for (let i = 0; i < d; i++) flat[w + j * d + i] += delta * x.data[k * d + i];
      flat[b + j] += delta;
    }
  }
  return { cost: own + (gamma / m) * sum, gradient: flat };
}

const theta = Float64Array.from(model.parameters['encoder.weight'].data);
const { normRelativeError, worst } = await checkGradientOf(cost, theta);
console.log(`‖n − a‖/‖n + a‖ = ${normRelativeError.toExponential(1)}, worst at ${worst.index}: at most 1e-8 is right`);
if (!(normRelativeError < 1e-8)) process.exit(1);

const velocity = new Float64Array(theta.length);
for (let step = 0; step <= 300; step++) {
  const { cost: value, gradient } = await cost(theta);
  if (step % 100 === 0) console.log(`step ${step}: cost ${value.toFixed(4)}`);
  for (let i = 0; i < theta.length; i++) theta[i] += velocity[i] = 0.9 * velocity[i] - 0.1 * gradient[i];
}
