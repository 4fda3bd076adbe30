import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Precision, toFlat } from '../../src/array/matrix.ts';
import { getMachine } from '../../src/kernels/simd/machine.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import type { AutoencoderConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import type { FitOptions } from '../../src/training/options.ts';
import { dictionaries } from '../support/dictionaries.ts';
import { assertRefused } from '../support/errors.ts';
import { precisions, randomView } from '../support/views.ts';
import { bitsOf, hexOf } from './runs.ts';

// Runs of today's dictionaries, cut after every step: θ, thresholds and counters of silent units as if nothing had happened.

const [M, D] = [23, 9];
const schedule = { kind: 'cosine', from: 0.05, to: 0.005, warmup: 3 } as const;
const optimizers: Record<string, FitOptions> = {
  adam: { epochs: 3, batchSize: 6, optimizer: { kind: 'adam', learningRate: schedule } },
  sgd: { epochs: 3, batchSize: 6, optimizer: { kind: 'sgd', learningRate: schedule, momentum: 0.9 } },
};

interface Run {
  readonly precision: Precision;
  readonly options: FitOptions;
  readonly threads?: number;
  readonly kept?: Uint8Array[];
}

/** θ, state, codes and costs at the end, in hexadecimal. */
async function run(config: Partial<AutoencoderConfig>, { precision, options, threads = 1, kept }: Run) {
  const full = { inputs: D, hidden: 21, seed: 4, ...config, precision };
  const x = randomView(M, D, 'rows', precision, 3);
  const apart = config.targets !== undefined || config.skip;
  const target = apart ? randomView(M, config.targets ?? D, 'rows', precision, 4) : undefined;
  const model = await Autoencoder.create(full, { threads });
  const checkpoint = kept && { every: 1, save: (bytes: Uint8Array) => void kept.push(bytes) };
  const { history } = await fit(model, x, { ...options, target, checkpoint });
  const state = await model.engine.state.read();
  const ended = {
    theta: await bitsOf(model),
    state: Object.entries(state).map(([name, value]) => `${name} ${hexOf(toFlat(value) as Float64Array)}`),
    codes: hexOf(toFlat(await model.encode(x))),
    costs: history.map(({ cost, terms }) => [cost, terms]),
  };
  model.dispose();
  return { ended, state };
}

for (const [name, config] of Object.entries(dictionaries)) {
  test(`a resumed run gives the bits of an uninterrupted one, cut after every step: ${name}`, async () => {
    for (const precision of precisions) {
      for (const options of Object.values(optimizers)) {
        const { ended: expected, state } = await run(config, { precision, options });
        const kept: Uint8Array[] = [];
        assert.equal((await run(config, { precision, options, kept })).ended, expected, 'checkpoints change nothing');
        assert.is(kept.length, 12);
        for (const [i, resume] of kept.entries()) {
          const again = await run(config, { precision, options: { ...options, resume } });
          assert.equal(again.ended, expected, `${precision}, step ${i + 1}`);
        }
        if ('code.threshold' in state) assert.ok(toFlat(state['code.threshold'])[0] > 0, 'the threshold moves');
      }
    }
  });
}

test('aux-k and counters are alive in the runs that are cut', async () => {
  for (const [name, config] of Object.entries(dictionaries).filter(([, { auxiliary }]) => auxiliary)) {
    const model = await Autoencoder.create({ inputs: D, hidden: 21, seed: 4, ...config });
    const target = config.targets === undefined ? undefined : randomView(M, config.targets, 'rows', 'float32', 4);
    let most = 0;
    await fit(model, randomView(M, D, 'rows', 'float32', 3), {
      ...optimizers.adam,
      target,
      onProgress: ({ terms }) => {
        most = Math.max(most, terms.auxiliary ?? 0);
      },
    });
    const counters = toFlat((await model.state())['code.examplesSinceFired']);
    assert.ok(
      counters.some((silence) => silence > 0),
      `${name}: some unit is silent`,
    );
    assert.ok(most > 0, `${name}: aux-k counts`);
  }
});

test('one and two threads end with the same bits, resumed on either', async () => {
  getMachine()?.startWorkers(2);
  const wide = { inputs: 90, hidden: 400 } as const;
  const x = randomView(200, 90, 'rows', 'float32', 5);
  const options: FitOptions = { epochs: 2, batchSize: 64, optimizer: { kind: 'adam', learningRate: 0.01 } };
  const end = async (config: Partial<AutoencoderConfig>, threads: number, more: FitOptions = {}) => {
    const model = await Autoencoder.create({ ...config, ...wide }, { threads });
    assert.is(model.engine.kernels.threads, threads);
    await fit(model, x, { ...options, ...more });
    const state = Object.values(await model.engine.state.read()).map((value) => hexOf(toFlat(value) as Float64Array));
    const codes = hexOf(toFlat(await model.encode(x)));
    const theta = await bitsOf(model);
    model.dispose();
    return [theta, codes, ...state].join('\n');
  };
  const chosen = Object.entries(dictionaries).filter(([, { targets, prefixes }]) => !targets && !prefixes);
  for (const [name, config] of chosen) {
    const kept: Uint8Array[] = [];
    const checkpoint = { every: 3, save: (bytes: Uint8Array) => void kept.push(bytes) };
    const one = await end(config, 1, { checkpoint });
    assert.ok((await end(config, 2)) === one, `${name} on two threads`);
    for (const threads of [1, 2])
      assert.ok((await end(config, threads, { resume: kept[0] })) === one, `${name} resumed`);
  }
});

test('a checkpoint of other dictionaries, or of targets that differ, is refused', async () => {
  const kept: Uint8Array[] = [];
  const options = optimizers.adam;
  await run(dictionaries['batch-top-k'], { precision: 'float32', options, kept });
  const resume = { precision: 'float32', options: { ...options, resume: kept[2] } } as const;
  for (const [config, message] of [
    [{ sparsity: { kind: 'batch-top-k', k: 2 } }, /config/],
    [{ ...dictionaries['batch-top-k'], unitNorm: true }, /config/],
    [{ ...dictionaries['batch-top-k'], center: true }, /config/],
    [{ ...dictionaries['batch-top-k'], prefixes: [4, 21] }, /config/],
    [{ ...dictionaries['batch-top-k'], auxiliary: { kind: 'aux-k' } }, /config/],
    [{ ...dictionaries['batch-top-k'], skip: true }, /./],
  ] as [Partial<AutoencoderConfig>, RegExp][])
    await assertRefused(() => run(config, resume), message);

  const model = await Autoencoder.create({ inputs: D, hidden: 21, sparsity: { kind: 'top-k', k: 2 }, targets: 4 });
  const x = randomView(M, D, 'rows', 'float32', 3);
  const target = randomView(M, 4, 'rows', 'float32', 4);
  const saved: Uint8Array[] = [];
  await fit(model, x, { ...options, target, checkpoint: { every: 1, save: (bytes) => void saved.push(bytes) } });
  const other = randomView(M, 4, 'rows', 'float32', 5);
  await assertRefused(() => fit(model, x, { ...options, target: other, resume: saved[3] }), /differ/);
});

test.run();
