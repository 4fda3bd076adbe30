import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toFlat } from '../../../../src/array/matrix.ts';
import { fullOptions } from '../../../../src/data/generated/synth-sae-bench/options.ts';
import { SynthSaeBench, type SynthSaeBenchOptions, synthSaeBench } from '../../../../src/data/index.ts';
import { Autoencoder } from '../../../../src/model/autoencoder.ts';
import { fit } from '../../../../src/training/fit.ts';
import { refused } from '../../refused.ts';

/** 16 trees of 1 + 2 + 4 features and 144 that stand alone. */
const SMALL: SynthSaeBenchOptions = { features: 256, width: 24, roots: 16, branching: 2, depth: 2, rank: 5, seed: 3 };
const ROWS = 4000;

test('SynthSAEBench: a row is the bias and its features, and the same in every range, order and instance', async () => {
  const bench = await synthSaeBench(SMALL);
  const other = await synthSaeBench(SMALL);
  const all = bench.rows(0, 50);
  assert.equal(all.shape, [50, 24]);
  assert.equal(other.rows(37, 40).data, all.data.slice(37 * 24, 40 * 24));
  assert.equal(other.rows(0, 2).data, all.data.slice(0, 2 * 24));
  const far = bench.rows(2 ** 40, 2 ** 40 + 2).data;
  assert.not.equal(far, all.data.slice(0, 2 * 24));
  assert.equal(far, other.rows(2 ** 40, 2 ** 40 + 2).data);
  const codes = bench.denseCodes(0, 50);
  for (let k = 0; k < 50; k++) {
    for (let j = 0; j < 24; j++) {
      let sum = bench.bias[j];
      for (let i = 0; i < 256; i++) sum += codes.get(k, i) * bench.directions.get(i, j);
      assert.ok(Math.abs(all.get(k, j) - sum) < 1e-4, `${k}, ${j}`);
    }
  }
  assert.not.equal((await synthSaeBench({ ...SMALL, seed: 4 })).rows(0, 2).data, all.data.slice(0, 2 * 24));
  const length = Math.sqrt(bench.bias.reduce((total, value) => total + value * value, 0));
  assert.ok(Math.abs(length - 0.5) < 1e-12);
});

test('SynthSAEBench: no child without its parent, no two siblings, strengths by the parent', async () => {
  const bench = await synthSaeBench({ ...SMALL, deviations: [0, 0], orthogonalSteps: 0 });
  const { parent } = bench.forest;
  const { ends, features, strengths } = bench.codes(0, ROWS);
  let children = 0;
  for (let k = 0, i = 0; k < ROWS; k++) {
    const on = new Map<number, number>();
    for (; i < ends[k]; i++) on.set(features[i], strengths[i]);
    assert.equal(
      [...on.keys()],
      [...on.keys()].sort((a, b) => a - b),
    );
    const parents = new Set<number>();
    for (const [feature, strength] of on) {
      // Without deviations every scale is 1.
      assert.ok(Math.abs(strength - bench.means[feature]) < 1e-6);
      const above = parent[feature] ?? -1;
      if (above < 0) continue;
      children++;
      assert.ok(on.has(above), `row ${k}: ${feature} without ${above}`);
      assert.not.ok(parents.has(above), `row ${k}: two children of ${above}`);
      parents.add(above);
    }
  }
  assert.ok(children > ROWS, 'there are many to look at');
});

test('SynthSAEBench: children are stronger where their parents are', async () => {
  const bench = await synthSaeBench({ ...SMALL, deviations: [1, 0], orthogonalSteps: 0 });
  const plain = await synthSaeBench({ ...SMALL, deviations: [1, 0], orthogonalSteps: 0, scaleByParent: false });
  const [scaled, whole] = [bench.denseCodes(0, ROWS), plain.denseCodes(0, ROWS)];
  let there = 0;
  for (let k = 0; k < ROWS; k++) {
    for (let i = 16; i < bench.forest.size; i++) {
      if (whole.get(k, i) === 0) continue;
      there++;
      const above = bench.forest.parent[i];
      const expected = (whole.get(k, i) * scaled.get(k, above)) / bench.means[above];
      assert.ok(Math.abs(scaled.get(k, i) - expected) < 1e-5);
    }
  }
  assert.ok(there > ROWS);
});

test('SynthSAEBench: correlations are of the rank and scale that are asked for, directions less alike than chance', async () => {
  const { correlation, directions } = await synthSaeBench({ ...SMALL, rank: 6, orthogonalRate: 3e-3 });
  const { shares, own } = correlation;
  assert.equal([shares.length, own.length], [256 * 6, 256]);
  const square = shares.reduce((sum, share) => sum + share * share, 0) / shares.length;
  assert.ok(Math.abs(square / 0.01 - 1) < 5 * Math.sqrt(2 / shares.length), `${square}`);
  for (let i = 0; i < 256; i++) {
    const row = shares.subarray(i * 6, i * 6 + 6).reduce((sum, share) => sum + share * share, 0);
    assert.ok(Math.abs(row + own[i] - 1) < 1e-12);
  }
  const random = (await synthSaeBench({ ...SMALL, orthogonalSteps: 0 })).directions;
  const alike = (v: typeof directions) => {
    let sum = 0;
    for (let i = 0; i < 256; i++) {
      for (let j = 0; j < i; j++) {
        let dot = 0;
        for (let p = 0; p < 24; p++) dot += v.get(i, p) * v.get(j, p);
        sum += dot * dot;
      }
    }
    return sum;
  };
  // Σᵢ≠ⱼ (vᵢ·vⱼ)² is at least F²/d − F (Welch), F²(1 − 1/F)/d for random directions.
  const least = (256 * 256) / 24 - 256;
  assert.ok(2 * alike(directions) < 1.02 * least, `${2 * alike(directions)}, ${least}`);
  assert.ok(2 * alike(random) > 1.05 * least, `${2 * alike(random)}`);
  const strong = (await synthSaeBench({ ...SMALL, correlation: 3, orthogonalSteps: 0 })).correlation;
  assert.ok(Math.abs(strong.own.reduce((a, b) => Math.min(a, b)) - 0.01) < 1e-9, 'scaled down to what variances allow');
});

test('SynthSAEBench: probabilities are Zipf’s, and without hierarchy and correlation rates are these', async () => {
  const bench = await synthSaeBench({ ...SMALL, roots: 0, rank: 0, orthogonalSteps: 0, rarest: 0.01 });
  assert.equal([bench.probabilities[0], bench.probabilities[255]], [0.4, 0.01]);
  const expected = 0.01 + (0.39 * (1 / Math.sqrt(9) - 1 / 16)) / (1 - 1 / 16);
  assert.ok(Math.abs(bench.probabilities[8] - expected) < 1e-14);
  const seen = new Float64Array(256);
  for (const i of bench.codes(0, ROWS).features) seen[i]++;
  for (let i = 0; i < 256; i++) {
    const p = bench.probabilities[i];
    assert.ok(Math.abs(seen[i] / ROWS - p) < 5 * Math.sqrt((p * (1 - p)) / ROWS), `${i}: ${seen[i] / ROWS}, ${p}`);
  }
});

test('SynthSAEBench: a model trained on its source has the bits of one trained on its rows', async () => {
  const bench = await synthSaeBench(SMALL);
  const train = async (x: Parameters<typeof fit>[1]) => {
    const model = await Autoencoder.create({ inputs: 24, hidden: 32, seed: 1, sparsity: { kind: 'top-k', k: 4 } });
    await fit(model, x, { epochs: 1, batchSize: 64 });
    const parameters = await model.parameters();
    model.dispose();
    return toFlat(parameters['decoder.weight']);
  };
  const source = bench.source(100, 612);
  assert.equal(await train(source), await train(bench.rows(100, 612)));
  const some = await source.readRows?.(Uint32Array.of(3, 9));
  assert.equal(some?.data, Float32Array.of(...bench.rows(103, 104).data, ...bench.rows(109, 110).data));
  assert.is(source.where?.(5), 'row 105 of SynthSAEBench');
  const [part] = (await source.parts?.(0, 512)) ?? [];
  assert.is(await part.hash(new AbortController().signal), part.stamp);
});

test('SynthSAEBench: other work has its turn while a block is made, which stays the same', async () => {
  const bench = await synthSaeBench({ ...SMALL, features: 4096, width: 128, orthogonalSteps: 0 });
  const rows = 16_384; // a second or a half; a turn is given every 50 ms
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const [block, some] = await Promise.all([
    bench.source(0, rows).read(0, rows),
    bench.source(0, rows).readRows?.(Uint32Array.from({ length: rows }, (_, k) => rows - 1 - k)),
  ]);
  clearInterval(timer);
  assert.ok(turns > 0);
  for (const row of [0, 7, 4000, rows - 1]) {
    const alone = bench.rows(row, row + 1).data;
    assert.equal(toFlat(block).slice(row * 128, (row + 1) * 128), alone);
    assert.equal(some?.data.slice((rows - 1 - row) * 128, (rows - row) * 128), alone);
  }
});

test('SynthSAEBench: of 16k about 34 features are on, and about 25 of the first 4,096, as is published', () => {
  const rows = 3000;
  const options = fullOptions({});
  const bench = new SynthSaeBench(options, new Float32Array(options.features * options.width)); // codes need no directions
  assert.is(bench.forest.size, 128 * (1 + 4 + 16 + 64));
  const { features } = bench.codes(0, rows);
  const l0 = features.length / rows;
  const common = features.filter((i) => i < 4096).length / rows;
  assert.ok(Math.abs(l0 - 34.5) < 0.6, `${l0}`);
  assert.ok(Math.abs(common - 25.2) < 0.6, `${common}`);
  const most = bench.drawn.reduce((a, b) => Math.max(a, b));
  assert.ok(most < 1, 'compensation cuts nothing off');
  const shared = bench.correlation.own.reduce((sum, own) => sum + 1 - own, 0) / options.features;
  assert.ok(Math.abs(shared - 25 * 0.01) < 0.003, `${shared}`);
  const deviation = bench.deviations.reduce((sum, value) => sum + value, 0) / options.features;
  assert.ok(Math.abs(deviation - 0.58334) < 0.01, `${deviation}: the mean of |N(0.5, 0.5²)|`);
});

test('SynthSAEBench: the defaults are those of 16k, and options without sense are refused', async () => {
  const { features, width, seed, roots, branching, depth, rank } = fullOptions({});
  assert.equal([features, width, seed, roots, branching, depth, rank], [16_384, 768, 42, 128, 4, 3, 25]);
  await refused(
    () => synthSaeBench({ features: 0 }),
    /^options.features is 0: it must be an integer from 1 to 1048576$/,
  );
  for (const [name, value] of Object.entries({
    ...{ correlation: -1, exponent: 0, commonest: 2, rarest: '0.001', bias: 1e9, orthogonalRate: Number.NaN },
    ...{ exclusive: 'no', compensate: null, scaleByParent: 0, multiply: 'plain', width: '32' },
    ...{ means: [1], deviations: ['1', '1'] },
  })) {
    await refused(() => synthSaeBench({ [name]: value }), new RegExp(`^options.${name} is .*: it must be`));
  }
  await refused(
    () => synthSaeBench({ means: [1, 0] }),
    /^options.means is \[1,0\]: it must be two numbers from 0.000001/,
  );
  await refused(
    () => synthSaeBench({ rarest: 0.5 }),
    /^options.commonest is 0.4: it must be above options.rarest, 0.5$/,
  );
  await refused(() => synthSaeBench({ widht: 32 } as never), /^options.widht is not a known key: .*width.*, multiply$/);
  await refused(() => synthSaeBench({ seed: -1 }), /^seed is -1/);
  await refused(() => synthSaeBench(null as never), /^options is null/);
  const bench = new SynthSaeBench(fullOptions({ features: 4, width: 2 }), new Float32Array(8).fill(0.7));
  const small = { features: 4, width: 2 };
  await refused(
    () => synthSaeBench({ ...small, multiply: () => new Float32Array(3) }),
    /^options.multiply gave 3 numbers: it must give a Float32Array of 2 × 2$/,
  );
  await refused(
    () =>
      synthSaeBench({ ...small, multiply: (_, __, { rows, columns }) => new Float32Array(rows * columns).fill(NaN) }),
    /^directions hold NaN: they must be finite/,
  );
  const other = bench.options;
  await refused(() => new SynthSaeBench(other, new Float32Array(7)), /^directions have 7 numbers: .* of 4 × 2$/);
  await refused(
    () => new SynthSaeBench({} as never, new Float32Array(8)),
    /^directions have 8 numbers: .* 16384 × 768$/,
  );
  for (const what of ['rows', 'codes', 'denseCodes'] as const)
    await refused(
      () => bench[what](0, 2 ** 40),
      /^rows 0 to 1099511627776 of \d numbers each are asked for: at most 2\^32/,
    );
  await refused(() => bench.rows(3, 3), /^rows 3 to 3 are asked for: give integers, 0 <= begin < end <= 2\^52$/);
});

test.run();
