import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matrix } from '../../../src/array/matrix.ts';
import { readNpy, writeNpy } from '../../../src/data/formats/npy.ts';
import { inScratch, rhohat } from '../command.ts';

const made = JSON.parse(readFileSync('test/dictionaries/fixtures/dictionaries.json', 'utf8'));

function write(folder: string, name: string): void {
  for (const [path, text] of Object.entries<string>(made[name].files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), Buffer.from(text, 'base64'));
  }
}

test('import writes a model that encode, inspect and score take, and says what it is', () =>
  inScratch(async (cwd) => {
    write(cwd, 'openai');
    const imported = await rhohat(['import', 'openai'], { cwd });
    assert.is(imported.status, 0, imported.stderr);
    assert.match(imported.stdout, /^model\.safetensors: openai, TopK, 6 inputs, 9 units, 123 parameters\n/);
    assert.match(
      imported.stdout,
      /TopK units, 4 an example\n.*layer norm.*\nnext: rhohat inspect model\.safetensors DATA/,
    );
    const { input, codes } = made.openai;
    writeFileSync(join(cwd, 'x.npy'), writeNpy(matrix(Float32Array.from(input.flat()), input.length, 6)));
    assert.is((await rhohat(['encode', 'model.safetensors', 'x.npy', '--out', 'codes.npy'], { cwd })).status, 0);
    const read = readNpy(new Uint8Array(readFileSync(join(cwd, 'codes.npy'))));
    const expected: number[] = codes.flat();
    assert.ok(expected.every((value, i) => Math.abs(read.data[i] - value) < 1e-4));
    const inspected = await rhohat(['inspect', 'model.safetensors', 'x.npy'], { cwd });
    assert.is(inspected.status, 0, inspected.stderr);
    assert.match(inspected.stdout, /preprocessing\n {2}layer-norm/);
    assert.match(inspected.stderr, /below 0: .* pre-bias that it was not imported with/); // made weights reconstruct nothing
    assert.is((await rhohat(['score', 'model.safetensors', 'x.npy'], { cwd })).status, 0);

    const again = await rhohat(['import', 'openai'], { cwd });
    assert.is(again.status, 2);
    assert.match(again.stderr, /model\.safetensors exists: choose another --out, or add --force/);
    const json = JSON.parse((await rhohat(['import', 'openai', '--force', '--json'], { cwd })).stdout);
    assert.equal([json.format, json.units, json.preprocessing], ['openai', 9, ['layer-norm']]);
  }));

test('import asks for what a file does not say, and leaves nothing behind where it fails', () =>
  inScratch(async (cwd) => {
    write(cwd, 'dictionary-learning-new');
    const { status, stderr } = await rhohat(['import', 'dictionary-learning-new/ae.pt', '--pre-bias', 'maybe'], {
      cwd,
    });
    assert.is(status, 2);
    assert.match(stderr, /maybe.*yes, no/);
    writeFileSync(join(cwd, 'alone.pt'), readFileSync(join(cwd, 'dictionary-learning-new/ae.pt')));
    const asked = await rhohat(['import', 'alone.pt'], { cwd });
    assert.is(asked.status, 2);
    assert.match(asked.stderr, /^rhohat: alone\.pt: its decoder has a bias .*--pre-bias yes\|no\)/);
    assert.ok(!existsSync(join(cwd, 'model.safetensors')));
    assert.is((await rhohat(['import', 'alone.pt', '--pre-bias', 'no'], { cwd })).status, 0);
  }));

test('import --force replaces no file of what it imports', () =>
  inScratch(async (cwd) => {
    write(cwd, 'openai');
    const [name] = Object.keys(made.openai.files);
    const before = readFileSync(join(cwd, 'openai', name));
    symlinkSync(join('openai', name), join(cwd, 'link'));
    for (const [path, out] of [
      ['openai', `openai/${name}`],
      [`openai/${name}`, `openai/../openai/${name}`],
      ['openai', 'link'],
      ['link', `openai/${name}`],
    ]) {
      const { status, stderr } = await rhohat(['import', path, '--out', out, '--force'], { cwd });
      assert.is(status, 2);
      assert.match(stderr, /is a file of what is imported, which would be lost: choose another --out/);
    }
    assert.equal(readFileSync(join(cwd, 'openai', name)), before);
  }));

test.run();
