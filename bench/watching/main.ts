// npm run bench:watching: what it costs a run to be watched: time of training with and without a recorder, side by side; --live with a page
// that asks once a second; the report; peak memory of the process.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Matrix, matrix } from '../../src/array/matrix.ts';
import { median } from '../../src/array/quantile.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { RunRecorder } from '../../src/node/run-recorder.ts';
import { openRuns } from '../../src/node/view/run-reader.ts';
import { runReport } from '../../src/report/html/run-report.ts';
import { fit } from '../../src/training/fit.ts';
import { type FitOptions, planFit } from '../../src/training/options.ts';
import { given, publish } from '../harness/publish.ts';

interface Case {
  readonly m: number;
  readonly d: number;
  readonly config: Omit<AutoencoderConfig, 'inputs'>;
  readonly options: FitOptions;
}

const kl = { kind: 'kl', target: 0.05, weight: 3 } as const;
const cases: Readonly<Record<string, Case>> = {
  '784-196-784, KL, Adam, batch 100': {
    m: 10_000,
    d: 784,
    config: { hidden: 196, sparsity: kl },
    options: { epochs: 8 },
  },
  '64-25-64, KL, L-BFGS': {
    ...{ m: 10_000, d: 64, config: { hidden: 25, sparsity: kl } },
    options: { optimizer: { kind: 'lbfgs', iterations: 200 } },
  },
  '8-4-8, Adam, batch 10: steps of microseconds': {
    m: 500,
    d: 8,
    config: { hidden: 4 },
    options: { epochs: 300, batchSize: 10 },
  },
  '256 → 2,048, TopK, batch 256': {
    ...{ m: 10_000, d: 256, config: { hidden: 2048, sparsity: { kind: 'top-k', k: 32 }, unitNorm: true } },
    options: { epochs: 2, batchSize: 256 },
  },
};
const PAIRS = 5;

async function trained({ config, options }: Case, x: Matrix, isRecorded: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'rhohat-watching-'));
  const model = await Autoencoder.create({ inputs: x.shape[1], ...config } as AutoencoderConfig, { threads: 1 });
  try {
    const plan = planFit(options, x.shape[0], model.config.seed, model.config.precision);
    const failed = (what: string, error: Error) => {
      throw new Error(`${what}: ${error.message}`);
    };
    const watched = { steps: [], x, reconstructs: true };
    const recorder = isRecorded
      ? await RunRecorder.open({ folder, model, plan, watched, step: 0, seconds: 0, failed })
      : null;
    const begin = performance.now();
    await fit(model, x, {
      ...options,
      onProgress: (progress) => recorder?.see(progress),
      onEpoch: (entry) => recorder?.ended(entry),
    });
    await recorder?.close();
    const milliseconds = performance.now() - begin;
    const theta = Object.values(await model.parameters()).map(({ data }) =>
      Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    );
    return { milliseconds, looks: recorder?.milliseconds ?? 0, theta: Buffer.concat(theta) };
  } finally {
    model.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs of either kind, by turns, which must end with the same bits. */
async function recorded(name: string, one: Case) {
  const x = matrix(
    fillUniform(new Float32Array(one.m * one.d), { seed: 1, stream: stream.testing }, 0.1, 0.9),
    one.m,
    one.d,
  );
  await trained(one, x, true);
  const seen: { alone: number; with: number; looks: number }[] = [];
  for (let i = 0; i < PAIRS; i++) {
    const order = i % 2 === 0 ? [false, true] : [true, false];
    const [first, second] = [await trained(one, x, order[0]), await trained(one, x, order[1])];
    const [alone, along] = order[0] ? [second, first] : [first, second];
    if (!alone.theta.equals(along.theta)) throw new Error(`${name}: recording changed the bits of θ`);
    seen.push({ alone: alone.milliseconds, with: along.milliseconds, looks: along.looks });
  }
  const ratio = median(seen.map((pair) => pair.with / pair.alone));
  const share = median(seen.map((pair) => pair.looks / pair.with));
  const time = median(seen.map((pair) => pair.alone));
  const percent = (value: number) => `${(100 * value).toFixed(2)}%`;
  return {
    row: [name, `${(time / 1000).toFixed(2)} s`, percent(ratio - 1), percent(share)],
    record: { row: name, milliseconds: time, ratio, share },
  };
}

/** A run of the command line: seconds, and the most memory that it held. */
async function run(args: readonly string[], asks: boolean): Promise<{ seconds: number; mib: number; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'rhohat-watching-'));
  const begin = performance.now();
  const child = spawn(
    process.execPath,
    [join(process.cwd(), 'dist/cli/main.js'), ...args, '--out', join(folder, 'run')],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  let mib = 0;
  let asked = 0;
  while (child.exitCode === null) {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      mib = Math.max(mib, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has just ended.
    }
    const [address] = /http:\S+/.exec(said) ?? [];
    if (asks && address !== undefined && performance.now() - asked > 1000) {
      asked = performance.now();
      for (const path of ['runs.json', 'runs/0/metrics?from=0', 'runs/0/snapshot.json']) {
        get(`${address}${path}`, (response) => response.resume()).on('error', () => undefined);
      }
    }
    await wait(20);
  }
  if (child.exitCode !== 0) throw new Error(said);
  return { seconds: (performance.now() - begin) / 1000, mib, folder };
}

const lines: Awaited<ReturnType<typeof recorded>>[] = [];
for (const [name, one] of Object.entries(cases).filter(([name]) => name.includes(given().args[0] ?? '')))
  lines.push(await recorded(name, one));

const ARGS = ['train', 'dead-leaves', '--hidden', '100', '--iterations', '300', '--patches', '20000'];
const seen: { plain: number; live: number; memory: number[] }[] = [];
const notes: string[] = [];
for (let i = 0; i < 3; i++) {
  const [plain, live] = [await run(ARGS, false), await run([...ARGS, '--live'], true)];
  seen.push({ plain: plain.seconds, live: live.seconds, memory: [plain.mib, live.mib] });
  if (i === 2) {
    const [reader] = await openRuns([join(live.folder, 'run')]);
    const account = await reader.account();
    const begin = performance.now();
    const page = await runReport(account);
    const report = performance.now() - begin;
    notes.push(
      `report.html: ${Math.round(report)} ms, ${Math.round(page.length / 1024)} KiB; snapshot.json ${Math.round(statSync(join(live.folder, 'run/snapshot.json')).size / 1024)} KiB`,
    );
  }
  for (const { folder } of [plain, live]) rmSync(folder, { recursive: true, force: true });
}
const at = (of: (one: (typeof seen)[number]) => number) => median(seen.map(of));
notes.push(
  `--live with a reader that asks once a second: ${(100 * (at(({ plain, live }) => live / plain) - 1)).toFixed(1)}% of ${at(({ plain }) => plain).toFixed(1)} s; peak memory ${at(({ memory }) => memory[0]).toFixed(0)} → ${at(({ memory }) => memory[1]).toFixed(0)} MiB`,
);
publish('bench:watching', 'watching', {
  title: 'What being watched costs a run',
  checked: 'θ of a run with a recorder has the bits of one without',
  columns: ['model', 'training alone', 'with a recorder', 'looks and snapshots'],
  rows: lines.map(({ row }) => row),
  records: lines.map(({ record }) => record),
  notes: [
    'with a recorder: the difference of whole runs, by turns; looks and snapshots: timed within the run',
    ...notes,
  ],
});
