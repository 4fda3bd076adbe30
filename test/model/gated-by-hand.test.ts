import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, toFlat, transposed, type View, vector } from '../../src/array/matrix.ts';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import type { GatedSpec } from '../../src/layers/gated.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { parseConfig } from '../../src/model/config.ts';
import { honest, type Plant } from '../support/engines.ts';
import { gatedByHand } from '../support/gated-by-hand.ts';
import { uniforms } from '../support/views.ts';

// Gated units against their formulas by hand, and bugs planted in them: what is frozen is no gradient of the cost.

const [M, D, H] = [9, 5, 7];

interface Given {
  readonly spec: GatedSpec;
  readonly center: boolean;
}

/** Parts of the answer that are not those by hand. */
async function wrong({ spec, center }: Given, plant: Plant, made: GatedSpec = spec): Promise<string[]> {
  const config = parseConfig({ inputs: D, hidden: H, precision: 'float64', sparsity: made, center });
  const model = Autoencoder.over(plant(createReferenceKernels('float64')), config);
  model.setParameters({
    'encoder.weight': matrix(uniforms(H * D, 3), H, D),
    'encoder.gate.bias': vector(uniforms(H, 4)),
    'encoder.magnitude.bias': vector(uniforms(H, 5)),
    'encoder.magnitude.scale': vector(uniforms(H, 6)),
    'decoder.weight': matrix(uniforms(H * D, 7), H, D),
    'decoder.bias': vector(uniforms(D, 8)),
  });
  const x = matrix(uniforms(M * D, 9), M, D);
  const { terms, gradient } = await model.costAndGradient(x);
  const expected = gatedByHand(await model.parameters(), x, { spec, center });
  const codes = toFlat(await model.encode(x));
  const differ = (p: ArrayLike<number>, q: readonly number[]) =>
    q.some((value, i) => !(Math.abs(value - p[i]) < 1e-11));
  assert.equal(Object.keys(gradient).sort(), Object.keys(expected.gradient).sort());
  for (const values of Object.values(expected.gradient))
    assert.ok(values.flat().some((value) => Math.abs(value) > 1e-3));
  return [
    ...(differ(codes, expected.codes) ? ['codes'] : []),
    ...(['reconstruction', 'sparsity'] as const).filter((name) => differ([terms[name]], [expected.terms[name]])),
    ...Object.entries(expected.gradient).flatMap(([name, values]) =>
      differ(toFlat(gradient[name]), values.flat()) ? [name] : [],
    ),
  ];
}

const frozen: GatedSpec = { kind: 'gated', weight: 0.3 };
const all = [false, true].flatMap((center) =>
  [false, true].flatMap((decoderNorm) =>
    [false, true].map((live): Given => ({ spec: { ...frozen, decoderNorm, live }, center })),
  ),
);

for (const given of all) {
  const { decoderNorm, live } = given.spec;
  const name = [live ? 'live' : 'frozen', decoderNorm && 'by norms', given.center && 'centred'].filter(Boolean);
  test(`value, gradient and codes of gated units by hand: ${name.join(', ')}`, async () => {
    assert.equal(await wrong(given, honest), []);
  });
}

/** The auxiliary reconstruction's own δ and π: what `squaredError` and `activate` make after the forward pass. */
function trained(k: ReturnType<typeof createReferenceKernels>): ReturnType<Plant> {
  let dD: View | null = null;
  let pi: View | null = null;
  let errors = 0;
  return {
    ...k,
    activate(out, z, f) {
      if (f.name === 'relu') pi = out;
      k.activate(out, z, f);
    },
    gemm(out, a, b, alpha, beta) {
      if (out.shape[0] === H && out.shape[1] === D && dD === null) dD = out;
      k.gemm(out, a, b, alpha, beta);
    },
    squaredError(dXHat, results, slot, xHat, x, emphasis, m) {
      k.squaredError(dXHat, results, slot, xHat, x, emphasis, m);
      if (errors++ === 1 && dD !== null && pi !== null) k.gemm(dD, transposed(pi), dXHat, 1 / m, 1);
    },
  };
}

const bugs: [name: string, caught: string[], Plant][] = [
  ['the decoder learns by the auxiliary reconstruction, though it is frozen', ['decoder.weight'], trained],
  [
    'the gate learns by the magnitudes’ reconstruction alone',
    ['encoder.weight', 'encoder.gate.bias'],
    (k) => ({ ...k, maskPositive: (out) => k.fill(out, 0) }),
  ],
  [
    'δ of the gate passes where it is closed',
    ['encoder.weight', 'encoder.gate.bias'],
    (k) => ({ ...k, maskPositive: (out, x) => (out === x ? undefined : k.copy(out, x)) }),
  ],
  [
    'magnitudes of the gate’s own bias',
    [
      'codes',
      'reconstruction',
      'encoder.weight',
      'encoder.magnitude.bias',
      'encoder.magnitude.scale',
      'decoder.weight',
      'decoder.bias',
    ],
    (k) => ({
      ...k,
      gatedActivation: (a, z, gate) => k.gatedActivation(a, z, { ...gate, magnitudeBias: gate.gateBias }),
    }),
  ],
];

for (const [name, caught, plant] of bugs) {
  test(`the forms by hand catch: ${name}`, async () => {
    assert.equal(await wrong({ spec: frozen, center: false }, plant), caught);
  });
}

test('trap 17, live in the place of frozen is told by the decoder alone, and never by the value', async () => {
  const found = await wrong({ spec: frozen, center: false }, honest, { ...frozen, live: true });
  assert.equal(found, ['decoder.weight', 'decoder.bias']);
});

test.run();
