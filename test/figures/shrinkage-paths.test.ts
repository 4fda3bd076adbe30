import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../src/errors.ts';
import { shrinkagePath, shrinkagePaths } from '../../src/figures/index.ts';
import { curveOf, readSvg, textsOf } from './read-svg.ts';

test('shrinkagePath of L1 takes constant steps, reaches 0 and stays, from either side', () => {
  assert.equal(
    [...shrinkagePath({ kind: 'l1', start: 1, learningRate: 0.25, steps: 6 })],
    [1, 0.75, 0.5, 0.25, 0, 0, 0],
  );
  const negative = [...shrinkagePath({ kind: 'l1', start: -1, learningRate: 0.4, steps: 4 })];
  assert.ok(Math.abs(negative[2] + 0.2) < 1e-15 && negative[3] === 0 && negative[4] === 0);
});

test('shrinkagePath of L2 takes steps that shrink with the weight, and never reaches 0', () => {
  assert.equal([...shrinkagePath({ kind: 'l2', start: 1, learningRate: 0.25, steps: 3 })], [1, 0.5, 0.25, 0.125]);
  const path = shrinkagePath({ kind: 'l2', start: -1, learningRate: 0.1, steps: 100 });
  let w = -1;
  for (const value of path) {
    assert.ok(Math.abs(value - w) < 1e-12);
    w -= 0.1 * 2 * w;
  }
  assert.ok(path.every((value) => value < 0));
});

test('shrinkagePaths draws both, or one, and says where they end', () => {
  const both = readSvg(shrinkagePaths());
  assert.ok(textsOf(both).includes('L1: 0 from step 10') && textsOf(both).includes('L2: 0.0115'));
  assert.is(curveOf(both, 'L1: 0 from step 10').length, 21);
  const l2 = textsOf(readSvg(shrinkagePaths({ kind: 'l2', steps: 1 })));
  assert.ok(l2.includes('L2: 0.8') && !l2.some((text) => text.startsWith('L1')));
  assert.is(shrinkagePaths(), shrinkagePaths());
});

test('shrinkagePaths refuses a rate at which L2 would pass 0, and what is no path', () => {
  const refused = (act: () => unknown, message: RegExp) =>
    assert.throws(act, (error: unknown) => error instanceof InputError && message.test(error.message));
  refused(() => shrinkagePaths({ learningRate: 0.5 }), /^learningRate is 0.5: give above 0 and below 0.5/);
  refused(() => shrinkagePath({ kind: 'l1', learningRate: 0 }), /^learningRate is 0: give a finite number above 0/);
  refused(() => shrinkagePaths({ start: 0 }), /^start is 0: /);
  refused(() => shrinkagePaths({ steps: 1.5 }), /^steps is 1.5: /);
  refused(() => shrinkagePaths({ kind: 'l3' as never }), /^kind is l3: give l1 or l2$/);
});

test.run();
