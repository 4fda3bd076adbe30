import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Lab } from '../../bench/reproduce/lab.ts';
import { dictionaries } from '../../bench/reproduce/rows/dictionary-toys-models.ts';
import { loadToys } from '../../bench/reproduce/toys.ts';
import { numberAt } from '../../src/array/numbers.ts';

const data = process.env.RHOHAT_DATA;

function labOf(quick: boolean) {
  const said: string[] = [];
  const { signal } = new AbortController();
  const say = (text: string) => said.push(text);
  return { said, lab: new Lab({ quick, folder: '', pictures: '', signal, kernels: {}, say }) };
}

/** With RHOHAT_DATA set to a folder, or to none. */
async function within<T>(folder: string | undefined, work: () => Promise<T>): Promise<T> {
  if (folder === undefined) delete process.env.RHOHAT_DATA;
  else process.env.RHOHAT_DATA = folder;
  try {
    return await work();
  } finally {
    if (data === undefined) delete process.env.RHOHAT_DATA;
    else process.env.RHOHAT_DATA = data;
  }
}

test('toys: where they are not, the row is skipped, with what to do', async () => {
  for (const [folder, why] of [
    [undefined, /no data folder is known/] as const,
    ['test', /there is no .*toy\.mjs/] as const,
  ]) {
    const { lab, said } = labOf(false);
    assert.is(await within(folder, () => loadToys(lab)), null);
    assert.is(said.length, 1);
    assert.match(said[0], why);
    assert.match(said[0], /skipped: .*RHOHAT_DATA .*--quick/);
  }
});

test('toys: the stand-in of a quick run is made of its features', async () => {
  const toys = await within(undefined, () => loadToys(labOf(true).lab));
  assert.is(toys?.reference, null);
  for (const { train, evaluation, features } of Object.values(toys?.of ?? {})) {
    const { directions, codes } = features;
    assert.ok(codes);
    if (!codes) return;
    assert.equal(
      [train.x.shape, evaluation.x.shape],
      [
        [2048, 64],
        [512, 64],
      ],
    );
    assert.is.not(train.name, evaluation.name);
    for (const [row, column] of [
      [0, 0],
      [511, 63],
    ]) {
      let sum = 0;
      for (let i = 0; i < codes.shape[1]; i++) {
        const at = codes.offset + row * codes.stride[0] + i * codes.stride[1];
        sum +=
          numberAt(codes.data, at) * numberAt(directions.data, directions.offset + i * directions.stride[0] + column);
      }
      const { data, offset, stride } = evaluation.x;
      assert.ok(Math.abs(numberAt(data, offset + row * stride[0] + column) - sum) < 1e-5);
    }
  }
});

const there = data !== undefined && existsSync(join(data, 'toys', 'toy.mjs'));
const run = there ? test : test.skip;
run(
  'toys: every dictionary stands beside a line of the reference, every line has one (needs RHOHAT_DATA)',
  async () => {
    const toys = await loadToys(labOf(true).lab);
    const key = (toy: string, method: string, options: object) => `${toy} ${method} ${JSON.stringify(options)}`;
    const ours = new Set(dictionaries.map(({ toy, method, there }) => key(toy, method, there)));
    const theirs = (toys?.reference ?? []).map(({ toy, method, options }) => key(toy, method, options));
    assert.equal([...ours].sort(), theirs.sort());
  },
);

test.run();
