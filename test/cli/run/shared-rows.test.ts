import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../../src/array/matrix.ts';
import { blocksOfRows } from '../../../src/cli/run/blocks-of-rows.ts';
import { sharedRows } from '../../../src/cli/run/shared-rows.ts';
import { writeNpy } from '../../../src/data/formats/npy.ts';
import { loadModel } from '../../../src/node/model-files.ts';
import { inScratch, rhohat } from '../command.ts';

test('blocks are all examples in their order, whole batches, and shared to within one', () => {
  for (const examples of [1, 1023, 1024, 1025, 5000, 100_000, 3_000_000]) {
    for (const width of [1, 784, 20_000, 200_000]) {
      for (const processes of [1, 2, 3, 7, 64]) {
        const { count, range, of } = blocksOfRows(examples, width, processes);
        let next = 0;
        for (let block = 0; block < count; block++) {
          const [begin, end] = range(block);
          assert.ok(begin === next && end > begin && begin % 1024 === 0);
          assert.ok(end - begin <= Math.max(1024, 2 ** 24 / width));
          next = end;
        }
        assert.is(next, examples);
        const shares = Array.from({ length: processes }, (_, rank) => of(rank));
        assert.is(shares[0][0], 0);
        assert.is(shares[processes - 1][1], count);
        shares.forEach(([begin], rank) => {
          assert.is(begin, rank === 0 ? 0 : shares[rank - 1][1]);
        });
        const sizes = shares.map(([begin, end]) => end - begin);
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
        // Nobody is idle where there are enough whole batches.
        if (examples >= 1024 * processes) assert.ok(Math.min(...sizes) > 0, `${examples} ${width} ${processes}`);
      }
    }
  }
});

test('rows of shards and of .npy files are read apart: those of others may be bad', () =>
  inScratch(async (folder) => {
    const [m, d] = [300, 4];
    const values = Float32Array.from({ length: m * d }, (_, i) => (i % 97) / 97);
    writeFileSync(join(folder, 'x.npy'), writeNpy(matrix(values, m, d)));
    const { status, stderr } = await rhohat(
      ['train', 'x.npy', '--hidden', '2', '--preprocess', 'standardize', '--epochs', '1', '--no-turbo', '--out', 'run'],
      { cwd: folder },
    );
    assert.is(status, 0, stderr);
    const saved = await loadModel(join(folder, 'run'));
    const whole = await (await sharedRows(saved, join(folder, 'x.npy'), {})).read(0, m);
    const bad = values.slice();
    bad[200 * d + 1] = Number.NaN;
    writeFileSync(join(folder, 'bad.npy'), writeNpy(matrix(bad, m, d)));
    mkdirSync(join(folder, 'shards'));
    writeFileSync(join(folder, 'shards/0.npy'), writeNpy(matrix(bad.slice(0, 150 * d), 150, d)));
    writeFileSync(join(folder, 'shards/1.npy'), writeNpy(matrix(bad.slice(150 * d), 150, d)));
    for (const source of ['bad.npy', 'shards']) {
      const rows = await sharedRows(saved, join(folder, source), { limit: 290 });
      assert.is(rows.examples, 290);
      const part = await rows.read(100, 199);
      assert.equal(Array.from(part.data), Array.from(whole.data).slice(100 * d, 199 * d));
      const error = await rows.read(190, 290).catch((reason: Error) => reason);
      assert.match(
        String(error),
        source === 'shards' ? /row 50 of .*1\.npy, column 1/ : /row 200 of .*bad\.npy, column 1/,
      );
    }
  }));

test.run();
