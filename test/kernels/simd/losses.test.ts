import { test } from 'uvu';
import { allActivations } from '../../support/activations.ts';
import { agree, uniform } from './agree.ts';

for (const loss of ['squaredError', 'crossEntropy'] as const) {
  test(`${loss} agrees with the reference for every layout, with and without emphasis, in place and not`, async () => {
    await agree(
      ({ kernels, results, out, other }, rows, columns) => {
        const x = other(rows, columns, uniform(rows, columns, 1, 0, 1));
        const emphasis = other(rows, columns, (i, j) => [1, 0.5, 0, 2][(2 * i + j) % 4]);
        return [null, emphasis].flatMap((e, slot) => {
          const target = out(rows, columns, () => Number.NaN);
          kernels[loss](target, results, slot, other(rows, columns, uniform(rows, columns, 2, -5, 5)), x, e, rows + 2);
          const own = out(rows, columns, uniform(rows, columns, 3, -90, 90));
          kernels[loss](own, results, 2, own, x, e, rows + 2);
          return [target, own];
        });
      },
      {
        units: 8,
        magnitude: 2,
        sum: (_, columns) => (loss === 'squaredError' ? 2e4 : 200) * columns,
      },
    );
  });
}

test('softmaxCrossEntropy agrees with the reference for every layout, in place and not, for rows that do and do not sum to 1', async () => {
  await agree(
    ({ kernels, results, out, other }, rows, columns) => {
      const y = other(rows, columns, (i, j) => (i % columns === j ? 1 : 0.01));
      const target = out(rows, columns, () => Number.NaN);
      kernels.softmaxCrossEntropy(
        target,
        results,
        0,
        other(rows, columns, uniform(rows, columns, 2, -5, 5)),
        y,
        rows + 2,
      );
      const own = out(rows, columns, uniform(rows, columns, 3, 70, 140));
      kernels.softmaxCrossEntropy(own, results, 1, own, y, rows + 2);
      return [target, own];
    },
    { units: 8, magnitude: 1, sum: (_, columns) => 100 + columns },
  );
});

test('softmax agrees with the reference for every layout, in place and not', async () => {
  await agree(
    ({ kernels, out, other }, rows, columns) => {
      const target = out(rows, columns, () => Number.NaN);
      kernels.softmax(target, other(rows, columns, uniform(rows, columns, 2, -5, 5)));
      const own = out(rows, columns, uniform(rows, columns, 3, 70, 140));
      kernels.softmax(own, own);
      return [target, own];
    },
    { units: 8, magnitude: 1 },
  );
});

test('jacobianSquares agrees with the reference for every layout and activation, of all units and of selected ones', async () => {
  for (const f of allActivations) {
    await agree(
      ({ kernels, other, vector }, rows, columns) => {
        const values = uniform(rows, columns, 1, 0, 1);
        const a = other(rows, columns, (i, j) => ((i + j) % 3 === 0 ? 0 : values(i, j)));
        const r = vector(columns, (j) => 0.5 + (j % 7));
        const [all, selected] = [0, 1].map(() => vector(rows, () => Number.NaN));
        kernels.jacobianSquares(all, a, r, f, false);
        kernels.jacobianSquares(selected, a, r, f, true);
        return [all, selected];
      },
      { units: 8, magnitude: 10 },
    );
  }
});

test('contraction agrees with the reference for every layout and activation', async () => {
  for (const f of allActivations) {
    await agree(
      ({ kernels, results, out, other, vector }, rows, columns) => {
        const a = other(rows, columns, uniform(rows, columns, 1, 0, 1));
        const dA = out(rows, columns, uniform(rows, columns, 2));
        const pull = vector(columns, () => Number.NaN);
        kernels.contraction(
          dA,
          pull,
          results,
          1,
          a,
          vector(columns, (j) => 0.5 + (j % 7)),
          f,
          0.7,
          rows + 2,
        );
        return [dA, pull];
      },
      { units: 8, magnitude: 10, sum: (_, columns) => 5 * columns },
    );
  }
});

test.run();
