import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openDevice } from '../../../src/kernels/webgpu/adapter.ts';
import { dictionaryCases } from '../../../src/node/turbo/cases/dictionaries.ts';
import { sparseCases } from '../../../src/node/turbo/cases/sparse.ts';
import { gpuKernels } from '../../support/gpu.ts';
import { assertAgree } from './agree.ts';
import { difference, LateGround } from './late-ground.ts';

/** As if no binding were longer than some rows. */
const gpu = await gpuKernels({
  open: async () => {
    const { device, info } = await openDevice();
    return { device, info: { ...info, limits: { ...info.limits, largestBinding: 4096 } } };
  },
});

const { selectLargestOfAll, selectAbove, countActive } = dictionaryCases;
const cases = { ...sparseCases, selectLargestOfAll, selectAbove, countActive };
for (const [name, run] of Object.entries(cases)) {
  test(`WebGPU agrees with the reference where bindings hold few rows: ${name}`, async () => {
    if (gpu !== null) await assertAgree(gpu, { [name]: run }, undefined, [[21, 259]]);
  });
}

test('WebGPU counts and cuts pairs where bindings hold few rows', async () => {
  if (gpu === null) return;
  const ground = new LateGround(gpu);
  const [rows, columns] = [30, 300];
  const a = ground.matrix(rows, columns, (i, j) => ((i + j) % 3 === 0 ? 1 : 0));
  const wanted = Array.from({ length: rows }, () => 100);
  const equal = await ground.slots(rows, (results) => ground.k.countEqual(results, 0, a, 1));
  assert.is(difference(equal, wanted), -1, `${equal}`);
  const bytes = await ground.slots(256, (results) => ground.k.countBytes(results, 0, a, 0, 1));
  assert.is(bytes[0x3f], 3000);
  const indices = ground.indices(rows, columns, (_, t) => t);
  const lengths = ground.lengths(rows, () => 7);
  ground.k.keepLargest(
    a,
    indices,
    lengths,
    null,
    null,
    Uint32Array.from({ length: rows }, (_, i) => i),
  );
  const kept = await ground.rowsOf(indices);
  const counts = await ground.listOf(lengths);
  for (let i = 0; i < rows; i++) {
    const ones = Array.from({ length: i }, (_, t) => 3 * t + ((3 - (i % 3)) % 3));
    assert.is(counts[i], i);
    assert.is(difference(kept[i].slice(0, i), ones), -1, `row ${i}: ${kept[i].slice(0, i)}`);
  }
  await ground.end();
});

test.run();
