// An optimizer of one's own: Lion, θ ← θ − η·sign(β₁v + (1−β₁)g), then v ← β₂v + (1−β₂)g. [Chen et al. 2023, Algorithm 2]
// And a rule around its steps: weights shrink towards 0, apart from the gradient.
// node examples/own-optimizer.mjs
import { Autoencoder, fit, fromRows, vectorView } from 'rhohat';

const lion = {
  data: 'batch',
  create({ learningRate, beta1 = 0.9, beta2 = 0.99 }, { k, storage, size }) {
    const velocity = vectorView(storage.allocate(size));
    const before = vectorView(storage.allocate(size));
    return {
      async step({ theta, gradient, evaluate }) {
        const evaluation = await evaluate(); // cost and gradient at θ
        k.copy(before, theta);
        const [t, g, v] = [theta.data, gradient.data, velocity.data];
        for (let i = 0; i < size; i++) {
          t[i] -= learningRate * Math.sign(beta1 * v[i] + (1 - beta1) * g[i]);
          v[i] = beta2 * v[i] + (1 - beta2) * g[i];
        }
        return { evaluation, converged: null };
      },
      undo: (theta) => k.copy(theta, before),
      state: async () => ({ velocity: await k.copyOut(velocity), before: await k.copyOut(before) }),
      restore(state) {
        k.write(velocity, state.velocity);
        k.write(before, state.before);
      },
    };
  },
};
const decay = {
  create: ({ rate }, { k, theta }) => ({ after: () => k.scale(theta, 1 - rate) }),
};

const x = fromRows(
  Array.from({ length: 60 }, (_, k) => Array.from({ length: 6 }, (_, i) => 0.5 + 0.4 * Math.sin(k * k + i))),
);
const model = await Autoencoder.create({ inputs: 6, hidden: 4 });
const { history } = await fit(model, x, {
  optimizer: { kind: 'lion', learningRate: 1e-2 },
  rules: [{ kind: 'decay', rate: 1e-4 }],
  parts: { optimizers: { lion }, rules: { decay } },
  epochs: 100,
  batchSize: 20,
});
console.log(`cost ${history[0].cost.toFixed(4)}, after 100 epochs ${history[99].cost.toFixed(4)}`);
