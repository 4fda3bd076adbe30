import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyNumbers, matrixView, type View } from '../../../src/array/matrix.ts';
import { TwoByteNumbers } from '../../../src/array/two-byte.ts';
import { createReferenceKernels } from '../../../src/kernels/reference/reference.ts';
import { gpuKernels } from '../../support/gpu.ts';

const gpu = await gpuKernels();
const [M, D] = [37, 11];
const numbers = Array.from({ length: M * D }, (_, n) => ((n * 7919) % 251) - (n % 3 === 0 ? 0.25 : 0));
const bits = Uint16Array.from({ length: M * D }, (_, n) => (n * 977) % 65536);

const view = (data: AnyNumbers, unit?: number): View<AnyNumbers> => ({ ...matrixView(data, M, D), unit });
const turned = (data: AnyNumbers): View<AnyNumbers> => ({ data, shape: [M, D], stride: [1, M], offset: 0 });

const sets: Record<string, View<AnyNumbers>> = {
  float32: view(Float32Array.from(numbers)),
  float64: view(Float64Array.from(numbers, (x) => x / 3)),
  'bytes of a unit': view(Uint8Array.from(numbers), 255),
  'clamped bytes': view(Uint8ClampedArray.from(numbers)),
  'whole numbers': view(Int16Array.from(numbers), 7),
  float16: view(new TwoByteNumbers('float16', bits)),
  bfloat16: view(new TwoByteNumbers('bfloat16', bits)),
  'columns first': turned(Float32Array.from(numbers)),
  'bytes, columns first': turned(Uint8Array.from(numbers)),
};

for (const [name, x] of Object.entries(sets)) {
  test(`rows that a device holds are those that are sent: ${name}`, async () => {
    if (gpu === null) return;
    const rows = Uint32Array.from({ length: 50 }, (_, i) => (i * 31) % M);
    const exact = createReferenceKernels('float32');
    const wanted = exact.allocate(rows.length * D);
    exact.gatherRows(matrixView(wanted, rows.length, D), x, rows);
    for (const held of [false, true]) {
      const storage = gpu.fork();
      if (held) await gpu.hold?.(storage, x);
      const before = gpu.heldBytes();
      const out = matrixView(storage.allocate(rows.length * D), rows.length, D);
      gpu.gatherRows(out, x, rows);
      if (held) assert.ok(before > 0);
      const got = await gpu.copyOut(out);
      const bad = wanted.findIndex((w, n) =>
        Number.isNaN(w) ? !Number.isNaN(got[n]) : !(Math.abs(w - got[n]) <= 2e-7 * Math.abs(w)) && w !== got[n],
      );
      assert.is(bad, -1, `${held}: ${got[bad]} at ${bad}, wanted ${wanted[bad]}`);
      storage.dispose();
    }
    const out = matrixView(gpu.allocate(D), 1, D); // no longer held: sent
    gpu.gatherRows(out, x, Uint32Array.of(1));
    await gpu.copyOut(out);
    gpu.release(out.data);
    assert.is(gpu.heldBytes(), 0);
  });
}

test('what is held is what the examples were, and another view of the same numbers is sent', async () => {
  if (gpu === null) return;
  const data = Float32Array.from(numbers);
  const storage = gpu.fork();
  await gpu.hold?.(storage, view(data));
  data.fill(1);
  const out = matrixView(storage.allocate(D), 1, D);
  gpu.gatherRows(out, view(data), Uint32Array.of(2));
  assert.equal([...(await gpu.copyOut(out))], [...Float32Array.from(numbers.slice(2 * D, 3 * D))]);
  gpu.gatherRows(out, { ...view(data), offset: 1, shape: [M - 1, D] }, Uint32Array.of(2));
  assert.equal([...(await gpu.copyOut(out))], Array(D).fill(1));
  storage.dispose();
});

test.run();
