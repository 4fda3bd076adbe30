import { announce, type Context, effortOf } from '../context.ts';
import { assertCosts, pytorchDictionary, STEPS, startingModel, TOLERANCE } from '../dictionary/costs.ts';
import { dataOf } from '../dictionary/settings.ts';
import { measure, type Subject } from '../harness/measure.ts';
import type { Report } from '../harness/report.ts';
import { assertOutcome, CHECKED } from '../step/outcome.ts';
import { createProblem } from '../step/problem.ts';
import { pytorchSteps } from '../step/pytorch.ts';
import { type Engine, startEngines } from './engines.ts';
import { type Measured, withRatios } from './ratios.ts';
import { type Row, rowsWith } from './rows.ts';
import { stepsTable } from './table.ts';
import { startTorches, type Torch } from './torches.ts';

/** Dictionaries of so many units are timed in three rounds: all steps are to take eight minutes at most. */
const LONG = 16_384;

/** A subject, checked, and how it is let go of. */
interface Candidate {
  readonly subject: Subject;
  readonly about: Pick<Measured, 'who' | 'peer' | 'way'>;
  kernels(): Promise<string | null>;
  end(): unknown;
}

type Checker = (name: string, outcome: { costs: ArrayLike<number>; theta: ArrayLike<number> }) => void;

function ofEngine(engine: Engine, row: Row, id: string): Candidate {
  return {
    subject: engine.subject(`${engine.name}, ${row.name}`, id),
    about: { who: engine.name, peer: null, way: '' },
    kernels: () => engine.kernels(id),
    end: () => engine.forget(id),
  };
}

async function engineCandidates(engines: readonly Engine[], row: Row, check: Checker): Promise<Candidate[]> {
  const list: Candidate[] = [];
  for (const engine of engines) {
    const [costs, theta] = [engine.path(), engine.path()];
    const id = await engine.prepare('step', { row, costs, theta });
    const moved = row.kind === 'step' ? engine.receive(theta, 'float64') : [];
    check(`${engine.name}, ${row.name}`, { costs: engine.receive(costs, 'float64'), theta: moved });
    list.push(ofEngine(engine, row, id));
  }
  return list;
}

const nothing = async () => null;

/** Networks of a thousand units: costs and θ of the first steps against float64 here. */
async function stepCandidates(
  row: Extract<Row, { kind: 'step' }>,
  engines: readonly Engine[],
  torches: readonly Torch[],
  threads: number,
): Promise<Candidate[]> {
  const problem = await createProblem(row.setting);
  const check: Checker = (name, outcome) =>
    assertOutcome(name, outcome, problem.reference, problem.start, row.setting.objective);
  const list = await engineCandidates(engines, row, check);
  for (const { python, peer } of torches) {
    const { subject, outcome, end } = await pytorchSteps(python, problem, threads);
    check(`PyTorch, ${peer}, ${row.name}`, outcome);
    const about = { who: `PyTorch, ${peer}`, peer, way: '' };
    list.push({ subject: { ...subject, name: about.who }, about, kernels: nothing, end: () => end?.() });
  }
  return list;
}

/** Dictionaries, too large for float64 here: costs of the first steps against PyTorch's, of ours among each other without it. */
async function dictionaryCandidates(
  row: Extract<Row, { kind: 'dictionary' }>,
  engines: readonly Engine[],
  torches: readonly Torch[],
): Promise<Candidate[]> {
  const { setting } = row;
  let expected: ArrayLike<number> | null = null;
  const check = (name: string, { costs }: { costs: ArrayLike<number> }) => {
    expected ??= costs;
    assertCosts(name, costs, expected);
  };
  const x = dataOf(setting);
  const model = await startingModel(setting, 1);
  const start = await model.parameters();
  model.dispose();
  const list: Candidate[] = [];
  for (const { python, peer } of torches) {
    for (const gathered of [false, true]) {
      const { id, costs } = await pytorchDictionary(python, setting, x, start, gathered);
      const about = { who: `PyTorch, ${peer}`, peer, way: gathered ? 'gathered rows' : 'dense' };
      check(`${about.who}, ${about.way}, ${row.name}`, { costs });
      const subject = python.subject(`${about.who}, ${about.way}`, id);
      list.push({ subject, about, kernels: nothing, end: () => python.forget(id) });
    }
  }
  return [...(await engineCandidates(engines, row, check)), ...list];
}

async function benchRow(row: Row, context: Context, engines: readonly Engine[], torches: readonly Torch[]) {
  announce(`steps ${row.name}`);
  const threads = context.threads ?? 2;
  const list =
    row.kind === 'step'
      ? await stepCandidates(row, engines, torches, threads)
      : await dictionaryCandidates(row, engines, torches);
  const isLong = row.kind === 'dictionary' && row.setting.hidden >= LONG;
  const timings = await measure(
    list.map(({ subject }) => subject),
    { ...effortOf(context), ...(isLong ? { rounds: 3 } : {}) },
  );
  const kernels: (string | null)[] = [];
  for (const each of list) {
    kernels.push(await each.kernels());
    await each.end();
  }
  return withRatios(timings.map((timing, i) => ({ row: row.name, ...list[i].about, kernels: kernels[i], ...timing })));
}

/** The steps that count, on every Node that is named and on PyTorch, in turn in one run. */
export async function benchSteps(context: Context): Promise<Report> {
  const threads = context.threads ?? 2;
  const engines = await startEngines(context.nodes, threads);
  const records: ReturnType<typeof withRatios>[number][] = [];
  try {
    const torches = await startTorches(context, threads);
    for (const row of rowsWith(context.only, context.smoke)) {
      records.push(...(await benchRow(row, context, engines, torches)));
    }
  } finally {
    for (const engine of engines) engine.stop();
  }
  return {
    title: `Steps, ${threads} threads`,
    checked: `${CHECKED}; of dictionaries (Adam) the costs of the first ${STEPS} steps are PyTorch's to ${TOLERANCE}`,
    ...stepsTable(records),
    records: records.map((record) => ({ ...record })),
    notes: [
      "in brackets: over PyTorch's better way with AVX-512, then over its better way with AVX2; – where this machine has none",
      'turbo: --experimental-wasm-revectorize. Half of the calls lie within the spread of the row, ± of the median, at most',
      'KL, k-sparse at 784: momentum SGD. k-sparse: tied linear units; TopK: ReLU, a decoder of its own; both on noise, Adam. PyTorch, dense: codes scattered into a matrix and multiplied; gathered: embedding_bag over the survivors',
    ],
  };
}
