import { rowRange, toFlat } from '../../src/array/matrix.ts';
import type { Tensor, TensorFlow, Variable } from '../beside/types.ts';
import { STEPS } from './outcome.ts';
import type { Problem, StepSubject } from './problem.ts';
import type { Setting } from './settings.ts';

/** The k largest of each row, by the kth largest as a threshold; TopK has no gradient, so it is given here. */
function survivors(tf: TensorFlow, z: Tensor, k: number, rows: number): Tensor {
  const select = tf.customGrad((x, save) => {
    const least = tf.slice(tf.topk(x, k).values, [0, k - 1], [rows, 1]);
    const mask = tf.cast(tf.greaterEqual(x, least), 'float32');
    save([mask]);
    return { value: tf.mul(x, mask), gradFunc: (dy, [saved]) => tf.mul(dy, saved) };
  });
  return select(z);
}

function squaredError(tf: TensorFlow, output: Tensor, x: Tensor, rows: number): Tensor {
  return tf.mul(tf.sum(tf.square(tf.sub(output, x))), 0.5 / rows);
}

function cost(tf: TensorFlow, { objective, batch }: Setting, parameters: readonly Variable[], x: Tensor): Tensor {
  const affine = (input: Tensor, w: Tensor, transpose: boolean, bias: Tensor) =>
    tf.add(tf.matMul(input, w, false, transpose), bias);
  if (objective.kind === 'k-sparse') {
    const [w, b, c] = parameters;
    const a = survivors(tf, affine(x, w, true, b), objective.k, batch);
    return squaredError(tf, affine(a, w, false, c), x, batch);
  }
  const [w, b, d, c] = parameters;
  const { target, weight, weightDecay } = objective;
  const a = tf.sigmoid(affine(x, w, true, b));
  const output = tf.sigmoid(affine(a, d, false, c));
  const rate = tf.mean(a, 0);
  const on = tf.mul(tf.log(tf.div(target, rate)), target);
  const off = tf.mul(tf.log(tf.div(1 - target, tf.sub(1, rate))), 1 - target);
  const penalty = tf.mul(tf.sum(tf.add(on, off)), weight);
  const decay = tf.mul(tf.add(tf.sum(tf.square(w)), tf.sum(tf.square(d))), weightDecay / 2);
  return tf.add(tf.add(squaredError(tf, output, x, batch), penalty), decay);
}

/** TensorFlow.js on its wasm backend: its own gradients and its momentum optimizer. */
export async function tensorFlowSteps(tf: TensorFlow, problem: Problem): Promise<StepSubject> {
  const { setting, x } = problem;
  const { batch, batches, inputs, objective } = setting;
  const select = () => tf.setBackend('wasm');
  await select();
  const tensor = (values: Float32Array, shape: readonly number[]) =>
    shape.length === 1 ? tf.tensor1d(values) : tf.tensor2d(values, [shape[0], shape[1]]);
  const parameters = problem.parameters.map(({ values, shape }) => tf.variable(tensor(values, shape)));
  const data = Array.from({ length: batches }, (_, i) =>
    tensor(Float32Array.from(toFlat(rowRange(x, i * batch, (i + 1) * batch))), [batch, inputs]),
  );
  const optimizer = tf.train.momentum(objective.learningRate, objective.momentum);
  const step = (i: number) => optimizer.minimize(() => cost(tf, setting, parameters, data[i]), true, parameters);
  const costs: number[] = [];
  for (let i = 0; i < STEPS; i++) {
    const value = step(0);
    costs.push(value.dataSync()[0]);
    value.dispose();
  }
  const theta = parameters.flatMap((p) => Array.from(p.dataSync()));
  let at = 0;
  const run = () => {
    at = (at + 1) % batches;
    step(at).dispose();
  };
  return {
    subject: { name: 'TensorFlow.js wasm, 1 thread', begin: select, run },
    outcome: { costs, theta },
    costTolerance: 1e-4, // it sums a million squares in float32, one after the other
    end: () => [...parameters, ...data].map((each) => each.dispose()),
  };
}
