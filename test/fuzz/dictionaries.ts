import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { toFlat } from '../../src/array/matrix.ts';
import { crc32 } from '../../src/data/formats/crc32.ts';
import { zipFile } from '../../src/data/formats/zip/write-zip.ts';
import { openZip } from '../../src/data/formats/zip/zip.ts';
import { type DictionaryFiles, type LoadedDictionary, loadDictionary } from '../../src/dictionaries/index.ts';
import { type Target, whole } from './fuzz.ts';

const made: Record<string, { files: Record<string, string> }> = JSON.parse(
  readFileSync('test/dictionaries/fixtures/dictionaries.json', 'utf8'),
);

function fileOf(name: string, file: string): Uint8Array {
  return new Uint8Array(Buffer.from(made[name].files[file], 'base64'));
}

async function members(bytes: Uint8Array): Promise<[string, Uint8Array][]> {
  const read = async (member: Awaited<ReturnType<typeof openZip>>[number]): Promise<[string, Uint8Array]> => {
    const source = await member.open();
    return [member.name, await source.read(0, source.size)];
  };
  return Promise.all((await openZip(bytes)).map(read));
}

const npz = fileOf('gemma-scope', 'params.npz');
const zip = whole<[string, Uint8Array][]>({
  name: 'zip',
  seeds: [npz, fileOf('openai', '8.pt'), zipFile([{ name: 'a/b.txt', bytes: new Uint8Array(40) }])],
  read: members,
  check(read) {
    // What stands in an archive is what was packed: names are told apart, and written again they are read again.
    assert.is(new Set(read.map(([name]) => name)).size, read.length);
    for (const [, bytes] of read) assert.ok(crc32(bytes) >= 0);
  },
});

/** Whatever was accepted encodes, and all of its weights are numbers. */
async function assertWorks({ model }: LoadedDictionary): Promise<void> {
  for (const value of Object.values(await model.parameters())) assert.ok(toFlat(value).every(Number.isFinite));
  assert.ok(model.config.inputs > 0);
  model.dispose();
}

function load(files: DictionaryFiles, preBias = true): Promise<LoadedDictionary> {
  return loadDictionary(files, { threads: 1, preBias });
}

/** Archives of whole members: what is mutated is what lies in them, under checksums that fit. */
async function archived(name: string, file: string, seeds: readonly Uint8Array[]): Promise<Target> {
  const all = await Promise.all(seeds.map(members));
  const names = [...new Set(all.flatMap((own) => own.map(([member]) => member.replace(/^[^/]*\//, ''))))];
  const target: Target<LoadedDictionary> = {
    name,
    seeds: all.map((own) =>
      names.map((wanted) => own.find(([member]) => member.endsWith(wanted))?.[1] ?? new Uint8Array()),
    ),
    assemble: (parts) =>
      zipFile(
        parts.flatMap((bytes, i) =>
          bytes.length === 0 ? [] : [{ name: file === 'x.pt' ? `x/${names[i]}` : names[i], bytes }],
        ),
      ),
    read: (bytes) => load({ [file]: bytes }),
    check: assertWorks,
  };
  return target as Target;
}

const lens = fileOf('saelens-topk-norms', 'sae_weights.safetensors');
const configs = ['saelens-topk-norms', 'saelens-scaled'];

/** Dictionaries of other libraries, and the archives that they come in. */
export async function dictionaries(): Promise<Target[]> {
  const pytorch = await archived('PyTorch', 'x.pt', [
    fileOf('openai', '8.pt'),
    fileOf('state-dict-strided', 'sae.pt'),
    fileOf('dictionary-learning-matryoshka', 'ae.pt'),
  ]);
  const legacy = whole<LoadedDictionary>({
    name: 'PyTorch (old)',
    seeds: [fileOf('state-dict-legacy', 'sae.pth')],
    read: (bytes) => load({ 'x.pth': bytes }),
    check: assertWorks,
  });
  const config = whole<LoadedDictionary>({
    name: 'dictionary config',
    seeds: configs.map((name) => fileOf(name, 'cfg.json')),
    read: (bytes) => load({ 'cfg.json': bytes, 'sae_weights.safetensors': lens }),
    check: assertWorks,
  });
  const weights = whole<LoadedDictionary>({
    name: 'dictionary weights',
    seeds: [
      lens,
      fileOf('gemma-scope-2', 'params.safetensors'),
      fileOf('saelens-3-finetuned', 'sae_weights.safetensors'),
    ],
    read: (bytes) => load({ 'x.safetensors': bytes }, false), // one is a transcoder, which has none
    check: assertWorks,
  });
  return [zip, pytorch, await archived('npz', 'x.npz', [npz]), legacy, config, weights] as Target[];
}
