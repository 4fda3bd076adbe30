import { rowRange, toFlat } from '../../src/array/matrix.ts';
import type { Jax, JaxArray } from '../beside/types.ts';
import { STEPS } from './outcome.ts';
import type { Problem, StepSubject } from './problem.ts';
import type { Setting } from './settings.ts';

// Every operation takes ownership of its arguments; `.ref` is for all uses of an array but the last.

function squaredError({ numpy: np }: Jax, output: JaxArray, x: JaxArray, rows: number): JaxArray {
  return np.sum(np.square(output.sub(x))).mul(0.5 / rows);
}

/** TopK has no gradient: the kth largest is a threshold, behind stopGradient. */
function kSparseCost(jax: Jax, { objective, batch }: Setting, [w, b, c]: JaxArray[], x: JaxArray): JaxArray {
  const { numpy: np, lax } = jax;
  const z = np.matmul(x.ref, np.transpose(w.ref)).add(b);
  const [values, indices] = lax.topK(lax.stopGradient(z.ref), objective.k);
  indices.dispose();
  const least = np.min(values, 1).reshape([batch, 1]);
  const a = np.where(np.greaterEqual(lax.stopGradient(z.ref), least), z, 0);
  return squaredError(jax, np.matmul(a, w).add(c), x, batch);
}

function klCost(jax: Jax, { objective, batch }: Setting, [w, b, d, c]: JaxArray[], x: JaxArray): JaxArray {
  const { numpy: np, nn } = jax;
  const { target, weight, weightDecay } = objective;
  const a = nn.sigmoid(np.matmul(x.ref, np.transpose(w.ref)).add(b));
  const rate = np.mean(a.ref, 0);
  const output = nn.sigmoid(np.matmul(a, d.ref).add(c));
  const on = np.log(np.reciprocal(rate.ref).mul(target)).mul(target);
  const off = np.log(np.reciprocal(rate.mul(-1).add(1)).mul(1 - target)).mul(1 - target);
  const decay = np
    .sum(np.square(w))
    .add(np.sum(np.square(d)))
    .mul(weightDecay / 2);
  return squaredError(jax, output, x, batch)
    .add(np.sum(on.add(off)).mul(weight))
    .add(decay);
}

/** jax-js on its wasm backend: value and gradient and the momentum update in one jitted step. */
export async function jaxSteps(jax: Jax, problem: Problem): Promise<StepSubject> {
  const { setting, x } = problem;
  const { objective, batch, batches, inputs } = setting;
  const { numpy: np, jit, valueAndGrad, blockUntilReady, tree } = jax;
  const costOf = objective.kind === 'kl' ? klCost : kSparseCost;
  const evaluate = valueAndGrad((parameters, rows) => costOf(jax, setting, parameters, rows));
  const step = jit((theta: JaxArray[], velocity: JaxArray[], rows: JaxArray): [JaxArray, JaxArray[], JaxArray[]] => {
    const [cost, gradient] = evaluate(tree.ref(theta), rows);
    const moved = velocity.map((v, i) => v.mul(objective.momentum).sub(gradient[i].mul(objective.learningRate)));
    return [cost, theta.map((p, i) => p.add(moved[i].ref)), moved];
  });
  const array = (values: Float32Array, shape: readonly number[]) => np.array(values).reshape([...shape]);
  const data = Array.from({ length: batches }, (_, i) =>
    array(Float32Array.from(toFlat(rowRange(x, i * batch, (i + 1) * batch))), [batch, inputs]),
  );
  let theta = problem.parameters.map(({ values, shape }) => array(values, shape));
  let velocity = theta.map((p) => np.zerosLike(p.ref));
  const advance = async (i: number) => {
    let cost: JaxArray;
    [cost, theta, velocity] = step(theta, velocity, data[i].ref);
    await blockUntilReady([...theta, ...velocity]);
    return cost;
  };
  const costs: number[] = [];
  for (let i = 0; i < STEPS; i++) costs.push((await advance(0)).dataSync()[0]); // reading takes the array too
  const moved = theta.flatMap((p) => Array.from(p.ref.dataSync()));
  let at = 0;
  const run = async () => {
    at = (at + 1) % batches;
    (await advance(at)).dispose();
  };
  return {
    subject: { name: 'jax-js wasm, 1 thread', isAsync: true, run },
    outcome: { costs, theta: moved },
    costTolerance: 1e-3, // its logarithm is off by up to 1e-5, which KL adds up over the units; its gradients are not
    end: () => [...theta, ...velocity, ...data].map((each) => each.dispose()),
  };
}
