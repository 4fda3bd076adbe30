import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { orthogonalize } from '../../../../src/data/generated/synth-sae-bench/directions.ts';
import { Firing } from '../../../../src/data/generated/synth-sae-bench/firing.ts';
import { plantForest } from '../../../../src/data/generated/synth-sae-bench/forest.ts';
import { fullOptions } from '../../../../src/data/generated/synth-sae-bench/options.ts';
import { baseProbabilities, drawnProbabilities } from '../../../../src/data/generated/synth-sae-bench/probabilities.ts';
import { planOf, readOracle } from './oracle.ts';

const oracle = readOracle();
const F = oracle.probabilities.length;

test('SynthSAEBench: probabilities and parents are those of NumPy', () => {
  const options = fullOptions({ ...oracle.options, width: 2 });
  const forest = plantForest(options);
  assert.equal([...forest.parent], oracle.parent);
  const base = baseProbabilities(options);
  const drawn = drawnProbabilities(base, forest, options);
  for (let i = 0; i < F; i++) {
    assert.ok(Math.abs(base[i] - oracle.probabilities[i]) < 1e-14, `base ${i}`);
    assert.ok(Math.abs(drawn[i] - oracle.drawn[i]) < 1e-13, `drawn ${i}`);
  }
});

test("SynthSAEBench: directions go where PyTorch's Adam takes them", async () => {
  const { n, d, steps, rate, start, end } = oracle.directions;
  const v = Float32Array.from(start);
  await orthogonalize(v, { features: n, width: d, orthogonalSteps: steps, orthogonalRate: rate });
  let moved = 0;
  for (let p = 0; p < v.length; p++) {
    assert.ok(Math.abs(v[p] - end[p]) < 2e-5, `${p}: ${v[p]}, ${end[p]}`);
    moved = Math.max(moved, Math.abs(start[p] - end[p]));
  }
  assert.ok(moved > 0.02, 'the steps move them further than the tolerance');
});

test('SynthSAEBench: rates, pairs and strengths of short cuts are those of all of z', () => {
  const rows = 400_000;
  const firing = new Firing(planOf(oracle, 1));
  const pairs = new Float64Array(F * F);
  const sums = new Float64Array(F);
  const squares = new Float64Array(F);
  for (let row = 0; row < rows; row++) {
    firing.draw(row);
    for (let s = 0; s < firing.count; s++) {
      const i = firing.on[s];
      sums[i] += firing.strengths[s];
      squares[i] += firing.strengths[s] ** 2;
      for (let t = 0; t < firing.count; t++) pairs[i * F + firing.on[t]]++;
    }
  }
  const other = 1 / rows + 1 / oracle.rows;
  let worst = 0;
  for (let p = 0; p < F * F; p++) {
    const both = (pairs[p] + oracle.pairs[p]) / (rows + oracle.rows);
    const deviation = Math.sqrt(Math.max(both * (1 - both), 1 / oracle.rows) * other);
    worst = Math.max(worst, Math.abs(pairs[p] / rows - oracle.pairs[p] / oracle.rows) / deviation);
  }
  assert.ok(worst < 5, `pairs differ by ${worst} standard errors`);
  for (let i = 0; i < F; i++) {
    const mean = oracle.sums[i] / oracle.rows;
    const deviation = Math.sqrt((oracle.squares[i] / oracle.rows - mean * mean) * other);
    assert.ok(Math.abs(sums[i] / rows - mean) < 5 * deviation, `strength of ${i}: ${sums[i] / rows}, ${mean}`);
    const square = oracle.squares[i] / oracle.rows;
    assert.ok(Math.abs(squares[i] / rows / square - 1) < 0.05, `its square: ${squares[i] / rows}, ${square}`);
  }
});

test.run();
