import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type RunFlags as OwnFlags, runFromFlags } from '../../../src/cli/run/run-from-flags.ts';
import { parseConfig } from '../../../src/model/config.ts';
import { models, presets } from '../../../src/training/presets.ts';
import type { Run } from '../../../src/training/run.ts';
import { assertRefused } from '../../support/errors.ts';

/** With the flags of parts, which stand beside them. */
type RunFlags = OwnFlags & { [flag: string]: unknown };

const run = (flags: RunFlags, source: string | undefined = 'data.csv') => runFromFlags(source, flags);
const configOf = (flags: RunFlags) => parseConfig({ ...run({ hidden: 3, ...flags }).model, inputs: 4 });

test('runFromFlags begins at the preset or the kind of model that is named, with seed 1', () => {
  for (const [name, preset] of Object.entries(presets)) {
    const { source, data, model, fit } = runFromFlags(undefined, { preset: name });
    assert.equal([source, data], [preset.source, preset.data], name);
    assert.equal(parseConfig({ ...model, inputs: 64 }), parseConfig({ ...preset.model, inputs: 64, seed: 1 }), name);
    assert.equal(fit, { ...preset.fit, seed: 1 }, name);
  }
  for (const [name, kind] of Object.entries(models)) {
    const { source, data, model, fit } = run({ model: name });
    assert.equal([source, data], ['data.csv', {}]);
    assert.equal(parseConfig({ ...model, inputs: 64 }), parseConfig({ ...kind.model, inputs: 64, seed: 1 }), name);
    assert.equal(fit, { ...kind.fit, seed: 1 }, name);
  }
});

/** Flags, and what the model's config then says. */
const flags: [RunFlags, object][] = [
  [{ corruption: 'masking:0.5' }, { corruption: { kind: 'masking', fraction: 0.5, exact: true } }],
  [{ corruption: 'salt-and-pepper:0.5' }, { corruption: { kind: 'salt-and-pepper', fraction: 0.5 } }],
  [{ corruption: 'multiplicative:0.5' }, { corruption: { kind: 'multiplicative', deviation: 0.5 } }],
  [{ corruption: 'gaussian' }, { corruption: { kind: 'gaussian', deviation: 0.25 } }],
  [
    { corruption: 'none', model: 'denoising' },
    { corruption: null, tied: true },
  ],
  [{ corruption: 'gaussian:0', emphasis: '2:1' }, { emphasis: { corrupted: 2, untouched: 1 } }],
  [
    { contraction: 0.5, activation: ['softplus'] },
    { contraction: { weight: 0.5, layer: 0 }, activation: 'softplus' },
  ],
  [{ contraction: 1, activation: ['relu'] }, { contraction: { weight: 1, layer: 0 } }],
  [{ k: 2 }, { sparsity: { kind: 'k-sparse', k: 2, layer: 0 }, tied: true, activation: 'linear', output: 'linear' }],
  [
    { k: 2, alpha: 1.5, tied: false },
    { tied: false, sparsity: { kind: 'k-sparse', k: 2, alpha: 1.5, layer: 0 } },
  ],
  [{ model: 'k-sparse', k: 3 }, { sparsity: { kind: 'k-sparse', k: 3, alpha: 3, layer: 0 } }],
  [
    { weightL1: 0.01, weightDecay: 0.1, tied: true },
    { weightL1: 0.01, weightDecay: 0.1, tied: true },
  ],
  [
    { hidden: [3, 2], activation: ['relu', 'tanh'] },
    { activation: ['relu', 'tanh'], hidden: [3, 2] },
  ],
  [{ sparsity: 'none' }, { sparsity: null }],
  [{ sparsity: 'l1' }, { sparsity: { kind: 'l1', weight: 0.01, layer: 0 } }],
  [{ target: 0.2, sparsityWeight: 5 }, { sparsity: { kind: 'kl', target: 0.2, weight: 5, layer: 0 } }],
  [{ activation: ['relu'] }, { sparsity: { kind: 'l1', weight: 0.01, layer: 0 } }],
];

test('runFromFlags puts each flag over its part of the model', () => {
  for (const [given, expected] of flags) {
    const config = configOf(given) as unknown as Record<string, unknown>;
    const some = Object.fromEntries(Object.keys(expected).map((key) => [key, config[key]]));
    assert.equal(some, expected, JSON.stringify(given));
  }
});

const refused: [RunFlags, RegExp][] = [
  [{ k: 4 }, /config\.sparsity\.k is 4: the layer has 3 units, so it must be at most 3/],
  [{ k: 0 }, /config\.sparsity\.k is 0/],
  [{ k: 2, sparsity: 'kl' }, /--k is 2 with --sparsity kl: leave it out/],
  [{ k: 2, target: 0.1 }, /--target is 0\.1 with --sparsity k-sparse/],
  [{ model: 'k-sparse', k: 2, sparsityWeight: 1 }, /--sparsity-weight is 1 with --sparsity k-sparse/],
  [{ alpha: 2 }, /--alpha is 2 with --sparsity kl/],
  [{ k: 2, alpha: -1 }, /config\.sparsity\.alpha is -1/],
  [{ k: 2, contraction: 1 }, /config\.contraction is 1 on a k-sparse layer/],
  [{ corruption: 'masking:1.5' }, /config\.corruption\.fraction is 1\.5: it must lie from 0 to 1/],
  [{ corruption: 'masking:-0.1' }, /config\.corruption\.fraction is -0\.1/],
  [{ corruption: 'masking:x' }, /corruption/],
  [{ corruption: 'masking:' }, /corruption/],
  [{ corruption: 'masking:0.5:0.1' }, /corruption/],
  [{ corruption: 'salt-and-pepper:2' }, /config\.corruption\.fraction is 2/],
  [{ corruption: 'gaussian:-1' }, /config\.corruption\.deviation is -1/],
  [{ corruption: 'blur:1' }, /--corruption is "blur:1": it must be one of masking/],
  [{ emphasis: '1:0.5' }, /config\.emphasis is given without config\.corruption/],
  [{ corruption: 'masking', emphasis: '1' }, /emphasis/],
  [{ corruption: 'masking', emphasis: '1:' }, /emphasis/],
  [{ corruption: 'masking', emphasis: '-1:1' }, /config\.emphasis\.corrupted is -1/],
  [{ preprocess: ['zca:'] }, /preprocessing\.0\.epsilon|--preprocess/],
  [{ contraction: -1 }, /config\.contraction is -1/],
  [{ weightL1: -1 }, /config\.weightL1 is -1/],
  [{ activation: ['relu', 'tanh'] }, /the list must have one entry for each of the 1 hidden layers/],
  [{ activation: ['step'] }, /config\.activation is "step": it must be one of sigmoid/],
  [{ model: 'sparse', preset: 'cs294a' }, /--preset cs294a and --model sparse are both given/],
];

test('runFromFlags refuses models that are not allowed in one line that names flag or key', async () => {
  for (const [given, message] of refused) {
    const call = () => runFromFlags('data.csv', { hidden: 3, ...given });
    await assertRefused(call, message).catch((error) => {
      assert.unreachable(`${JSON.stringify(given)}: ${(error as Error).message}`);
    });
  }
});

test('runFromFlags takes skip from flag or config where there are targets, and refuses it of an autoencoder', async () => {
  const config = { source: 'x.npy', data: {}, model: { hidden: 4, skip: true }, fit: {} };
  const message = /^--skip is given without --target-data: /;
  for (const make of [() => runFromFlags('x.npy', { skip: true }), () => runFromFlags(undefined, {}, config)]) {
    await assertRefused(async () => make(), message);
  }
  assert.is(runFromFlags(undefined, { targetData: 'y.npy' }, config).model.skip, true);
  assert.is(
    runFromFlags(undefined, { skip: true }, { ...config, target: 'y.npy', model: { hidden: 4 } }).model.skip,
    true,
  );
});

test('runFromFlags leaves the sparsity of a config as it is, whatever its kind, and swaps KL only in the built-in model', () => {
  for (const sparsity of [
    { kind: 'l1', weight: 0.2 },
    { kind: 'kl', target: 0.1, weight: 3 },
    { kind: 'k-sparse', k: 3 },
    [{ kind: 'l1', weight: 0.2, layer: 0 }],
  ] as const) {
    const config = { source: 'x.csv', data: {}, model: { hidden: 9, sparsity }, fit: {} } as unknown as Run;
    const run = runFromFlags(undefined, { config: 'run.json' }, config);
    assert.equal(run.model.sparsity, sparsity);
  }
  const kl = { kind: 'kl', target: 0.1, weight: 3 } as const;
  const config = { source: 'x.csv', data: {}, model: { hidden: 9, sparsity: kl }, fit: {} } as Run;
  assert.throws(() => runFromFlags(undefined, { config: 'run.json', activation: ['relu'] }, config), /relu has none/);
  assert.is((runFromFlags('x.csv', { activation: ['relu'] }).model.sparsity as { kind: string }).kind, 'l1');
});

test.run();
