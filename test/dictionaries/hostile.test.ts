import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeSafetensors } from '../../src/data/formats/safetensors.ts';
import { zipFile } from '../../src/data/formats/zip/write-zip.ts';
import { type DictionaryFiles, loadDictionary } from '../../src/dictionaries/index.ts';
import { assertRefused } from '../support/errors.ts';
import { int, string, tensor, torchFile, tuple } from './pickle-text.ts';

const text = (value: string) => new TextEncoder().encode(value);
const load = (files: DictionaryFiles) => loadDictionary(files, { threads: 1, preBias: true });
const loadTorch = (pickle: string, storages: Record<string, Uint8Array> = {}) =>
  load({ 'sae.pt': torchFile(pickle, storages) });

test('a pickle that calls anything is refused by what it names: nothing is called', async () => {
  const call = (module: string, name: string) => `c${module}\n${name}\n${tuple(string('echo'))}R`;
  for (const [module, name] of [
    ['os', 'system'],
    ['posix', 'system'],
    ['nt', 'system'],
    ['builtins', 'eval'],
    ['__builtin__', 'exec'],
    ['builtins', 'getattr'],
    ['copyreg', '_reconstructor'],
    ['subprocess', 'Popen'],
    ['torch', 'load'],
    ['torch.storage', '_load_from_bytes'],
    ['torch._utils', '_rebuild_device_tensor_from_numpy'],
    ['collections', '__dict__'],
    ['__proto__', 'constructor'],
    ['constructor', 'prototype'],
  ]) {
    const named = new RegExp(`names "${module.replaceAll('.', '\\.')}\\.${name}", and what a pickle names is called`);
    await assertRefused(() => loadTorch(call(module, name)), named);
    const stacked = `${string(module)}${string(name)}\x93${tuple(string('echo'))}R`;
    await assertRefused(() => loadTorch(stacked), named);
  }
  await assertRefused(() => loadTorch(`cos\u001b[2J\nsystem\n`), /names "os\\u001b\[2J\.system"/);
});

test('opcodes that make objects are refused by their names', async () => {
  await assertRefused(() => loadTorch(`(${string('echo')}ios\nsystem\n`), /opcode INST/);
  await assertRefused(() => loadTorch(`(${string('os')}o`), /opcode OBJ/);
  await assertRefused(() => loadTorch('\x82\x01'), /opcode EXT1/);
  await assertRefused(() => loadTorch('ccollections\nOrderedDict\n)}\x92'), /opcode NEWOBJ_EX/);
  await assertRefused(() => loadTorch('Pkey\n'), /opcode PERSID/);
  await assertRefused(() => loadTorch('\x8f'), /opcode EMPTY_SET/);
  await assertRefused(() => loadTorch('\xff'), /opcode 0xff/);
});

test('known classes called with what they do not take, and states of what has none, are refused', async () => {
  await assertRefused(() => loadTorch(`ctorch\nFloatStorage\n${tuple(int(3))}R`), /calls what cannot be called/);
  await assertRefused(() => loadTorch(`${string('os')})R`), /calls what cannot be called/);
  await assertRefused(() => loadTorch(`}${int(1)}b}b`), /sets items|state|empty/);
  await assertRefused(() => loadTorch(`]}b`), /sets the state of what has none/);
  await assertRefused(
    () => loadTorch(`ccollections\nOrderedDict\n${tuple(int(1))}R`),
    /OrderedDict of what are no pairs/,
  );
  await assertRefused(() => loadTorch(`ctorch._utils\n_rebuild_tensor_v2\n${tuple(int(1))}R`), /makes a tensor of/);
  await assertRefused(() => loadTorch(`ctorch._utils\n_rebuild_parameter\n${tuple(int(1))}R`), /no tensor/);
  await assertRefused(() => loadTorch(`${string('x')}Q`), /no storage of numbers/);
  await assertRefused(() => loadTorch(`cnumpy\ndtype\n${tuple(string('O8'))}R`), /no plain number/);
  await assertRefused(() => loadTorch('c_codecs\nencode\n)R'), /encodes what is no text/);
});

test('pickles that are cut, empty, or take from nothing are refused', async () => {
  await assertRefused(() => loadTorch(''), /empty stack/);
  await assertRefused(() => loadTorch('0'), /empty stack/);
  await assertRefused(() => loadTorch('t'), /no mark/);
  await assertRefused(() => loadTorch('h\x07'), /recalls 7/);
  await assertRefused(() => loadTorch('K'), /ends early|opcode/);
  await assertRefused(() => loadTorch('X\xff\xff\xff\xff'), /ends early/);
  await assertRefused(() => loadTorch('\x8d\xff\xff\xff\xff\xff\xff\xff\xff'), /ends early/);
  await assertRefused(() => loadTorch('cos'), /ends early/);
  await assertRefused(() => loadTorch('\x80\x09'), /protocol above 5/);
  await assertRefused(() => loadTorch('('.repeat(200_000)), /mark where a value is needed/);
  await assertRefused(() => loadTorch(`]${']a'.repeat(1)}${'q\x002h\0a'.repeat(100_000)}`), /no state dict/);
  await assertRefused(() => loadTorch(`${'('.repeat(100_000)}${'t'.repeat(100_000)}`), /no state dict/); // as deep
  await assertRefused(() => loadTorch(int(5)), /no state dict/);
  await assertRefused(() => loadTorch('}'), /no matrices/);
});

test('tensors that reach beyond their storage, repeat it, or whose storage is not there are refused', async () => {
  const state = (...tensors: string[]) => `}(${tensors.join('')}u`;
  const both = (one: string) =>
    state(`${string('W_enc')}${one}`, `${string('W_dec')}${tensor('1', 4, [2, 2], [2, 1])}`);
  const four = new Uint8Array(16);
  const given = { 0: four, 1: four };
  await assertRefused(
    () => loadTorch(both(tensor('0', 4, [100_000, 100_000], [0, 0])), given),
    /"W_enc" reaches beyond/,
  );
  await assertRefused(() => loadTorch(both(tensor('0', 4, [2, 2], [2, 1], 1)), given), /"W_enc" reaches beyond/);
  await assertRefused(() => loadTorch(both(tensor('0', 4, [-1, 2], [2, 1])), given), /makes a tensor of/);
  await assertRefused(
    () => loadTorch(both(tensor('0', 2 ** 30, [2 ** 15, 2 ** 15], [2 ** 15, 1])), given),
    /storage of 4294967296 bytes, 16 are/,
  );
  await assertRefused(() => loadTorch(both(tensor('7', 4, [2, 2], [2, 1])), given), /storage "7", which is missing/);
  await assertRefused(
    () => loadTorch(both(tensor('../1', 4, [2, 2], [2, 1])), given),
    /storage "..\/1", which is missing/,
  );
  const loaded = await loadTorch(both(tensor('0', 4, [2, 2], [2, 1])), given);
  assert.equal(loaded.model.config.hidden, [2]);
  loaded.model.dispose();
});

const vector = (n: number, value = 0.5) => ({ shape: [n], data: new Float32Array(n).fill(value) });
const matrix = (n: number, d: number, value = 0.5) => ({ shape: [n, d], data: new Float32Array(n * d).fill(value) });
const weights = (more: Record<string, { shape: number[]; data: Float32Array }> = {}) =>
  writeSafetensors(
    new Map(Object.entries({ W_enc: matrix(3, 4), b_enc: vector(4), W_dec: matrix(4, 3), b_dec: vector(3), ...more })),
  );
const withConfig = (config: unknown, file = weights()) => ({
  'cfg.json': text(typeof config === 'string' ? config : JSON.stringify(config)),
  'sae_weights.safetensors': file,
});

test('configs that claim, nest, or name what is not known are refused', async () => {
  const standard = { architecture: 'standard', d_in: 3, d_sae: 4 };
  (await load(withConfig(standard))).model.dispose();
  await assertRefused(
    () => load(withConfig({ ...standard, d_sae: 1e10 })),
    /"b_enc" says 4 units, its config says 10000000000/,
  );
  await assertRefused(() => load(withConfig({ ...standard, d_sae: -4 })), /"d_sae" is -4/);
  await assertRefused(() => load(withConfig({ ...standard, d_in: '3' })), /"d_in" is "3"/);
  await assertRefused(
    () => load(withConfig({ ...standard, architecture: 'context_sae' })),
    /architecture is "context_sae": read are standard/,
  );
  await assertRefused(() => load(withConfig({ ...standard, architecture: 'toString' })), /architecture is "toString"/);
  await assertRefused(
    () => load(withConfig({ ...standard, normalize_activations: 'softmax' })),
    /normalize_activations is "softmax"/,
  );
  await assertRefused(() => load(withConfig({ architecture: 'crosscoder' })), /architecture is "crosscoder"/);
  await assertRefused(() => load(withConfig({ ...standard, reshape_activations: 'x' })), /reshape_activations is "x"/);
  await assertRefused(
    () => load(withConfig({ d_in: 3, d_sae: 4, activation_fn_str: 'tanh-relu' })),
    /activation_fn is "tanh-relu"/,
  );
  await assertRefused(() => load(withConfig({ ...standard, architecture: 'topk' })), /say k \(--k 32\)/);
  await assertRefused(() => load(withConfig({ ...standard, architecture: 'topk', k: 5 })), /config.sparsity.k is 5/);
  await assertRefused(() => load(withConfig({ ...standard, architecture: 'gated' })), /no tensor "b_gate"/);
  await assertRefused(() => load(withConfig({ ...standard, architecture: 'jumprelu' })), /no tensor "threshold"/);
  await assertRefused(() => load(withConfig(`{"__proto__": {"d_sae": 4}}`)), /__proto__/);
  await assertRefused(() => load(withConfig('['.repeat(1e5))), /nested more than 64 deep/);
  await assertRefused(() => load(withConfig('[]')), /holds no object/);
  await assertRefused(() => load(withConfig('{"d_sae": NaN}')), /not JSON/);
  await assertRefused(
    () =>
      load({
        ...withConfig(standard),
        'cfg.json': { size: 1e8, read: async () => assert.unreachable('it was read') as never },
      }),
    /"cfg.json" has 100000000 bytes: a config of at most 4194304 is read/,
  );
});

test('shapes that contradict one another, and weights that are not finite, are refused by tensor', async () => {
  const standard = { architecture: 'standard', d_in: 3, d_sae: 4 };
  const refuse = (more: Parameters<typeof weights>[0], message: RegExp) =>
    assertRefused(() => load(withConfig(standard, weights(more))), message);
  await refuse({ b_enc: vector(5) }, /"b_enc" says 5 units, its config says 4/);
  await refuse({ W_enc: matrix(3, 5) }, /"W_enc" has the shape \(3, 5\): it must have 4 by tensor "b_enc" and 3 by/);
  await refuse({ W_dec: matrix(4, 2) }, /"W_dec" has the shape \(4, 2\)/);
  await refuse({ W_enc: vector(12) }, /"W_enc" has the shape \(12\): it must be a matrix/);
  await refuse({ b_dec: matrix(2, 3) }, /"b_dec" has the shape \(2, 3\): it must be a vector/);
  await refuse(
    { W_dec: matrix(4, 3, Number.NaN) },
    /tensor "W_dec", which becomes decoder.weight, holds NaN at index 0/,
  );
  await refuse({ b_enc: vector(4, Infinity) }, /tensor "b_enc", which becomes encoder.bias, holds Infinity/);
});

test('headers that lie, and files of other kinds, are refused', async () => {
  const head = (header: string, data = 0) => {
    const bytes = new Uint8Array(8 + header.length + data);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(text(header), 8);
    return bytes;
  };
  const safetensors = (header: string, data = 0) => load({ 'x.safetensors': head(header, data) });
  await assertRefused(
    () => safetensors('{"W_enc":{"dtype":"F32","shape":[100000,100000],"data_offsets":[0,40000000000]}}'),
    /the file has 0 bytes/,
  );
  await assertRefused(
    () => safetensors('{"W_enc":{"dtype":"BF16","shape":[3],"data_offsets":[0,5]}}', 5),
    /hold 5 bytes.*takes 6/,
  );
  const short = head('{}');
  new DataView(short.buffer).setBigUint64(0, 2n ** 60n, true);
  await assertRefused(() => load({ 'x.safetensors': short }), /announces a header of/);
  await assertRefused(() => load({ 'x.safetensors': text('hello, this is no such file') }), /no file of weights/);
  await assertRefused(
    () => load({ 'x.pt': text('\x80\x02}.') }),
    /pickle without PyTorch's storages|no file of weights/,
  );
  await assertRefused(() => load({ 'x.pt': zipFile([{ name: 'a/x', bytes: text('x') }]) }), /holds no data.pkl/);
  const script = zipFile([
    { name: 'a/data.pkl', bytes: text('.') },
    { name: 'a/code/__torch__.py', bytes: text('') },
  ]);
  await assertRefused(() => load({ 'x.pt': script }), /TorchScript/);
  await assertRefused(
    () => load({ 'x.npz': zipFile([{ name: 'a.txt', bytes: text('x') }]) }),
    /"a.txt" is no .npy file/,
  );
  const huge = text(`\x93NUMPY`);
  const npy = new Uint8Array(128);
  const described = "{'descr': '<f4', 'fortran_order': False, 'shape': (100000, 100000), }";
  npy.set([0x93, ...huge.subarray(2), 1, 0, 118, 0]);
  npy.set(text(described.padEnd(118)), 10);
  await assertRefused(() => load({ 'x.npz': zipFile([{ name: 'W_enc.npy', bytes: npy }]) }), /asks for 40000000128/);
});

test('what a file cannot say is asked for, and several files are told apart by name', async () => {
  const linear = writeSafetensors(
    new Map(
      Object.entries({ 'encoder.weight': matrix(4, 3), 'decoder.weight': matrix(3, 4), 'decoder.bias': vector(3) }),
    ),
  );
  const files = { 'x.safetensors': linear };
  await assertRefused(() => loadDictionary(files), /say preBias true or false \(--pre-bias yes\|no\)/);
  for (const preBias of [true, false]) {
    const { model } = await loadDictionary(files, { preBias, k: 2, threads: 1 });
    assert.is(model.config.center, preBias);
    assert.equal(model.config.sparsity, { kind: 'top-k', k: 2, layer: 0 });
    model.dispose();
  }
  const two = { 'a.safetensors': linear, 'b.pt': linear };
  await assertRefused(() => loadDictionary(two), /several files of weights \("a.safetensors", "b.pt"\): name one/);
  await assertRefused(() => loadDictionary(two, { file: 'c.pt' }), /file is "c.pt": the files are "a.safetensors"/);
  await assertRefused(() => loadDictionary({}), /no weights among no files/);
  await assertRefused(() => loadDictionary(two, { k: 0 } as never), /options.k is 0/);
  await assertRefused(() => loadDictionary(two, { preBias: 'yes' } as never), /options.preBias is "yes"/);
  await assertRefused(() => loadDictionary(linear as never), /files is|no weights among/);
  const own = writeSafetensors(new Map([['x', vector(2)]]), { format: 'rhohat' });
  await assertRefused(() => loadDictionary({ 'x.safetensors': own }), /a model of rhohat itself/);
});

test.run();
