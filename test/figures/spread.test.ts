import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { spread } from '../../src/figures/spread.ts';

test('spread leaves positions that are apart where they are', () => {
  assert.equal(spread([80, 10, 40], 15, 100), [80, 10, 40]);
});

test('spread moves neighbours apart, and up where the lower end is reached', () => {
  assert.equal(spread([50, 50, 50], 10, 100), [50, 60, 70]);
  assert.equal(spread([95, 100], 10, 100), [90, 100]);
});

test('spread shrinks the gap where the labels would not fit', () => {
  assert.equal(spread([0, 0, 0, 0, 0], 50, 100), [0, 25, 50, 75, 100]);
});

test.run();
