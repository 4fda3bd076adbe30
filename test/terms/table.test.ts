import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, vector } from '../../src/array/matrix.ts';
import { activations } from '../../src/kernels/activations/table.ts';
import { createKernels } from '../../src/kernels/create.ts';
import { type TermChoice, terms } from '../../src/terms/table.ts';
import type { TermKind } from '../../src/terms/term.ts';
import { parse } from '../../src/validate.ts';
import { activationNames } from '../support/activations.ts';
import { assertClose } from '../support/close.ts';
import { assertRefused } from '../support/errors.ts';
import { uniforms } from '../support/views.ts';

const k = createKernels('float64');
const [M, H, D] = [4, 3, 5];

type Name = keyof typeof terms;
const kinds = terms as unknown as Readonly<Record<Name, TermChoice['kind']>>;

/** Runs a term on random activations in (0, 1); what it adds to the cost, dA and ∇W, and its push. */
async function apply<S extends { readonly kind: string }>(kind: TermKind<S>, spec: S) {
  const a = matrix(uniforms(M * H, 1, 0.1, 0.9), M, H);
  const weightRows = matrix(uniforms(H * D, 2), H, D);
  const dWeightRows = matrix(new Float64Array(H * D), H, D);
  const dA = matrix(new Float64Array(M * H), M, H);
  const results = k.allocateResults(2);
  const state = (name: string): never => assert.unreachable(`no state is kept, ${name} least of all`) as never;
  const dBias = vector(new Float64Array(H));
  const place = {
    ...{ k, storage: k, units: H, latents: null, f: activations.sigmoid, weightRows, dWeightRows, dBias, output: null },
    ...{ state, layerTensor: state },
  };
  const term = kind.create(spec, place);
  const code = { a, z: a, sparse: null };
  const pass = {
    ...{ results, slot: 1, code, input: code, dCode: dA, dZ: null, reconstruction: a, target: a, m: M },
    detached: { held: false, kept: false },
    moment: { penalty: 1 },
  };
  term.gather?.(pass);
  term.value?.(pass);
  term.backward?.(pass);
  const [other, value] = await k.read(results);
  assert.is(other, 0);
  return { a, weightRows, dWeightRows, dA, term, value };
}

test('kl gives the row that every example is pushed by, and nothing else', async () => {
  const { a, dA, dWeightRows, term, value } = await apply(terms.kl, { kind: 'kl', target: 0.2, weight: 3 });
  const rates = [0, 1, 2].map((j) => [0, 1, 2, 3].reduce((sum, i) => sum + a.get(i, j) / M, 0));
  const kl = rates.map((r) => 0.2 * Math.log(0.2 / r) + 0.8 * Math.log(0.8 / (1 - r)));
  assert.is(term.name, 'sparsity');
  assertClose([value], [3 * (kl[0] + kl[1] + kl[2])]);
  assertClose(
    term.push ?? vector(new Float64Array(0)),
    rates.map((r) => 3 * (-0.2 / r + 0.8 / (1 - r))),
  );
  assert.ok([...dA.data, ...dWeightRows.data].every((d) => d === 0));
});

test('l1 adds γ·sign(a) to dA, without 1/m, and nothing else', async () => {
  const { a, dA, dWeightRows, term, value } = await apply(terms.l1, { kind: 'l1', weight: 0.5 });
  assertClose([value], [(0.5 / M) * [...(a.data as Float64Array)].reduce((sum, v) => sum + v, 0)]);
  assert.equal([term.name, term.push], ['sparsity', undefined]);
  assert.ok(dA.data.every((d: number) => d === 0.5));
  assert.ok(dWeightRows.data.every((d: number) => d === 0));
});

test('contraction adds to dA and, once, to ∇W', async () => {
  const { a, weightRows, dA, dWeightRows, term, value } = await apply(terms.contraction, {
    kind: 'contraction',
    weight: 0.5,
  });
  const norm = (j: number) => [0, 1, 2, 3, 4].reduce((sum, i) => sum + weightRows.get(j, i) ** 2, 0);
  const slope = (i: number, j: number) => a.get(i, j) * (1 - a.get(i, j));
  const squares = [0, 1, 2].map((j) => [0, 1, 2, 3].reduce((sum, i) => sum + slope(i, j) ** 2, 0));
  assert.equal([term.name, term.push], ['contraction', undefined]);
  assertClose([value], [(0.5 / M) * squares.reduce((sum, square, j) => sum + square * norm(j), 0)]);
  assertClose(
    dWeightRows,
    [0, 1, 2].flatMap((j) => [0, 1, 2, 3, 4].map((i) => (1 / M) * squares[j] * weightRows.get(j, i))),
  );
  assertClose(
    dA,
    [0, 1, 2, 3].flatMap((i) => [0, 1, 2].map((j) => norm(j) * slope(i, j) * (1 - 2 * a.get(i, j)))),
  );
});

test('refuses keeps KL from units without a rate, and nothing else from any units', () => {
  for (const f of activationNames) {
    const refusal = (kind: Name) => kinds[kind].refuses?.(activations[f], { kind }) ?? null;
    const why = refusal('kl');
    if (f === 'sigmoid' || f === 'tanh') assert.is(why, null);
    else assert.match(why ?? '', new RegExp(`${f} has none: use sigmoid or tanh units, or sparsity l1$`));
    assert.is(refusal('l1'), null);
    assert.is(refusal('contraction'), null);
  }
});

test('terms have schemas that name the key that is not allowed', async () => {
  const cases: [Name, unknown, RegExp][] = [
    ['kl', { kind: 'kl', target: 1, weight: 1 }, /^p\.target is 1: it must lie strictly between 0 and 1$/],
    ['kl', { kind: 'kl', target: 0.1 }, /^p\.weight is missing/],
    ['l1', { kind: 'l1', weight: -1 }, /^p\.weight is -1: it must be a finite number, at least 0$/],
    ['contraction', { kind: 'contraction', weight: Number.NaN }, /^p\.weight is NaN/],
    ['contraction', { kind: 'contraction', weight: 1, layer: -1 }, /^p\.layer is -1/],
    ['contraction', { kind: 'contraction', weight: 1, target: 1 }, /^p\.target is not a known key/],
  ];
  for (const [kind, spec, message] of cases) {
    const { schema } = kinds[kind];
    if (schema === undefined) throw new Error(`${kind} has no schema`);
    await assertRefused(() => parse(schema, spec, 'p'), message);
  }
});

test.run();
