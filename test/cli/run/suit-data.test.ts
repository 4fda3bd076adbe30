import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../../src/array/matrix.ts';
import { fillNormal } from '../../../src/array/random.ts';
import { type RunFlags, runFromFlags } from '../../../src/cli/run/run-from-flags.ts';
import { isOpen, openParts } from '../../../src/cli/run/suit-data.ts';
import { writeNpy } from '../../../src/data/formats/npy.ts';
import { inScratch, rhohat } from '../command.ts';

const normals = (length: number, seed: number): Float64Array =>
  fillNormal(new Float64Array(length), { seed, stream: 0, counter: 0 }, 0, 1);

/** Columns near 20, 1e6, 0.5 and 40 that two numbers describe. */
function unscaledTable(rows: number): string {
  const n = normals(6 * rows, 1);
  const lines = Array.from({ length: rows }, (_, i) => {
    const [p, q, ...noise] = n.slice(6 * i, 6 * i + 6);
    return [
      20 + 3 * p + 0.3 * noise[0],
      1e6 + 2e5 * q + 2e4 * noise[1],
      0.5 + 0.1 * (p + q) + 0.01 * noise[2],
      40 + 8 * (p - q) + noise[3],
    ];
  });
  return `a,b,c,d\n${lines.map((line) => line.join(',')).join('\n')}\n`;
}
const call =
  (folder: string) =>
  (...args: string[]) =>
    rhohat(args, { cwd: folder });
const unexplained = (stdout: string) => JSON.parse(stdout).metrics.varianceUnexplained as number;

test('a table of unscaled columns is standardized, says so, and reaches what principal components do', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'table.csv'), unscaledTable(500));
    const train = (...more: string[]) =>
      call(folder)('train', 'table.csv', '--json', '--out', 'run', '--force', ...more);
    const linear = await train('--model', 'linear', '--hidden', '2', '--pca', '2');
    assert.is(
      linear.stderr.replace(/[\d.]+ to \d+/, 'A to B'),
      "rhohat: the columns' standard deviations go from A to B, so the run has --preprocess standardize; decide otherwise with --preprocess none\n",
    );
    const { run, metrics, pca } = JSON.parse(linear.stdout);
    assert.equal(run.data.preprocessing, [{ kind: 'standardize' }]);
    assert.ok(metrics.squaredError < 1.001 * pca.squaredError, `${metrics.squaredError}, PCA ${pca.squaredError}`);

    const built = await train();
    assert.match(built.stderr, /, so the run has --preprocess standardize --output linear --optimizer lbfgs; decide/);
    assert.ok(unexplained(built.stdout) < 0.02, `${unexplained(built.stdout)}`);
    const { model, fit } = JSON.parse(built.stdout).run;
    assert.equal([model.output, fit.optimizer.kind], ['linear', 'lbfgs']);

    const asked = await train('--preprocess', 'none', '--output', 'sigmoid', '--epochs', '1');
    assert.match(
      asked.stderr,
      /^rhohat: the data go from \S+ to \S+, sigmoid outputs from 0 to 1: use --output linear --preprocess standardize\n$/,
    );
    const { run: own, dataNote } = JSON.parse(asked.stdout);
    assert.equal([own.data.preprocessing, own.model.output, own.fit.epochs], [[], 'sigmoid', 1]);
    assert.match(dataNote, /^the data go from .*: use --output linear --preprocess standardize$/);
    const kind = await train('--model', 'sparse', '--epochs', '1');
    assert.match(kind.stderr, /: use --output linear --preprocess standardize\n$/);
    const bare = await train('--model', 'linear', '--hidden', '2', '--preprocess', 'none', '--iterations', '2');
    assert.match(bare.stderr, /^rhohat: the columns' standard deviations go .*: use --preprocess standardize\n$/);
  }));

test('train swiss-roll ends with a good reconstruction, and its printed config trains to the same bytes', () =>
  inScratch(async (folder) => {
    const train = call(folder);
    const { stdout, stderr, status } = await train('train', 'swiss-roll', '--json', '--out', 'a');
    assert.is(status, 0);
    assert.ok(unexplained(stdout) < 0.01, `${unexplained(stdout)}`);
    const printed = await train('train', 'swiss-roll', '--print-config');
    assert.is(printed.stderr, stderr);
    writeFileSync(join(folder, 'run.json'), printed.stdout);
    const again = await train('train', '--config', 'run.json', '--json', '--out', 'b');
    assert.equal([again.status, again.stderr], [0, '']);
    assert.equal(
      ...(['a', 'b'].map((run) => readFileSync(join(folder, run, 'model.safetensors'))) as [Buffer, Buffer]),
    );
    const stack = await train('stack', 'swiss-roll', '--hidden', '8,2', '--epochs', '2', '--json', '--print-config');
    assert.match(stack.stderr, /so the run has --preprocess standardize --output linear; decide/);
    assert.is(JSON.parse(stack.stdout).fit.optimizer.kind, 'adam');
    assert.not(existsSync(join(folder, 'runs')));
  }));

test('the default of linear models survives activations whose mean is far above their deviation', () =>
  inScratch(async (folder) => {
    const [m, d] = [2000, 64];
    const centre = normals(d, 2);
    const noise = normals(m * d, 3);
    const x = Float32Array.from(noise, (value, p) => 20 * centre[p % d] + 0.5 * value);
    writeFileSync(join(folder, 'acts.npy'), writeNpy(matrix(x, m, d)));
    const how = ['acts.npy', '--model', 'k-sparse', '--k', '8', '--hidden', '128', '--epochs', '10', '--json', '--out'];
    const survived = await call(folder)('train', ...how, 'a');
    assert.match(survived.stderr, /^rhohat: the columns' means are about \S+, \S+ times their standard deviations, so/);
    assert.is(survived.status, 0);
    const raw = await call(folder)('train', ...how, 'b', '--preprocess', 'none');
    assert.match(
      raw.stderr,
      /^rhohat: the columns' means .*: use --preprocess standardize\nrhohat: step \d+: the \w+ term is /,
    );
    assert.match(raw.stderr, /parameters: the columns' means .* so standardize them \(--preprocess standardize\)/);
    assert.not.match(raw.stderr, /bounded/);
    assert.is(raw.status, 1);
  }));

test('only what nobody asked for is left to the data', () => {
  const open = (flags: RunFlags, source = 'x.csv') => openParts(runFromFlags(source, flags), flags);
  const all = { preprocessing: 'columns', output: true, optimizer: true, sized: null };
  assert.equal(open({}), all);
  assert.equal(open({ hidden: 3, activation: ['relu'], seed: 2 }), all);
  assert.equal(open({ output: 'sigmoid' }), { preprocessing: false, output: false, optimizer: true, sized: null });
  assert.equal(open({ output: 'linear' }), { preprocessing: 'columns', output: false, optimizer: true, sized: null });
  assert.equal(open({ preprocess: ['none'] }), { ...all, preprocessing: false });
  assert.equal(open({ preprocess: ['standardize'] }), { ...all, preprocessing: false });
  for (const flags of [{ epochs: 3 }, { learningRate: 0.1 }, { optimizer: 'adam' }, { corruption: 'masking:0.5' }]) {
    assert.equal(open(flags), { ...all, optimizer: false }, JSON.stringify(flags));
  }
  assert.equal(open({ model: 'linear' }), { preprocessing: 'columns', output: false, optimizer: false, sized: null });
  for (const flags of [{ loss: 'cross-entropy' }, { model: 'sparse' }, { model: 'denoising' }, { preset: 'cs294a' }]) {
    assert.not(isOpen(open(flags)), JSON.stringify(flags));
  }
  assert.not(isOpen(open({ preprocess: ['zca', 'cs294a'] })));
  assert.not(isOpen(open({ patchSize: 8 })));
  assert.not(isOpen(open({}, 'mnist')), 'pixels');
});

test.run();
