import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows } from '../../src/array/matrix.ts';
import { applyPreprocessing } from '../../src/data/preprocessing/preprocessing.ts';
import { type LoadedDictionary, type LoadOptions, loadDictionary } from '../../src/dictionaries/index.ts';
import { deserializeModel, fit, serializeModel } from '../../src/index.ts';
import { assertRefused } from '../support/errors.ts';
import { assertExpected, type Expected } from './expected.ts';

// Each layout once, with codes by the libraries' documented formulas: see make_dictionaries.py.

interface Made extends Expected {
  readonly files: Readonly<Record<string, string>>;
  readonly options: LoadOptions;
}

const made: Record<string, Made> = JSON.parse(readFileSync('test/dictionaries/fixtures/dictionaries.json', 'utf8'));

function load({ files, options }: Made): Promise<LoadedDictionary> {
  const bytes = Object.entries(files).map(([name, text]) => [name, new Uint8Array(Buffer.from(text, 'base64'))]);
  return loadDictionary(Object.fromEntries(bytes), { threads: 1, ...options });
}

for (const [name, dictionary] of Object.entries(made)) {
  test(`${name}: codes and outputs of its library, saved and read again too, and it is trained on`, async () => {
    const loaded = await load(dictionary);
    const { model, preprocessing, metadata } = loaded;
    await assertExpected(loaded, dictionary, name);
    const again = await deserializeModel(await serializeModel(model, { preprocessing, metadata }), { threads: 1 });
    assert.equal(await again.model.parameters(), await model.parameters());
    again.model.dispose();

    const x = applyPreprocessing(preprocessing, fromRows(dictionary.input, 'float32'));
    const isTranscoder = model.config.targets !== model.config.inputs || model.config.skip;
    const target = isTranscoder
      ? {
          target: fromRows(
            dictionary.output.map((row) => row.map((v) => v + 0.1)),
            'float32',
          ),
        }
      : {};
    const before = await model.costAndGradient(x, target);
    await fit(model, x, { ...target, epochs: 30, batchSize: 5, optimizer: { kind: 'adam', learningRate: 1e-3 } });
    const after = await model.costAndGradient(x, target);
    assert.ok(after.cost < before.cost, `${after.cost} after ${before.cost}`);
    model.dispose();
  });
}

test('a skip connection takes inputs as they are, whatever the encoder is given', async () => {
  const { files, options } = made['saelens-skip-transcoder'];
  const bytes = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, new Uint8Array(Buffer.from(text, 'base64'))]),
  );
  const cfg = JSON.parse(new TextDecoder().decode(bytes['cfg.json']));
  const encoded = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const withNorm = (kind: string, more = {}) =>
    loadDictionary(
      { ...bytes, 'cfg.json': encoded({ ...cfg, normalize_activations: kind }), ...more },
      { threads: 1, ...options },
    );
  const plain = await withNorm('none');
  const scaler = { 'activation_scaler.json': encoded({ scaling_factor: 2 }) };
  const scaled = await withNorm('expected_average_only_in', scaler);
  const [one, other] = [await plain.model.parameters(), await scaled.model.parameters()];
  assert.is(other['encoder.weight'].get(1, 2), 2 * one['encoder.weight'].get(1, 2));
  assert.is(other['skip.weight'].get(1, 2), one['skip.weight'].get(1, 2));
  for (const { model } of [plain, scaled]) model.dispose();
  for (const kind of ['layer_norm', 'constant_norm_rescale', 'expected_average_only_in']) {
    await assertRefused(() => withNorm(kind), /gives its skip connection the inputs as they are/);
  }
});

test('what was assumed, folded or turned is said, and whose it is', async () => {
  const said = async (name: string) => {
    const { model, notes, format, architecture, facts, metadata } = await load(made[name]);
    model.dispose();
    assert.equal(JSON.parse(metadata.dictionary), { format, architecture, notes, facts });
    return `${format}, ${architecture}: ${notes.join('; ')}`;
  };
  assert.match(
    await said('state-dict-strided'),
    /^state-dict, relu: .*inputs lose b_dec first.*W_enc lies turned round/,
  );
  assert.match(await said('saelens-scaled'), /^saelens, standard: .*factor 0.37 is folded/);
  assert.match(await said('saelens-topk-norms'), /norms of decoder rows are folded in/);
  assert.match(await said('saelens-batchtopk-checkpoint'), /topk_threshold 0.8 is the threshold/);
  assert.match(await said('saelens-3-finetuned'), /scaling_factor is folded into the decoder/);
  assert.match(await said('gemma-scope'), /^gemma-scope, jumprelu: .*by default: the files say none/);
  assert.match(await said('openai'), /layer norm: a step of preprocessing/);
  assert.match(await said('llama-scope'), /that is folded into the weights/);
  assert.match(
    await said('dictionary-learning-matryoshka'),
    /MatryoshkaBatchTopKSAE: BatchTopK units, which encode by their saved threshold/,
  );
});

test('k, bandwidth and penalties are those of the config', async () => {
  const sparsity = async (name: string) => {
    const { model } = await load(made[name]);
    model.dispose();
    return model.config.sparsity;
  };
  assert.equal(await sparsity('saelens-topk-norms'), { kind: 'top-k', k: 3, layer: 0 });
  assert.equal(await sparsity('openai'), { kind: 'top-k', k: 4, layer: 0 });
  assert.equal(await sparsity('saelens-gated'), {
    kind: 'gated',
    weight: 0.2,
    decoderNorm: true,
    live: true,
    layer: 0,
  });
  assert.equal(await sparsity('saelens-log-threshold'), {
    kind: 'jump-relu',
    bandwidth: 0.02,
    penalty: { kind: 'l0', weight: 0.005 },
    layer: 0,
  });
  assert.equal(await sparsity('dictionary-learning-standard'), { kind: 'l1', weight: 0.03, layer: 0 });
});

test.run();
