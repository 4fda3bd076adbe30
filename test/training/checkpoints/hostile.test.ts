import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { scalar, vector } from '../../../src/array/matrix.ts';
import { Autoencoder } from '../../../src/model/autoencoder.ts';
import {
  type Checkpoint,
  deserializeCheckpoint,
  serializeCheckpoint,
} from '../../../src/training/checkpoints/checkpoint.ts';
import { fit } from '../../../src/training/fit.ts';
import { assertRefused } from '../../support/errors.ts';

// Checkpoints whose checksum is right and whose content is not that of the run: refused before anything is changed.

const rows = Array.from({ length: 12 }, (_, k) => Array.from({ length: 6 }, (_, i) => Math.sin(k * 3.1 + i * 1.7)));
const config = { inputs: 6, hidden: 10, output: 'linear', seed: 1, sparsity: { kind: 'batch-top-k', k: 2 } } as const;
const run = { optimizer: { kind: 'sgd', learningRate: 0.05 }, epochs: 6, batchSize: 5, validation: rows } as const;
const best = { ...run, keep: 'best' } as const;

/** The checkpoint after step 8 of 18, in the third epoch. */
async function saved(options: typeof run | typeof best): Promise<Checkpoint> {
  const all: Uint8Array[] = [];
  const checkpoint = { every: 8, save: (bytes: Uint8Array) => void all.push(bytes) };
  await fit(await Autoencoder.create(config), rows, { ...options, checkpoint });
  return deserializeCheckpoint(all[0]);
}

const keeping = await saved(best);
const plain = await saved(run);
const kept = keeping.kept as NonNullable<Checkpoint['kept']>;
const none = /^checkpoint: the best parameters it keeps are not those of its run/;
const position = /^checkpoint: its position is none of its run/;
const at = (more: Partial<Checkpoint['position']>) => ({ ...plain, position: { ...plain.position, ...more } });
const [first, second] = plain.position.history;

const damages: [string, Checkpoint, typeof run | typeof best, RegExp][] = [
  [
    'best parameters of the other precision',
    { ...keeping, kept: { ...kept, theta: Float64Array.from(kept.theta) } },
    best,
    none,
  ],
  ['fewer of them', { ...keeping, kept: { ...kept, theta: kept.theta.slice(1) } }, best, none],
  ['none of them', { ...keeping, kept: null }, best, none],
  ['no state beside them', { ...keeping, kept: { ...kept, state: {} } }, best, none],
  [
    'another state',
    { ...keeping, kept: { ...kept, state: { ...kept.state, 'code.other': vector(new Float64Array(1)) } } },
    best,
    none,
  ],
  [
    'a state that is no number',
    {
      ...keeping,
      kept: {
        ...kept,
        state: { 'code.threshold': scalar(Float64Array.of(Number.NaN)) as never },
      },
    },
    best,
    /^state "code\.threshold" holds NaN/,
  ],
  ['best parameters that nobody asked for', { ...plain, kept }, run, none],
  ['more batches than an epoch has', at({ batch: 1e9 }), run, position],
  ['a step of another place', at({ step: 9 }), run, position],
  ['examples that are not those of its batches', at({ examples: 0 }), run, position],
  ['more epochs than the run', at({ history: Array.from({ length: 7 }, () => first), step: 23 }), run, position],
  [
    'a history without validation',
    at({ history: [first, second].map(({ validation: _, ...entry }) => entry) }),
    run,
    position,
  ],
  ['sums of another term', at({ sums: { ...plain.position.sums, other: 1 } }), run, position],
];

test('the checkpoints themselves are taken up', async () => {
  for (const [checkpoint, options] of [
    [keeping, best],
    [plain, run],
  ] as const) {
    const model = await Autoencoder.create(config);
    const { steps } = await fit(model, rows, { ...options, resume: await serializeCheckpoint(checkpoint) });
    assert.is(steps, 18);
  }
});

for (const [what, checkpoint, options, message] of damages) {
  test(`a checkpoint with ${what} is refused, and the model stays as it is`, async () => {
    const model = await Autoencoder.create(config);
    const before = [await model.parameters(), await model.state()];
    const resume = await serializeCheckpoint(checkpoint);
    await assertRefused(() => fit(model, rows, { ...options, resume }), message);
    assert.equal([await model.parameters(), await model.state()], before);
  });
}

test('a corrupted model has draws for 2^21 epochs, in a resumed run too', async () => {
  const denoising = {
    inputs: 6,
    hidden: 4,
    seed: 1,
    output: 'linear',
    corruption: { kind: 'masking', fraction: 0.5 },
  } as const;
  const all: Uint8Array[] = [];
  const checkpoint = { every: 8, save: (bytes: Uint8Array) => void all.push(bytes) };
  const { validation: _, ...options } = run;
  await fit(await Autoencoder.create(denoising), rows, { ...options, checkpoint });
  const good = await deserializeCheckpoint(all[0]);
  const resume = await serializeCheckpoint({ ...good, position: { ...good.position, before: 2 ** 21 } });
  const model = await Autoencoder.create(denoising);
  const before = await model.parameters();
  await assertRefused(() => fit(model, rows, { ...options, resume }), position);
  assert.equal(await model.parameters(), before);
});

test.run();
