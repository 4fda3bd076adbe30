import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix, toFlat } from '../../src/array/matrix.ts';
import type { ArrayOptions } from '../../src/data/formats/array-examples.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { writeSafetensors } from '../../src/data/formats/safetensors.ts';
import { labelsFrom, loadExamples } from '../../src/node/sources.ts';
import { refused } from '../data/refused.ts';

let folder = '';
let count = 0;
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'rhohat-by-name-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** A new folder with these files. */
function shards(files: Record<string, Uint8Array>): string {
  const path = join(folder, `${count++}`);
  mkdirSync(path);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

test('a tensor of several is read by its name, of a file and of each file of a folder', async () => {
  const two = (first: number) =>
    writeSafetensors(
      new Map([
        ['ids', { shape: [4], data: Int32Array.of(4, 3, 2, 1) }],
        ['acts', { shape: [4, 3], data: Float32Array.from({ length: 12 }, (_, i) => first + i) }],
        ['half', { shape: [4, 2], data: Float64Array.from({ length: 8 }, (_, i) => i / 2) }],
      ]),
    );
  const path = shards({ 'a.safetensors': two(0), 'b.safetensors': two(12) });
  const read = async (at: string, options: ArrayOptions) => {
    const [{ x }] = await loadExamples(at, { array: options });
    return [x.shape, Array.from(toFlat(x))];
  };
  const ramp = (n: number) => Array.from({ length: n }, (_, i) => i);
  assert.equal(await read(join(path, 'a.safetensors'), { name: 'acts' }), [[4, 3], ramp(12)]);
  assert.equal(await read(join(path, 'a.safetensors'), { match: { name: 'half' } }), [
    [4, 2],
    ramp(8).map((i) => i / 2),
  ]);
  assert.equal(await read(path, { name: 'acts' }), [[8, 3], ramp(24)]);
  assert.equal(await labelsFrom(`${join(path, 'a.safetensors')}:ids`), Uint32Array.of(4, 3, 2, 1));
  await refused(() => read(path, { name: 'act' }), /a\.safetensors: .*no array "act" \(did you mean acts\?\)/);
  await refused(() => read(path, {}), /holds .*acts \(4×3 F32\).*say which is meant/);
  const other = shards({ 'a.npy': writeNpy(matrix(Float64Array.of(1, 2), 1, 2)) });
  await refused(
    () => read(other, { name: 'acts' }),
    /a\.npy: name \(--array\) is "acts", and it is no file of arrays by name/,
  );
});

test.run();
