import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fromRows, type Matrix, matrix, transposed } from '../../../src/array/matrix.ts';
import { fillNormal, stream } from '../../../src/array/random.ts';
import { readSafetensors, writeSafetensors } from '../../../src/data/formats/safetensors.ts';
import {
  applyPreprocessing,
  displayFilters,
  fitPreprocessing,
  type Preprocessing,
  type PreprocessingSpec,
} from '../../../src/data/preprocessing/preprocessing.ts';
import {
  preprocessingFromTensors,
  preprocessingToTensors,
} from '../../../src/data/preprocessing/preprocessing-tensors.ts';
import { assertClose } from '../../support/close.ts';
import { close, refused } from '../refused.ts';

const x = fromRows([
  [1, 2, 0.5, -1],
  [2, 1, 3, 0.25],
  [-1, 0.5, 2, 4],
  [0, 3, -2, 1],
  [5, -1, 1, 2],
  [2.5, 2, -1, -3],
]);

const fitted = (spec: PreprocessingSpec, data: Matrix = x) => applyPreprocessing([fitPreprocessing(spec, data)], data);

test('fitPreprocessing cs294a takes three deviations of all entries, n − 1 in the denominator', () => {
  // Rows (0, 2) and (1, 7) less their means: −1, 1, −3, 3; squares sum to 20, over 3.
  const step = fitPreprocessing(
    { kind: 'cs294a' },
    fromRows([
      [0, 2],
      [1, 7],
    ]),
  );
  assert.is(step.kind, 'cs294a');
  assert.ok(Math.abs((step as { limit: number }).limit - 3 * Math.sqrt(20 / 3)) < 1e-14);
});

test('applyPreprocessing cs294a agrees with NumPy, clips and stays in [0.1, 0.9]', () => {
  const first = [0.5277611352122397, 0.6017908291115452, 0.4907462882625868, 0.3797017474136283];
  close(fitted({ kind: 'cs294a' }).data.subarray(0, 4), first, 1e-15);
  const outlier = matrix(Float64Array.from(x.data), 6, 4);
  outlier.set(0, 0, 40);
  const clipped = [0.9, 0.34820029193686675, 0.32101228452257413, 0.29382427710828163];
  close(fitted({ kind: 'cs294a' }, outlier).data.subarray(0, 4), clipped, 1e-15);
  const two = applyPreprocessing([{ kind: 'cs294a', limit: 1 }], fromRows([[-5, 5]]));
  close(two.data, [0.1, 0.9], 1e-15);
});

test('applyPreprocessing zca agrees with SciPy: (x − mean)·U·diag(1/√(s + ε))·Uᵀ', () => {
  const expected = [
    -0.4088994677291428, 0.23894490977298283, 0.19920692318790342, -0.7796752436470283, 0.325731180958054,
    0.5983064327867891, 1.7057069238945006, -0.23489726231183303, -1.4277719757175042, -0.7941880172216246,
    0.42997917475263037, 1.1276409786911363, -0.3110881888368962, 1.2822023967651028, -1.3784422546602637,
    0.6904095467136093, 1.7219600412682325, -1.0310492069333812, -0.2512987247312, 0.7990707276811903,
    0.10006841005725761, -0.2942165151698678, -0.705152042443571, -1.6025487471270732,
  ];
  const out = fitted({ kind: 'zca', epsilon: 0.1 });
  assert.equal(out.shape, [6, 4]);
  close(out.data, expected, 1e-13);
});

test('applyPreprocessing pca agrees with SciPy on two components, signs included', () => {
  const expected = [
    -0.5658661816687367, -0.24913094611088304, 0.3483856900874395, 0.5306781396051983, 1.572062654290872,
    -0.9675426220525271, -0.45825004274547465, -1.3008077923294878, 0.6439346264133992, 1.6753463885457427,
    -1.540266746377499, 0.31145683234195726,
  ];
  const out = fitted({ kind: 'pca', epsilon: 0.1, components: 2 });
  assert.equal(out.shape, [6, 2]);
  close(out.data, expected, 1e-13);
});

test('scale divides every column by the root mean square of the deviations of those that vary', async () => {
  const x = fromRows([
    [1, 5, 10],
    [3, 5, 16],
  ]); // deviations 1, 0 and 3
  const step = fitPreprocessing({ kind: 'scale' }, x);
  assert.equal(step, { kind: 'scale', deviation: Math.sqrt((1 + 9) / 2) });
  assertClose(
    applyPreprocessing([step], x),
    [1, 5, 10, 3, 5, 16].map((value) => value / Math.sqrt(5)),
    { rtol: 1e-15 },
  );
  const even = fitPreprocessing({ kind: 'scale' }, fromRows([[2, 3]]));
  assert.equal(even, { kind: 'scale', deviation: 1 });
  const bytes = { data: Uint8Array.of(0, 0, 255, 255), shape: [2, 2], stride: [2, 1], offset: 0, unit: 255 };
  assert.equal(fitPreprocessing({ kind: 'scale' }, bytes), { kind: 'scale', deviation: 0.5 });
  const { json, tensors } = preprocessingToTensors([step]);
  assert.equal([...tensors], []);
  assert.equal(preprocessingFromTensors(JSON.parse(JSON.stringify(json)), tensors), [step]);
  for (const deviation of [0, -1, null, '1'])
    await refused(
      () => preprocessingFromTensors([{ kind: 'scale', deviation }], tensors),
      /deviation is .*: it must be a finite number above 0/,
    );
  await refused(() => fitPreprocessing({ kind: 'scale' }, fromRows([[1e300], [-1e300]])), /standard deviation/);
});

test('applyPreprocessing standardize agrees with NumPy and makes constant columns 0', () => {
  close(
    fitted({ kind: 'standardize' }).data.subarray(0, 4),
    [-0.3032036572769469, 0.5846128222154678, -0.049206783130512306, -0.6976166831546624],
    1e-15,
  );
  const constant = fitted(
    { kind: 'standardize' },
    fromRows([
      [0.1, 1],
      [0.1, 2],
      [0.1, 4],
    ]),
  );
  assert.equal(
    [0, 1, 2].map((i) => constant.get(i, 0)),
    [0, 0, 0],
  );
});

test('fitPreprocessing whitens: the covariance of the result is the identity', () => {
  const [m, d] = [700, 13];
  const data = fillNormal(new Float64Array(m * d), { seed: 4, stream: stream.testing });
  for (let i = 0; i < m; i++) for (let j = 1; j < d; j++) data[i * d + j] += 0.9 * data[i * d + j - 1] + j;
  for (const kind of ['zca', 'pca'] as const) {
    const z = fitted({ kind, epsilon: 0 }, matrix(data, m, d));
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) {
        let sum = 0;
        for (let i = 0; i < m; i++) sum += z.get(i, a) * z.get(i, b);
        assert.ok(Math.abs(sum / m - (a === b ? 1 : 0)) < 1e-11, `${kind} (${a}, ${b}): ${sum / m}`);
      }
    }
  }
});

test('applyPreprocessing keeps x and its precision, and reads strided views', () => {
  const before = x.data.slice();
  const step = fitPreprocessing({ kind: 'zca', epsilon: 0.1 }, x);
  const from64 = applyPreprocessing([step], x);
  const single = matrix(Float32Array.from(x.data), 6, 4);
  const from32 = applyPreprocessing([step], single);
  assert.instance(from32.data, Float32Array);
  close(from32.data, from64.data, 1e-6);
  const turned = matrix(new Float64Array(24), 4, 6);
  for (let i = 0; i < 6; i++) for (let j = 0; j < 4; j++) turned.set(j, i, x.get(i, j));
  close(applyPreprocessing([step], transposed(turned)).data, from64.data, 0);
  close(fitted({ kind: 'pca', epsilon: 0 }, turned.transpose(1, 0)).data, fitted({ kind: 'pca', epsilon: 0 }).data, 0);
  assert.equal(x.data, before);
  const copy = applyPreprocessing([], x);
  assert.equal(copy.data, x.data);
  assert.is.not(copy.data, x.data);
});

test('displayFilters maps W through the whitening: z·Wᵀ = (x − mean)·displayᵀ', () => {
  const steps = [fitPreprocessing({ kind: 'cs294a' }, x)];
  steps.push(fitPreprocessing({ kind: 'pca', epsilon: 0.01, components: 2 }, applyPreprocessing(steps, x)));
  const w = fromRows([
    [1, -2],
    [0.5, 3],
    [0, 1],
  ]);
  const shown = displayFilters(steps, w);
  assert.equal(shown.shape, [3, 4]);
  const inner = applyPreprocessing(steps.slice(0, 1), x);
  const z = applyPreprocessing(steps, x);
  const { mean } = steps[1] as { mean: { data: Float64Array } };
  for (let i = 0; i < 6; i++) {
    for (let f = 0; f < 3; f++) {
      let direct = 0;
      for (let j = 0; j < 4; j++) direct += (inner.get(i, j) - mean.data[j]) * shown.get(f, j);
      close([direct], [z.get(i, 0) * w.get(f, 0) + z.get(i, 1) * w.get(f, 1)], 1e-12);
    }
  }
  assert.equal(displayFilters(steps.slice(0, 1), w).data, w.data);
});

test('preprocessingToTensors and preprocessingFromTensors keep every bit through a file', () => {
  const steps: Preprocessing[] = [
    fitPreprocessing({ kind: 'cs294a' }, x),
    fitPreprocessing({ kind: 'standardize' }, x),
    fitPreprocessing({ kind: 'zca', epsilon: 0.1 }, x),
    fitPreprocessing({ kind: 'pca', epsilon: 0, components: 3 }, x),
  ];
  const { json, tensors } = preprocessingToTensors(steps);
  const read = readSafetensors(writeSafetensors(tensors, { steps: JSON.stringify(json) }));
  const back = preprocessingFromTensors(JSON.parse(read.metadata.steps), read.tensors);
  assert.equal(applyPreprocessing(back, x).data, applyPreprocessing(steps, x).data);
  assert.equal(preprocessingToTensors(back), { json, tensors });
});

test('preprocessingFromTensors refuses what is missing or wrong', async () => {
  const { json, tensors } = preprocessingToTensors([fitPreprocessing({ kind: 'zca', epsilon: 0.1 }, x)]);
  await refused(() => preprocessingFromTensors({}, tensors), /list of steps/);
  await refused(() => preprocessingFromTensors([null], tensors), /kind undefined/);
  await refused(() => preprocessingFromTensors([{ kind: 'toString' }], tensors), /kind "toString"/);
  await refused(() => preprocessingFromTensors([{ kind: 'cs294a', limit: 0 }], tensors), /limit is 0/);
  await refused(() => preprocessingFromTensors(json, new Map()), /preprocessing.0.mean is missing/);
  const narrow = new Map([...tensors, ['preprocessing.0.mean', { shape: [3], data: new Float64Array(3) }] as const]);
  await refused(() => preprocessingFromTensors(json, narrow), /mean of 3 columns beside arrays of 4/);
  const nan = new Map([...tensors, ['preprocessing.0.mean', { shape: [1], data: Float64Array.of(NaN) }] as const]);
  await refused(() => preprocessingFromTensors(json, nan), /finite float64/);
});

test('fitPreprocessing refuses data and options that leave a step undefined', async () => {
  const spec = { kind: 'zca', epsilon: 0.1 } as const;
  await refused(
    () =>
      fitPreprocessing(
        spec,
        fromRows([
          [1, 2],
          [3, NaN],
        ]),
      ),
    /row 1, column 1 .* is NaN/,
  );
  await refused(() => fitPreprocessing(spec, fromRows([[1, Infinity]])), /row 0, column 1 .* is Infinity/);
  await refused(() => fitPreprocessing(spec, Promise.resolve(x) as never), /^x is a Promise \(await is missing\): /);
  await refused(() => fitPreprocessing(spec, fromRows([])), /shape is \(0, 0\)/);
  await refused(
    () =>
      fitPreprocessing(
        { kind: 'cs294a' },
        fromRows([
          [1, 1],
          [2, 2],
        ]),
      ),
    /deviations are 0/,
  );
  await refused(() => fitPreprocessing({ kind: 'cs294a' }, fromRows([[1]])), /deviations are NaN/);
  await refused(() => fitPreprocessing({ kind: 'standardize' }, fromRows([[1e300], [-1e300]])), /column 0/);
  await refused(
    () =>
      fitPreprocessing(
        spec,
        fromRows([
          [1e300, 0],
          [-1e300, 1],
        ]),
      ),
    /overflows/,
  );
  await refused(
    () =>
      fitPreprocessing(
        { kind: 'zca', epsilon: 0 },
        fromRows([
          [1, 1],
          [2, 2],
        ]),
      ),
    /larger epsilon/,
  );
  await refused(() => fitPreprocessing({ kind: 'pca', epsilon: 0 }, fromRows([[1, 1]])), /larger epsilon/);
  for (const epsilon of [-1, NaN, Infinity]) {
    await refused(() => fitPreprocessing({ kind: 'pca', epsilon }, x), /epsilon is/);
  }
  for (const components of [0, 5, 1.5]) {
    await refused(() => fitPreprocessing({ kind: 'pca', epsilon: 0, components }, x), /from 1 to 4/);
  }
  await refused(() => fitPreprocessing({ ...spec, components: 2 }, x), /zca keeps all/);
  await refused(
    () => fitPreprocessing({ kind: 'blur' } as never, x),
    /^spec is \{"kind":"blur"\}: a step is an object such as .*, of the kind cs294a, standardize, scale, contrast, layer-norm, constant-norm, zca, pca, fill$/,
  );
});

test('applyPreprocessing refuses other widths and results that overflow', async () => {
  const step = fitPreprocessing({ kind: 'pca', epsilon: 0.1 }, x);
  await refused(() => applyPreprocessing([step], fromRows([[1, 2]])), /has 2 columns, .* fitted for 4/);
  await refused(() => displayFilters([step], fromRows([[1, 2]])), /encoder has 2 columns/);
  const tiny = fitPreprocessing({ kind: 'standardize' }, fromRows([[0], [1e-30]]));
  await refused(() => applyPreprocessing([tiny], matrix(Float32Array.of(1e30), 1, 1)), /result: row 0, column 0/);
});

test.run();
