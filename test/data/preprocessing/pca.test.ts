import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, matrix, transposed } from '../../../src/array/matrix.ts';
import { fillNormal, stream } from '../../../src/array/random.ts';
import { toNumbers } from '../../../src/data/examples.ts';
import { fitPca, pcaError, pcaReconstruct } from '../../../src/data/preprocessing/pca.ts';
import { loadExamples } from '../../../src/node/sources.ts';
import { close, dataFolder, refused } from '../refused.ts';

const x = fromRows([
  [1, 2, 0.5, -1],
  [2, 1, 3, 0.25],
  [-1, 0.5, 2, 4],
  [0, 3, -2, 1],
  [5, -1, 1, 2],
  [2.5, 2, -1, -3],
]);

test('fitPca agrees with numpy.linalg.eigh of the covariance divided by m', () => {
  const pca = fitPca(x, 2);
  assert.equal(pca.components.shape, [2, 4]);
  close(pca.variances.data, [6.568494456305948, 4.727654126155732], 1e-13);
  const components = [
    -0.1357745114123179, -0.33394250477845255, 0.4591261951665185, 0.8119426226433463, 0.8470236830628995,
    -0.4187589791581464, 0.2709424986063756, -0.1837986946469486,
  ];
  close(pca.components.data, components, 1e-14);
});

test('pcaReconstruct and pcaError agree with NumPy, on the data of the fit and on new ones', () => {
  const pca = fitPca(x, 2);
  const reconstruction = pcaReconstruct(pca, x);
  assert.equal(reconstruction.shape, [6, 4]);
  close(
    reconstruction.data.subarray(0, 8),
    [
      1.3180841491464492, 1.9672008753074994, -0.23588046375753546, -0.5441836834461308, 2.448814874579691,
      0.4612944151412627, 1.312306283657528, 1.0578222577109906,
    ],
    1e-13,
  );
  close([pcaError(pca, x)], [1.8028097508716519], 1e-13);
  const others = fromRows([
    [1, 0, 2, -1],
    [0, 1, 1, 1],
  ]);
  close([pcaError(pca, others)], [3.2709203095350747], 1e-13);
});

test('pcaError on the data of the fit is the sum of the variances left out, and 0 with all components', () => {
  const [m, d] = [300, 9];
  const data = fillNormal(new Float64Array(m * d), { seed: 3, stream: stream.testing });
  for (let i = 0; i < m; i++) for (let j = 1; j < d; j++) data[i * d + j] += 0.8 * data[i * d + j - 1];
  const y = matrix(data, m, d);
  const { variances, components } = fitPca(y, d);
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < d; b++) {
      let dot = 0;
      for (let j = 0; j < d; j++) dot += components.get(a, j) * components.get(b, j);
      assert.ok(Math.abs(dot - (a === b ? 1 : 0)) < 1e-13, `components ${a}, ${b}: ${dot}`);
    }
  }
  for (const k of [1, 4, 8, 9]) {
    const left = variances.data.subarray(k).reduce((sum, variance) => sum + variance, 0);
    close([pcaError(fitPca(y, k), y)], [left], 1e-12);
  }
});

test('fitPca and pcaError read strided views and float32', () => {
  const turned = transposed(
    matrix(
      Float64Array.from({ length: 24 }, (_, p) => x.get(p % 6, Math.floor(p / 6))),
      4,
      6,
    ),
  );
  const pca = fitPca(x, 2);
  close(fitPca(turned, 2).components.data, pca.components.data, 0);
  assert.is(pcaError(pca, turned), pcaError(pca, x));
  close([pcaError(pca, matrix(Float32Array.from(x.data), 6, 4))], [pcaError(pca, x)], 1e-5);
});

test('fitPca and pcaReconstruct refuse what has no components', async () => {
  for (const k of [0, 5, 1.5, Number.NaN]) await refused(() => fitPca(x, k), /components is .* from 1 to 4/);
  await refused(() => fitPca(fromRows([]), 1), /shape is \(0, 0\)/);
  await refused(() => fitPca(fromRows([[1, Number.NaN]]), 1), /PCA: row 0, column 1/);
  await refused(() => fitPca(fromRows([[1e300], [-1e300]]), 1), /overflows/);
  await refused(() => pcaReconstruct(fitPca(x, 1), fromRows([[1, 2]])), /has 2 columns, it was fitted for 4/);
});

(dataFolder && existsSync(join(dataFolder, 'mnist')) ? test : test.skip)(
  'pcaError of 30 components on the 10,000 test images of MNIST is 13.748 (needs RHOHAT_DATA)',
  async () => {
    const [examples] = await loadExamples('mnist-test');
    const images = toNumbers(examples, 'float64');
    close([pcaError(fitPca(images, 30), images)], [13.748], 5e-4);
  },
);

test.run();
