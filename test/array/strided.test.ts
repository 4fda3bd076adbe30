import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import ndarray, { type NdArray } from 'ndarray';
import ops from 'ndarray-ops';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { strided, sumOf } from '../../src/array/strided.ts';

type View = NdArray<Float32Array>;
type Step = readonly ['lo' | 'hi' | 'step' | 'transpose' | 'pick', readonly (number | null)[]];

/** Everything that can be asked of an array without changing it. */
function seen(x: View) {
  const { shape, stride, offset, dtype, size, order, dimension } = x;
  return { shape: [...shape], stride: [...stride], offset, dtype, size, order: [...order], dimension };
}

/** Every element, by `get`. */
function elements(x: View): number[] {
  const [rows = 1, columns = 1, depth = 1] = x.shape;
  const found: number[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      for (let k = 0; k < depth; k++) found.push(x.get(...[i, j, k].slice(0, x.dimension)));
    }
  }
  return found;
}

function same(ours: View, theirs: View): void {
  const { order: theirOrder, ...fields } = seen(theirs);
  const { order, ...own } = seen(ours);
  assert.equal(own, fields);
  assert.equal([...order].sort(), [...theirOrder].sort()); // of equal strides, theirs leaves it open
  assert.equal(elements(ours), elements(theirs));
}

/** What is asked of a view: within its shape, as ndarray does not check. */
function applied(x: View, [name, wishes]: Step): View {
  const { shape } = x;
  const args = shape.map((n, axis) => {
    const wish = wishes[axis];
    if (wish === null) return name === 'transpose' ? axis : null;
    if (name === 'step') return n === 0 || wish === 0 ? 1 : (wish % 3) + (wish % 3 === 0 ? 1 : 0);
    if (name === 'pick') return n === 0 ? null : Math.abs(wish) % n;
    return Math.abs(wish) % (n + 1);
  });
  if (name === 'transpose') {
    const turned = shape.map((_, axis) => (axis + Math.abs(wishes[0] ?? 0)) % shape.length);
    return x.transpose(...turned);
  }
  return (x[name] as (...args: (number | null)[]) => View)(...args);
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(
    fc.constantFrom('lo', 'hi', 'step', 'transpose', 'pick'),
    fc.array(fc.option(fc.integer({ min: -5, max: 5 })), { minLength: 3, maxLength: 3 }),
  ),
  { maxLength: 5 },
);

test('a strided array has the fields of ndarray and gives its elements, through any chain of views', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 });
  fc.assert(
    fc.property(shapes, steps, (shape, chain) => {
      const size = shape.reduce((product, n) => product * n, 1);
      const data = Float32Array.from({ length: size + 2 }, (_, i) => i);
      const stride = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
      let theirs: View = ndarray(data, [...shape], [...stride], 2);
      let ours: View = strided(data, shape, stride, 2);
      same(ours, theirs);
      for (const step of chain) {
        if (theirs.dimension === 0) break; // theirs gives another array of no use there
        theirs = applied(theirs, step);
        ours = applied(ours, step);
        same(ours, theirs);
      }
    }),
    { numRuns: 500 },
  );
});

test('a strided array is written through, names its type, and goes through ndarray-ops', () => {
  for (const data of [new Float64Array(6), new Uint8Array(6), new Uint8ClampedArray(6), new Int16Array(6)]) {
    const ours = strided(data, [2, 3], [3, 1], 0);
    const theirs = ndarray(data, [2, 3]);
    assert.is(ours.dtype, theirs.dtype);
    assert.is(ours.set(1, 2, 7), 7);
    assert.is(theirs.get(1, 2), 7);
    assert.is(data[5], 7);
  }
  const data = Float64Array.of(1, 2, 3, 4, 5, 6);
  const ours = strided(data, [2, 3], [3, 1], 0).transpose(1, 0);
  assert.is(ops.sum(ours), 21);
  ops.mulseq(ours, 2);
  assert.equal([...data], [2, 4, 6, 8, 10, 12]);
  assert.is(sumOf(ours), 42);
  assert.is(sumOf(ours.pick(1, null)), 4 + 10);
  assert.is(sumOf(strided(data, [], [], 3)), 8);
  assert.is(Number(strided(data, [], [], 3)), 8);
});

const program = `
import { Autoencoder, fit, fromRows, inspect, measure, serializeModel } from 'rhohat';
import { swissRoll } from 'rhohat/data';
const { x } = swissRoll({ examples: 50, seed: 1 });
const config = { inputs: 3, hidden: 4, loss: 'squared-error', output: 'linear', seed: 1, precision: 'float32' };
const model = await Autoencoder.create(config, { threads: 1, deterministic: true });
await fit(model, x, { epochs: 2, batchSize: 20 });
const metrics = await measure(model, x);
const digest = await crypto.subtle.digest('SHA-256', await serializeModel(model));
const bits = Buffer.from(digest).toString('hex');
const row = (await model.encode(fromRows([[0.1, 0.2, 0.3]]))).pick(0, null);
console.log(JSON.stringify({ bits, metrics, code: row.get(1), of: row.shape, dead: (await inspect(model, x)) !== null }));
`;

test('where code from strings is forbidden, and where arrays are plain ones, the same numbers come out', () => {
  const folder = mkdtempSync(join(process.cwd(), 'build', 'strided-'));
  try {
    const file = join(folder, 'program.mjs');
    writeFileSync(file, program);
    const [free, forbidden, page] = [[], ['--disallow-code-generation-from-strings'], ['--conditions=browser']].map(
      (flags) => {
        const { stdout, stderr } = spawnSync(process.execPath, [...flags, file], { encoding: 'utf8' });
        assert.is(stderr, '');
        return JSON.parse(stdout);
      },
    );
    assert.ok(free.bits.length === 64 && free.metrics.meanActivations !== undefined);
    assert.equal(forbidden, free);
    assert.equal(page, free);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
