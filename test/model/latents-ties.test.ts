import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Matrix, matrix, toFlat } from '../../src/array/matrix.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { evaluate, firstRows } from '../../src/model/engine.ts';
import type { Group } from '../../src/model/group.ts';
import { Loader } from '../../src/model/load.ts';
import { splitGroups } from '../support/split-group.ts';
import { place, uniforms } from '../support/views.ts';

// Which latents survive does not depend on how many processes share them: of equal ones the lower row, then the lower latent.

const SIZES = [2, 3, 5, 7];
const [M, H] = [12, 7];

/** What survives of x itself, W = D = 1, by rows; and the threshold that is kept. */
async function survivors(kind: 'top-k' | 'batch-top-k', k: number, x: Matrix, size: number | null) {
  const [m] = x.shape;
  const of = async (latents?: Group) => {
    const model = await Autoencoder.create(
      { inputs: H, hidden: H, precision: 'float64', sparsity: { kind, k } },
      { latents },
    );
    const { first, count } = model.engine.spec.shard?.latents ?? { first: 0, count: H };
    const one = Float64Array.from({ length: count * H }, (_, i) => Number(i % H === first + Math.floor(i / H)));
    model.setParameters({ 'encoder.weight': matrix(one, count, H), 'decoder.weight': matrix(one, count, H) });
    const network = model.engine.createNetwork();
    const pass = new Loader(network).load(x, firstRows(m), 0);
    await evaluate(network, pass);
    network.advance();
    const state = await model.state();
    const { a, sparse } = pass.layers[0].code;
    const pairs = sparse && {
      values: await model.engine.kernels.copyOut(sparse.values),
      lengths: sparse.lengths && (await model.engine.kernels.copyOut(sparse.lengths)),
    };
    const width = sparse?.values.shape[1] ?? 0;
    const left = Array.from({ length: m }, (_, i) =>
      [...(pairs?.values ?? [])].slice(i * width, i * width + (pairs?.lengths?.[i] ?? width)).filter((v) => v > 0),
    );
    const codes = await model.engine.kernels.copyOut(a);
    const threshold = 'code.threshold' in state ? toFlat(state['code.threshold'] as Matrix)[0] : null;
    const out = await model.engine.kernels.copyOut(pass.layers[1].code.a);
    return { codes, count, threshold, left, out };
  };
  const parts = await Promise.all(size === null ? [of()] : splitGroups(size).map(of));
  for (const { threshold, out } of parts) {
    assert.is(threshold, parts[0].threshold);
    assert.equal(out, parts[0].out);
  }
  const rows = Array.from({ length: m }, (_, i) =>
    parts.flatMap(({ codes, count }) => [...codes].slice(i * count, (i + 1) * count)),
  );
  rows.forEach((row, i) => {
    const pairs = parts.flatMap(({ left }) => left[i]);
    assert.equal(
      pairs,
      row.filter((a) => a > 0),
      'pairs are what the code holds',
    );
  });
  return { rows, threshold: parts[0].threshold, out: [...parts[0].out] };
}

const draw = uniforms(M * H, 6);
const batches: Readonly<Record<string, Matrix>> = {
  'no two equal': matrix(draw, M, H),
  'five values': place(M, H, 'rows', 'float64', (i, j) => Math.round(2 * draw[H * i + j]) / 2),
  'two values': place(M, H, 'rows', 'float64', (i, j) => (draw[H * i + j] > 0 ? 2 : 1)),
  'all equal': place(M, H, 'rows', 'float64', () => 0.25),
  'none above 0': place(M, H, 'rows', 'float64', (i) => -i),
  'all in one row': place(M, H, 'rows', 'float64', (i, j) => (i === 7 ? 1 + j : -1)),
  'all in one latent': place(M, H, 'rows', 'float64', (_, j) => (j === 4 ? 1 : -1)),
  'huge and tiny': place(M, H, 'rows', 'float64', (i, j) => [1e300, 5e-324, 1, 1e-300, 1][(i + j) % 5]),
  'one row': place(1, H, 'rows', 'float64', () => 1),
};

test('top-k keeps the same survivors on any number of processes, ties included', async () => {
  for (const [name, x] of Object.entries(batches)) {
    for (const k of [1, 2, 3, 5, 7]) {
      const whole = await survivors('top-k', k, x, null);
      for (const size of SIZES)
        assert.equal(await survivors('top-k', k, x, size), whole, `${name}, k = ${k}, ${size} processes`);
    }
  }
});

test('batch-top-k keeps the same survivors and threshold on any number of processes, ties included', async () => {
  for (const [name, x] of Object.entries(batches)) {
    for (const k of [0.05, 0.5, 1, 1.25, 2.5, 4.9, 7]) {
      const whole = await survivors('batch-top-k', k, x, null);
      for (const size of SIZES)
        assert.equal(await survivors('batch-top-k', k, x, size), whole, `${name}, k = ${k}, ${size} processes`);
    }
  }
});

test.run();
