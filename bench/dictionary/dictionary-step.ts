import { fit } from '../../src/index.ts';
import type { Python } from '../beside/python.ts';
import { announce, type Context, effortOf } from '../context.ts';
import { measure, type Subject } from '../harness/measure.ts';
import { digits, duration, durations, type Report } from '../harness/report.ts';
import { nameOf, threadWord } from '../subjects.ts';
import { assertCosts, firstCosts, pytorchDictionary, STEPS, startingModel, TOLERANCE } from './costs.ts';
import { dataOf, fitOptions, SETTINGS, type Setting, SMOKE_SETTINGS } from './settings.ts';

async function benchSetting(setting: Setting, context: Context) {
  announce(`dictionary-step ${setting.name}, batch ${setting.batch}`);
  const threads = context.threads ?? 2;
  const x = dataOf(setting);
  const model = await startingModel(setting, threads);
  const start = await model.parameters();
  const ours = await firstCosts(model, x, setting);
  const subjects: Subject[] = [
    {
      name: nameOf(model.engine.kernels),
      units: setting.batches,
      isAsync: true,
      run: () => fit(model, x, fitOptions(setting, 1)),
    },
  ];
  const torch = await context.python('pytorch', threads);
  const ids: string[] = [];
  for (const gathered of torch === null ? [] : [false, true]) {
    const peer = torch as Python;
    const { id, costs } = await pytorchDictionary(peer, setting, x, start, gathered);
    const name = `PyTorch, ${gathered ? 'gathered rows' : 'dense'}, ${threadWord(threads)}`;
    assertCosts(`${setting.name}, ${name}`, costs, ours);
    subjects.push(peer.subject(name, id));
    ids.push(id);
  }
  const timings = await measure(subjects, effortOf(context));
  for (const id of ids) await torch?.forget(id);
  const memory = process.memoryUsage().rss;
  model.dispose();
  const peers = timings.slice(1).map(({ median }) => median);
  return timings.map((timing) => {
    const { name, median, low, high } = timing;
    const ofBest = peers.length === 0 ? null : median / Math.min(...peers);
    const { inputs, hidden, k, batch } = setting;
    return {
      row: [
        ...[setting.name, `${inputs}→${hidden}, k ${k}`, `${batch}`, name, duration(median), durations(low, high)],
        ...[
          ofBest === null ? '–' : `${digits(ofBest)}×`,
          name.startsWith('rhohat') ? `${Math.round(memory / 2 ** 20)} MiB` : '–',
        ],
      ],
      record: { ...setting, objective: setting.name, ...timing, ofBest, memory },
    };
  });
}

/** Steps of today's dictionaries: cost, gradient, Adam. */
export async function benchDictionaryStep(context: Context): Promise<Report> {
  const lines: Awaited<ReturnType<typeof benchSetting>> = [];
  for (const setting of context.smoke ? SMOKE_SETTINGS : SETTINGS)
    lines.push(...(await benchSetting(setting, context)));
  return {
    title: 'Steps of dictionaries, Adam, float32',
    checked: `the costs of the first ${STEPS} steps on one batch are PyTorch's to ${TOLERANCE}, before timing`,
    columns: ['objective', 'network', 'batch', 'who', 'a step', 'quartiles', "over PyTorch's better", 'resident'],
    rows: lines.map(({ row }) => row),
    records: lines.map(({ record }) => record),
    notes: [
      'ours is an epoch of the public `fit` over its number of steps, drawing and gathering of batches included; PyTorch steps over batches that lie ready',
      'PyTorch, dense: codes scattered into a matrix and multiplied; gathered rows: embedding_bag over the survivors. Adam is torch.optim.Adam',
      'resident: what the process held after the setting; the data and those of earlier settings among it',
    ],
  };
}
