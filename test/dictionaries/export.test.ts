import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, scalar, vector } from '../../src/array/matrix.ts';
import { readNpy } from '../../src/data/formats/npy.ts';
import { readSafetensors } from '../../src/data/formats/safetensors.ts';
import { openZip, type ZipMember } from '../../src/data/formats/zip/zip.ts';
import {
  applyPreprocessing,
  fitPreprocessing,
  type Preprocessing,
} from '../../src/data/preprocessing/preprocessing.ts';
import { floorTo } from '../../src/dictionaries/export/plain-dictionary.ts';
import { type DictionaryFormat, dictionaryFormats, exportDictionary } from '../../src/dictionaries/index.ts';
import { Autoencoder, type AutoencoderConfig } from '../../src/index.ts';
import type { LayerPlace } from '../../src/layers/layer.ts';
import { layerKinds } from '../../src/layers/table.ts';
import { refused } from '../data/refused.ts';
import { assertClose } from '../support/close.ts';
import { exportedCases, madeCase } from './exported-cases.ts';

// What is in the files, without Python, and what is refused. test/dictionaries/export-python.test.ts has the numbers.

const named = (name: string) => exportedCases.find((given) => given.name === name) ?? assert.unreachable(name);
const json = (files: Map<string, Uint8Array>, name: string) => JSON.parse(new TextDecoder().decode(files.get(name)));
const made = async (name: string, metadata: Record<string, string> = {}) => madeCase(named(name) as never, metadata);
const saved = async (
  config: Partial<AutoencoderConfig>,
  preprocessing: readonly Preprocessing[] = [],
  metadata = {},
) => ({
  model: await Autoencoder.create({ inputs: 3, hidden: 5, ...config } as AutoencoderConfig, { threads: 1 }),
  preprocessing,
  metadata,
});

const bytesOf = async (member: ZipMember) => (await member.open()).read(0, member.size);

test('SAELens: cfg.json of version 6 and the tensors, bits as they are where nothing is folded', async () => {
  const origin = {
    model_name: 'gpt2',
    hook_name: 'blocks.3.hook_mlp_out',
    context_size: '128',
    prepend_bos: 'true',
    own: 'x',
  };
  const { saved: model } = await made('top-k, centred', origin);
  const { files, architecture, notes } = await exportDictionary(model, { format: 'saelens' });
  assert.equal([architecture, notes, [...files.keys()]], ['topk', [], ['cfg.json', 'sae_weights.safetensors']]);
  assert.equal(json(files, 'cfg.json'), {
    architecture: 'topk',
    d_in: 7,
    d_sae: 23,
    k: 3,
    rescale_acts_by_decoder_norm: false,
    dtype: 'float32',
    device: 'cpu',
    apply_b_dec_to_input: true,
    normalize_activations: 'none',
    reshape_activations: 'none',
    metadata: {
      model_name: 'gpt2',
      hook_name: 'blocks.3.hook_mlp_out',
      context_size: 128,
      prepend_bos: true,
      sae_lens_version: '6.0.0',
      sae_lens_training_version: null,
    },
  });
  const { tensors } = readSafetensors(files.get('sae_weights.safetensors') as Uint8Array);
  const parameters = await model.model.parameters();
  assert.equal([...tensors.keys()].sort(), ['W_dec', 'W_enc', 'b_dec', 'b_enc']);
  const of = (name: string) => tensors.get(name)?.data;
  const bits = ({ data, offset, size }: (typeof parameters)[string]) => data.slice(offset, offset + size);
  assert.equal(of('W_dec'), bits(parameters['decoder.weight']));
  assert.equal([of('b_dec'), of('b_enc')], [bits(parameters['decoder.bias']), bits(parameters['encoder.bias'])]);
  assert.is(of('W_enc')?.[2 * 23 + 5], parameters['encoder.weight'].get(5, 2));
});

test('a centred dictionary behind standardization sees the data in raw units with its bias as it is', async () => {
  const { saved: model } = await made('batch-top-k, centred, unit norm');
  const { files, notes } = await exportDictionary(model, { format: 'saelens' });
  assert.match(notes.join(), /folded into the weights: standardize/);
  const { tensors } = readSafetensors(files.get('sae_weights.safetensors') as Uint8Array);
  const parameters = await model.model.parameters();
  const [step] = model.preprocessing;
  if (step.kind !== 'standardize') throw new Error(step.kind);
  const at = (name: string, i: number) => tensors.get(name)?.data[i] ?? Number.NaN;
  assertClose(
    [at('W_enc', 2 * 23 + 5), at('W_dec', 5 * 7 + 2), at('b_dec', 2), at('b_enc', 5)],
    [
      parameters['encoder.weight'].get(5, 2) / step.deviation.get(2),
      parameters['decoder.weight'].get(5, 2) * step.deviation.get(2),
      parameters['decoder.bias'].get(2) * step.deviation.get(2) + step.mean.get(2),
      parameters['encoder.bias'].get(5),
    ],
    { rtol: 1e-6 },
  );
});

test('the running threshold goes down to float32, so that the same activations are above it', async () => {
  assert.is(floorTo('float32', 0.5), 0.5);
  assert.is(floorTo('float64', 0.1), 0.1);
  for (const t of [0.1, 0.7, 1e-40, 1e-300, 12345.678, 3e38]) {
    const below = floorTo('float32', t);
    const next = new Float32Array(
      new Uint32Array(Float32Array.of(below).buffer.slice(0)).map((bits) => bits + 1).buffer,
    )[0];
    assert.ok(below <= t && next > t && Math.fround(below) === below, `${t}: ${below}, ${next}`);
  }
  const { model, ...rest } = await saved({ sparsity: { kind: 'batch-top-k', k: 2 } });
  model.setState({ 'code.threshold': scalar(Float64Array.of(0.7)) });
  const { files } = await exportDictionary({ model, ...rest }, { format: 'saelens' });
  const { tensors } = readSafetensors(files.get('sae_weights.safetensors') as Uint8Array);
  assert.equal(tensors.get('threshold')?.data, new Float32Array(5).fill(floorTo('float32', 0.7)));
});

test('npz: plain arrays, and b_dec is never taken off x', async () => {
  const { saved: model, rows, codes } = await made('matryoshka');
  const { files, notes } = await exportDictionary(model, { format: 'npz' });
  assert.match(notes.join(), /W·c went into the bias/);
  assert.equal([...files.keys()], ['params.npz', 'config.json']);
  const members = await openZip(files.get('params.npz') as Uint8Array);
  const arrays = new Map<string, ReturnType<typeof readNpy>>();
  for (const member of members) arrays.set(member.name, readNpy(await bytesOf(member)));
  assert.equal([...arrays.keys()], ['W_enc.npy', 'W_dec.npy', 'b_dec.npy', 'b_enc.npy', 'threshold.npy']);
  const at = (name: string, i: number) => Number(arrays.get(`${name}.npy`)?.data[i]);
  const expected = Float64Array.from({ length: 40 * 23 }, (_, i) => {
    const [k, j] = [Math.floor(i / 23), i % 23];
    let z = at('b_enc', j);
    for (let t = 0; t < 7; t++) z += rows.get(k, t) * at('W_enc', t * 23 + j);
    return z > at('threshold', j) ? z : 0;
  });
  assertClose(codes.data, expected, { atol: 1e-5 });
  assert.is(json(files, 'config.json').trained_as, 'batch-top-k');
});

test('dictionary_learning: a unit that says nothing keeps a row of norm 1, and is never on', async () => {
  const penalty = { kind: 'l0', weight: 1 } as const;
  const { model, ...rest } = await saved({ sparsity: { kind: 'jump-relu', bandwidth: 0.1, penalty } });
  const d = Float32Array.from({ length: 15 }, (_, i) => (i < 3 ? 0 : 1));
  model.setParameters({ 'decoder.weight': matrix(d, 5, 3), 'encoder.bias': vector(new Float32Array(5).fill(9)) });
  const { files, notes } = await exportDictionary({ model, ...rest }, { format: 'dictionary-learning' });
  assert.match(notes.join(), /times ‖D‖/);
  const members = await openZip(files.get('ae.pt') as Uint8Array);
  const numbers = async (i: number) => {
    const bytes = await bytesOf(members.find(({ name }) => name === `ae/data/${i}`) as ZipMember);
    return new Float32Array(bytes.slice().buffer);
  };
  assert.equal(
    (await numbers(2)).slice(0, 6).map((value) => Math.round(value * 1e4)),
    Float32Array.of(10000, 0, 0, 5774, 5774, 5774),
  );
  assert.equal([(await numbers(1))[0], (await numbers(4))[0]], [0, 0]); // z = 0 is not above 0
});

test('each format refuses what it has no place for, by name, and says what to do', async () => {
  for (const given of exportedCases) {
    const { saved: model } = await madeCase(given);
    for (const format of dictionaryFormats) {
      if (format in given.architectures) continue;
      await refused(() => exportDictionary(model, { format }), /transcoder|norm|config\.skip.*: (use|export)/);
    }
    model.model.dispose();
  }
});

const relu = { activation: 'relu', output: 'linear' } as const;
const topK = { sparsity: { kind: 'top-k', k: 2 } } as const;
const x = matrix(
  Float64Array.from({ length: 12 }, (_, i) => Math.sin(i * i)),
  4,
  3,
);
const chain = (...kinds: ('contrast' | 'cs294a' | 'layer-norm' | 'constant-norm' | 'scale')[]) => {
  const steps: Preprocessing[] = [];
  for (const kind of kinds) steps.push(fitPreprocessing({ kind, epsilon: 0.1 } as never, applyPreprocessing(steps, x)));
  return steps;
};
const refusals: [Partial<AutoencoderConfig>, readonly Preprocessing[], RegExp][] = [
  [{}, [], /^config\.activation is "sigmoid": .*train with activation "relu"/],
  [{ sparsity: { kind: 'kl', target: 0.1, weight: 1 } }, [], /^config\.activation is "sigmoid"/],
  [{ activation: 'relu' }, [], /^config\.output is "sigmoid"/],
  [{ ...relu, hidden: [5, 2] }, [], /^the model has 2 hidden layers/],
  [{ sparsity: { kind: 'k-sparse', k: 2 } }, [], /^config\.sparsity is k-sparse with linear units.* sparsity "top-k"/],
  [{ ...relu, sparsity: { kind: 'k-sparse', k: 2, alpha: 2 } }, [], /^config\.sparsity\.alpha is 2: .*use alpha 1/],
  [topK, chain('cs294a'), /^preprocessing\.0 is "cs294a", which other libraries do not have/],
  [topK, chain('contrast'), /^preprocessing\.0 is "contrast"/],
  [
    topK,
    chain('scale', 'layer-norm'),
    /^preprocessing\.1 is "layer-norm", which other libraries have as the first step/,
  ],
  [topK, chain('constant-norm', 'constant-norm'), /^preprocessing\.1 is "constant-norm"/],
  [topK, [{ kind: 'scale', deviation: 1e-60 }], /^preprocessing makes weights overflow float32 when it is folded/],
  [topK, [{ kind: 'layer-norm', epsilon: 0.1 }], /^preprocessing\.0 is layer-norm with epsilon 0\.1: .*1e-5/],
];

test('models that no library has, and preprocessing that is no linear map, are refused by the key', async () => {
  for (const [config, preprocessing, message] of refusals) {
    const model = await saved(config, preprocessing);
    for (const format of dictionaryFormats) await refused(() => exportDictionary(model, { format }), message);
  }
  const model = await saved(topK);
  for (const format of ['gguf', '__proto__', undefined]) {
    const options = { format: format as DictionaryFormat };
    await refused(() => exportDictionary(model, options), /^options\.format is .*: it must be one of saelens,/);
  }
  await refused(() => exportDictionary({} as never, { format: 'npz' }), /Autoencoder/);
});

test('units of a kind of one’s own are refused by its name', async () => {
  const topK = layerKinds['top-k'];
  const layers = { mine: { create: (_: unknown, place: LayerPlace) => topK.create({ kind: 'top-k', k: 2 }, place) } };
  const config = { inputs: 3, hidden: 5, activation: 'relu', output: 'linear', sparsity: { kind: 'mine' } } as const;
  const model = await Autoencoder.create(config, { threads: 1, parts: { layers: layers as never } });
  const own = { model, preprocessing: [], metadata: {} };
  await refused(() => exportDictionary(own, { format: 'npz' }), /^config\.sparsity is "mine": no other library/);
});

test('a transcoder of as many outputs as inputs is told by its run, or by the caller', async () => {
  const preprocessing = [fitPreprocessing({ kind: 'standardize' }, x)];
  const model = await saved(relu, preprocessing, { run: JSON.stringify({ source: 'a.npy', target: 'b.npy' }) });
  const bias = async (from: typeof model, transcoder?: boolean) => {
    const { files, architecture } = await exportDictionary(from, { format: 'saelens', transcoder });
    const { tensors } = readSafetensors(files.get('sae_weights.safetensors') as Uint8Array);
    return [architecture, tensors.get('b_dec')?.data[0] === 0];
  };
  assert.equal(await bias(model), ['transcoder', true]);
  assert.equal(await bias({ ...model, metadata: {} }), ['standard', false]);
  assert.equal(await bias({ ...model, metadata: {} }, true), ['transcoder', true]);
});

test.run();
