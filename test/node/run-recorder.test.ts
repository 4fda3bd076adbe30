import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Matrix, matrix } from '../../src/array/matrix.ts';
import { fillUniform, stream } from '../../src/array/random.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { readMetrics } from '../../src/node/metrics-log.ts';
import { RunRecorder } from '../../src/node/run-recorder.ts';
import type { MetricsLine } from '../../src/report/metrics-line.ts';
import { fit } from '../../src/training/fit.ts';
import { type FitOptions, planFit } from '../../src/training/options.ts';

const M = 130;
const D = 6;
const x: Matrix = matrix(fillUniform(new Float32Array(M * D), { seed: 7, stream: stream.testing }, 0.1, 0.9), M, D);

interface Recorded {
  readonly lines: MetricsLine[];
  readonly theta: readonly number[];
  readonly history: readonly { readonly cost: number; readonly epoch: number; readonly step: number }[];
  readonly hasSnapshot: boolean;
}

/** Trains with a recorder, or without one. */
async function trained(
  config: Partial<AutoencoderConfig>,
  options: FitOptions,
  every?: number | null,
): Promise<Recorded> {
  const folder = mkdtempSync(join(tmpdir(), 'rhohat-recorder-'));
  const model = await Autoencoder.create({ inputs: D, hidden: 9, ...config } as AutoencoderConfig);
  try {
    const plan = planFit(options, M, model.config.seed, model.config.precision);
    const watched = { steps: [], x, reconstructs: true };
    const failed = (what: string, error: Error) => assert.unreachable(`${what}: ${error.message}`);
    const recorder =
      every === null
        ? null
        : await RunRecorder.open({ folder, model, plan, watched, step: 0, seconds: 0, every, failed });
    const { history } = await fit(model, x, {
      ...options,
      onProgress: (progress) => recorder?.see(progress),
      onEpoch: (entry) => recorder?.ended(entry),
    });
    await recorder?.close();
    const theta = Object.values(await model.parameters()).flatMap(({ data }) => [...data]);
    const hasSnapshot = existsSync(join(folder, 'snapshot.json'));
    if (hasSnapshot) JSON.parse(readFileSync(join(folder, 'snapshot.json'), 'utf8'));
    return { lines: await readMetrics(folder), theta, history, hasSnapshot };
  } finally {
    model.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

const runs: Record<string, [Partial<AutoencoderConfig>, FitOptions]> = {
  kl: [{ sparsity: { kind: 'kl', target: 0.1, weight: 1 } }, { epochs: 4, batchSize: 20 }],
  'k-sparse': [
    { activation: 'linear', output: 'linear', sparsity: { kind: 'k-sparse', k: 3 } },
    { epochs: 4, batchSize: 50 },
  ],
  'top-k with AuxK': [
    {
      sparsity: { kind: 'top-k', k: 2 },
      center: true,
      unitNorm: true,
      auxiliary: { kind: 'aux-k', k: 3, deadAfter: 50 },
    },
    { epochs: 4, batchSize: 20 },
  ],
  'batch-top-k': [{ sparsity: { kind: 'batch-top-k', k: 2 } }, { epochs: 3, batchSize: 20 }],
  denoising: [{ corruption: { kind: 'masking', fraction: 0.3 } }, { epochs: 3, batchSize: 20 }],
  deep: [{ hidden: [5, 3] }, { epochs: 3, batchSize: 20 }],
  lbfgs: [{}, { optimizer: { kind: 'lbfgs', iterations: 12 } }],
};

for (const [name, [config, options]] of Object.entries(runs)) {
  test(`${name}: recording changes no bit, and every line has all that it shall have`, async () => {
    const [recorded, alone] = [await trained(config, options), await trained(config, options, null)];
    assert.equal(recorded.theta, alone.theta);
    assert.equal(recorded.history, alone.history);
    assert.equal(
      recorded.lines.filter(({ step }) => recorded.history.some((entry) => entry.step === step)).length,
      recorded.history.length,
    );
    for (const line of recorded.lines) {
      assert.ok(Number.isFinite(line.cost) && Number.isFinite(line.gradientNorm), JSON.stringify(line));
      assert.ok(
        Math.abs(Object.values(line.terms).reduce((a: number, b) => a + (b ?? 0), 0) - (line.cost ?? 0)) <
          1e-5 * Math.abs(line.cost ?? 0) + 1e-9,
      );
      assert.is(line.learningRate, name === 'lbfgs' ? null : 0.001);
      assert.ok((line.examplesPerSecond ?? 0) > 0 && line.seconds > 0);
    }
    // The first and the last line have what a look finds.
    for (const line of [recorded.lines[0], recorded.lines[recorded.lines.length - 1]]) {
      assert.ok(line.l0 !== null && line.l0 > 0 && line.dead !== null && (line.looked ?? 0) > 0, JSON.stringify(line));
    }
    const k = (config.sparsity as { k?: number } | undefined)?.k;
    if (k !== undefined && name !== 'k-sparse') assert.ok((recorded.lines[0].l0 ?? 99) <= 1.5 * k);
  });
}

test('a line of an epoch has the mean of the epoch; lines within long epochs that of the steps since the last one', async () => {
  const options: FitOptions = { epochs: 1, batchSize: 10 }; // 13 steps, one epoch
  const { lines, history } = await trained({}, options);
  assert.equal(
    lines.map(({ step }) => step),
    Array.from({ length: 13 }, (_, i) => i + 1),
  );
  const mean = lines.reduce((sum, { cost }) => sum + (cost ?? 0), 0) / 13;
  assert.ok(Math.abs(mean - history[0].cost) < 1e-6 * mean);
  const whole = await trained({}, { epochs: 700, batchSize: 130 });
  assert.is(whole.lines.length, 700);
  whole.lines.forEach(({ cost, epoch }, i) => {
    assert.is(cost, whole.history[i].cost);
    assert.is(epoch, i + 1);
  });
});

test('with `every` a line every so many steps, and one for the rest', async () => {
  const { lines } = await trained({}, { epochs: 2, batchSize: 10 }, 4);
  assert.equal(
    lines.map(({ step }) => step),
    [4, 8, 12, 16, 20, 24, 26],
  );
  assert.equal(
    lines.map(({ epoch }) => epoch),
    [1, 1, 1, 2, 2, 2, 2],
  );
});

test('validation stands in the line of its epoch alone', async () => {
  const { lines } = await trained({}, { epochs: 3, batchSize: 65, validation: x });
  assert.equal(
    lines.map(({ validation }) => typeof validation),
    lines.map(({ step }) => (step % 2 === 0 ? 'number' : 'undefined')),
  );
});

test('of runs of very many epochs no more than some thousand lines are written', async () => {
  const { lines, history } = await trained({}, { epochs: 12_000, batchSize: 130 });
  assert.is(history.length, 12_000);
  assert.ok(lines.length >= 2000 && lines.length <= 6000, `${lines.length}`);
  assert.is(lines[lines.length - 1].step, 12_000);
});

test.run();
