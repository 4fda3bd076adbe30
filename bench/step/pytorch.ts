import type { Python } from '../beside/python.ts';
import { threadWord } from '../subjects.ts';
import { STEPS } from './outcome.ts';
import type { Problem, StepSubject } from './problem.ts';

/** PyTorch, eager: autograd and torch.optim.SGD, see peers/python/pytorch.py. */
export async function pytorchSteps(
  python: Python,
  problem: Problem,
  threads: number,
): Promise<StepSubject & { id: string }> {
  const { setting, x, parameters } = problem;
  const [theta, costs] = [python.path(), python.path()];
  const id = await python.prepare('step', {
    objective: { ...setting.objective, batch: setting.batch },
    x: python.send(x.data, x.shape),
    parameters: parameters.map(({ values, shape }) => python.send(values, shape)),
    ...{ steps: STEPS, theta, costs },
  });
  return {
    id,
    subject: python.subject(`PyTorch, ${threadWord(threads)}`, id),
    outcome: { costs: python.receive(costs, 'float64'), theta: python.receive(theta, 'float32') },
    end: () => python.forget(id),
  };
}
