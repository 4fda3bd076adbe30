import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AutoencoderConfig, activationOf, isTied, parseConfig, sparsitiesOf } from '../../src/model/config.ts';
import { assertRefused } from '../support/errors.ts';

const base = { inputs: 4, hidden: 6 };
const deep = { inputs: 4, hidden: [6, 5, 3] };
const k2 = { kind: 'k-sparse', k: 2 };
const masking = { kind: 'masking', fraction: 0.25 };
const parse = (config: unknown) => parseConfig(config as AutoencoderConfig);

test('parseConfig makes k-sparse units linear and tied unless told, on the last layer', () => {
  const full = parse({ ...deep, sparsity: k2 });
  const { activation, output, tied } = full;
  assert.equal([activation, output, tied, sparsitiesOf(full)[0].layer], ['linear', 'linear', true, 2]);
  const told = parse({ ...base, sparsity: k2, activation: 'tanh', output: 'sigmoid', tied: false });
  assert.equal([told.activation, told.output, told.tied], ['tanh', 'sigmoid', false]);
});

test('parseConfig takes one sparsity for each of several layers, and refuses two on one', async () => {
  const several = [
    { ...k2, layer: 0 },
    { kind: 'kl', target: 0.1, weight: 3, layer: 1 },
  ];
  const full = parse({ ...deep, activation: 'sigmoid', sparsity: several });
  assert.equal(full.sparsity, several);
  assert.is(full.activation, 'sigmoid');
  await assertRefused(() => parse({ ...deep, sparsity: [k2, k2] }), /config\.sparsity names layer 2 twice/);
  await assertRefused(() => parse({ ...deep, sparsity: [] }), /the list must not be empty/);
  const wrong = [{ kind: 'kl', target: 7, weight: 3 }];
  await assertRefused(() => parse({ ...deep, sparsity: wrong }), /config\.sparsity\.0\.target is 7/);
});

test('parseConfig puts contraction on the first layer unless told', () => {
  assert.equal(parse({ ...deep, contraction: 0.1 }).contraction, { weight: 0.1, layer: 0 });
  assert.equal(parse({ ...deep, contraction: { weight: 0.1 } }).contraction, { weight: 0.1, layer: 0 });
  assert.equal(parse({ ...deep, contraction: { weight: 0.1, layer: 2 } }).contraction, { weight: 0.1, layer: 2 });
});

test('parseConfig fills in the defaults of corruption', () => {
  assert.equal(parse({ ...base, corruption: masking }).corruption, { ...masking, exact: true });
});

test('activationOf and isTied read one answer for all layers, or one each', () => {
  const one = parse({ ...deep, activation: 'tanh', tied: true });
  const each = parse({ ...deep, activation: ['tanh', 'relu', 'linear'], tied: [true, false, true] });
  assert.equal(
    [0, 1, 2].map((i) => [activationOf(one, i), isTied(one, i)]),
    Array(3).fill(['tanh', true]),
  );
  assert.equal(
    [0, 1, 2].map((i) => [activationOf(each, i), isTied(each, i)]),
    [
      ['tanh', true],
      ['relu', false],
      ['linear', true],
    ],
  );
});

const refusals: [string, unknown, string | RegExp][] = [
  [
    'k above h',
    { ...base, sparsity: { ...k2, k: 7 } },
    'config.sparsity.k is 7: the layer has 6 units, so it must be at most 6',
  ],
  [
    'k of 0',
    { ...base, sparsity: { ...k2, k: 0 } },
    /^config\.sparsity\.k is 0: it must be a whole number, at least 1$/,
  ],
  [
    'annealFrom above h',
    { ...base, sparsity: { ...k2, annealFrom: 9 } },
    /^config\.sparsity\.annealFrom is 9: .*at most 6$/,
  ],
  ['annealOver above 1', { ...base, sparsity: { ...k2, annealOver: 1.5 } }, /^config\.sparsity\.annealOver is 1\.5/],
  [
    'α of 0',
    { ...base, sparsity: { ...k2, alpha: 0 } },
    /^config\.sparsity\.alpha is 0: it must be a finite number above 0$/,
  ],
  [
    'KL’s target on k-sparse units',
    { ...base, sparsity: { ...k2, target: 0.1 } },
    /^config\.sparsity\.target is not a known key/,
  ],
  ['a sparsity of no known kind', { ...base, sparsity: { kind: 'hoyer' } }, /^config\.sparsity.*"k-sparse"/],
  [
    'KL on a relu layer of a list',
    { ...deep, activation: ['tanh', 'sigmoid', 'relu'], sparsity: { kind: 'kl', target: 0.1, weight: 1 } },
    /^config\.activation is "relu": sparsity kl needs/,
  ],
  [
    'contraction on a k-sparse layer',
    { ...base, sparsity: k2, contraction: 0.5 },
    /^config\.contraction is 0\.5 on a k-sparse layer/,
  ],
  ['a negative κ', { ...base, contraction: -1 }, /^config\.contraction is -1: /],
  ['a negative κ in an object', { ...base, contraction: { weight: -1 } }, /^config\.contraction/],
  [
    'contraction on a layer that is not there',
    { ...base, contraction: { weight: 1, layer: 1 } },
    /^config\.contraction\.layer is 1: .*at most 0$/,
  ],
  ['a negative γ', { ...base, weightL1: -1 }, 'config.weightL1 is -1: it must be a finite number, at least 0'],
  [
    'ν above 1',
    { ...base, corruption: { ...masking, fraction: 1.01 } },
    /^config\.corruption\.fraction is 1\.01: it must lie from 0 to 1/,
  ],
  ['ν below 0', { ...base, corruption: { ...masking, fraction: -0.1 } }, /^config\.corruption\.fraction is -0\.1/],
  ['a corruption of no known kind', { ...base, corruption: { kind: 'blur' } }, /^config\.corruption/],
  [
    'emphasis without corruption',
    { ...base, emphasis: { corrupted: 1, untouched: 0 } },
    /^config\.emphasis is given without config\.corruption/,
  ],
  [
    'a negative emphasis',
    { ...base, corruption: masking, emphasis: { corrupted: -1, untouched: 0 } },
    /^config\.emphasis\.corrupted is -1/,
  ],
  [
    'half an emphasis',
    { ...base, corruption: masking, emphasis: { corrupted: 1 } },
    /^config\.emphasis\.untouched is missing/,
  ],
  [
    'too few activations',
    { ...deep, activation: ['tanh', 'relu'] },
    /^config\.activation is \["tanh","relu"\]: the list must have one entry for each of the 3 hidden layers$/,
  ],
  [
    'too many answers of tied',
    { ...base, tied: [true, true] },
    /^config\.tied is \[true,true\]: .*each of the 1 hidden layers$/,
  ],
];

for (const [what, config, message] of refusals) {
  test(`parseConfig refuses ${what}`, () => assertRefused(() => parse(config), message));
}

test('parseConfig allows contraction beside a k-sparse layer, k = h, and ν of 0 and 1', () => {
  assert.is(parse({ ...deep, sparsity: k2, contraction: 0.5 }).contraction.layer, 0);
  assert.is(parse({ ...base, sparsity: { ...k2, k: 6, annealFrom: 6 } }).inputs, 4);
  for (const fraction of [0, 1]) assert.is(parse({ ...base, corruption: { ...masking, fraction } }).inputs, 4);
});

test('parseConfig gives the same JSON text when it reads its own', () => {
  for (const config of [base, deep, { ...deep, sparsity: k2 }, { ...base, corruption: masking, contraction: 0.1 }]) {
    const text = JSON.stringify(parse(config));
    assert.is(JSON.stringify(parse(JSON.parse(text))), text);
  }
});

test.run();
