import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Matrix, rowRange, toFlat } from '../../src/array/matrix.ts';
import { Autoencoder, type AutoencoderConfig, fit, partialFit, unroll } from '../../src/index.ts';
import { onAt } from '../../src/layers/annealing.ts';
import { assertRefused } from '../support/errors.ts';
import { randomView } from '../support/views.ts';

// k that falls from step to step: TopK and BatchTopK units. (That of k-sparse units falls from epoch to epoch.)

const schedule = (spec: Parameters<typeof onAt>[0], steps: number) =>
  Array.from({ length: steps }, (_, step) => onAt(spec, step, steps));

test('onAt falls from annealFrom to k over the first half, or over the share that is asked for', () => {
  assert.equal(schedule({ k: 25, annealFrom: 100 }, 10), [100, 85, 70, 55, 40, 25, 25, 25, 25, 25]);
  assert.equal(schedule({ k: 2, annealFrom: 6, annealOver: 1 }, 4), [6, 5, 4, 2]); // the last step has k
  assert.equal(schedule({ k: 1.5, annealFrom: 4.5, annealOver: 0.6 }, 5), [4.5, 3.5, 2.5, 1.5, 1.5]);
  assert.equal(schedule({ k: 2, annealFrom: 6, annealOver: 0 }, 3), [2, 2, 2]);
  assert.equal(schedule({ k: 2 }, 3), [2, 2, 2]);
  assert.equal(schedule({ k: 2, annealFrom: 6 }, 1), [2]);
  assert.is(onAt({ k: 2, annealFrom: 6 }, 0, Number.POSITIVE_INFINITY), 2);
});

test('onAt never rises and stays between k and annealFrom', () => {
  fc.assert(
    fc.property(
      ...[fc.integer({ min: 1, max: 60 }), fc.nat(200), fc.integer({ min: 2, max: 40 })],
      fc.double({ min: 0, max: 1, noNaN: true }),
      (k, more, steps, annealOver) => {
        const all = schedule({ k, annealFrom: k + more, annealOver }, steps);
        all.forEach((on, step) => {
          assert.ok(on >= k && on <= k + more);
          if (step > 0) assert.ok(on <= all[step - 1]);
          if (step >= annealOver * steps || step === steps - 1) assert.is(on, k);
        });
      },
    ),
    { seed: 3, numRuns: 500 },
  );
});

const [D, H, M, STEPS] = [6, 16, 12, 8];
const x = randomView(M * STEPS, D, 'rows', 'float64', 3) as unknown as Matrix;
const base = { inputs: D, hidden: H, precision: 'float64', seed: 2 } as const;
const optimizer = { kind: 'sgd', learningRate: 0.05 } as const;
const batches = Array.from({ length: STEPS }, (_, i) => rowRange(x, i * M, (i + 1) * M));
const kinds: readonly NonNullable<AutoencoderConfig['sparsity']>[] = [
  { kind: 'top-k', k: 2, annealFrom: 11, annealOver: 0.7 },
  { kind: 'top-k', k: 2, annealFrom: 11, annealOver: 0.7, decoderNorm: true },
  { kind: 'batch-top-k', k: 1.5, annealFrom: 9.25, annealOver: 0.7, rate: 0.3 },
] as never;

for (const sparsity of kinds as readonly { kind: 'top-k' | 'batch-top-k'; k: number; annealFrom: number }[]) {
  const name = JSON.stringify(sparsity);

  test(`each step is one of a model whose k is that step's: ${name}`, async () => {
    const model = await Autoencoder.create({ ...base, sparsity } as AutoencoderConfig);
    await partialFit(model, batches, { optimizer, steps: STEPS });
    let chain = await Autoencoder.create({ ...base, sparsity } as AutoencoderConfig);
    let t = 0; // of the k that it falls to, whatever is on
    for (const [step, batch] of batches.entries()) {
      const on = Math.max(
        sparsity.k,
        sparsity.annealFrom + ((sparsity.k - sparsity.annealFrom) * step) / (0.7 * STEPS),
      );
      const { annealFrom: _, annealOver: __, ...plain } = { annealOver: 0, ...sparsity };
      const k = sparsity.kind === 'top-k' ? Math.round(on) : on;
      const next = await Autoencoder.create({ ...base, sparsity: { ...plain, k } } as AutoencoderConfig);
      next.setParameters(await chain.parameters());
      if (sparsity.kind === 'batch-top-k') {
        const { 'encoder.weight': w, 'encoder.bias': b } = await chain.parameters();
        const z = Array.from({ length: M * H }, (_, at) => {
          const [i, j] = [Math.floor(at / H), at % H];
          return Array.from({ length: D }, (_, d) => batch.get(i, d) * w.get(j, d)).reduce(
            (sum, v) => sum + v,
            b.get(j),
          );
        }).sort((a, b) => b - a);
        const least = z[Math.floor(sparsity.k * M) - 1];
        t = t === 0 ? least : t + 0.3 * (least - t);
      }
      await partialFit(next, batch, { optimizer });
      chain = next;
    }
    assert.equal(await model.parameters(), await chain.parameters());
    if (sparsity.kind === 'top-k') return;
    const threshold = (await model.state())['code.threshold'].data[0];
    assert.ok(t > 0 && Math.abs(threshold - t) < 1e-12, `${threshold} for ${t}`);
  });

  test(`units on in training fall, and are k in encoding: ${name}`, async () => {
    const model = await Autoencoder.create({ ...base, sparsity } as AutoencoderConfig);
    const counts: number[] = [];
    const count = {
      create: () => ({
        after: ({ pass, examples }: { pass: { codes: readonly { a: unknown }[] }; examples: number }) =>
          void counts.push(toFlat(pass.codes[0].a as Matrix).filter((a) => a !== 0).length / examples),
      }),
    };
    const options = { optimizer, epochs: 3, batchSize: M, rules: [{ kind: 'count' }], parts: { rules: { count } } };
    await fit(model, x, options as never);
    assert.is(counts.length, 3 * STEPS);
    assert.ok(counts[0] > 2 * sparsity.k, `${counts}`); // of 11 or 9.25 some z are below 0
    for (const on of counts.slice(Math.ceil(0.7 * 3 * STEPS))) assert.ok(on <= sparsity.k);
    const codes = toFlat(await model.encode(x));
    if (sparsity.kind === 'top-k') assert.ok(codes.filter((a) => a !== 0).length <= 2 * M * STEPS);
  });
}

test('a run of partialFit without an end has k; a stack of trained models is not annealed again', async () => {
  const sparsity = { kind: 'top-k', k: 2, annealFrom: 11 } as const;
  const [annealed, plain] = [
    await Autoencoder.create({ ...base, sparsity }),
    await Autoencoder.create({ ...base, sparsity: { kind: 'top-k', k: 2 } }),
  ];
  for (const model of [annealed, plain]) await partialFit(model, batches, { optimizer });
  assert.equal(await annealed.parameters(), await plain.parameters());
  const { config } = await unroll([annealed]);
  assert.equal(config.sparsity, { kind: 'top-k', k: 2, annealFrom: 11, annealOver: 0, layer: 0 });
});

test('what anneals to more units than it begins with, or than there are, is refused', async () => {
  const refused = (sparsity: object, message: string | RegExp) =>
    assertRefused(() => Autoencoder.create({ ...base, sparsity } as never), message);
  await refused(
    { kind: 'top-k', k: 4, annealFrom: 3 },
    'config.sparsity.annealFrom is 3: survivors fall from there to k, so it must be at least 4',
  );
  await refused(
    { kind: 'batch-top-k', k: 4, annealFrom: 17 },
    'config.sparsity.annealFrom is 17: the layer has 16 units, so it must be at most 16',
  );
  await refused(
    { kind: 'top-k', k: 4, annealOver: 0.3 },
    'config.sparsity.annealOver is 0.3 without annealFrom beside it: add it',
  );
  await refused(
    { kind: 'top-k', k: 4, annealFrom: 8.5 },
    /config\.sparsity\.annealFrom is 8\.5: it must be a whole number/,
  );
  await refused(
    { kind: 'batch-top-k', k: 4, annealFrom: 8, annealOver: 1.5 },
    /config\.sparsity\.annealOver is 1\.5: /,
  );
});

test.run();
