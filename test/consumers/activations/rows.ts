import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../shell.ts';
import type { Table } from '../table.ts';
import { toolFile, versionOf } from '../tools.ts';
import type { Node } from '../uses.ts';
import { assertClose, assertLatents, assertShards, documents, type Row, rowsOf } from './expected-rows.ts';
import { guideBlock, guideFolder, runCommands } from './guide.ts';
import { smallModel, WIDTH } from './small-model.ts';
import { FIRST, idsOfWord, LAST, pretrainedFiles, VOCABULARY } from './word-pieces.ts';

// The guide docs/guides/activations-from-a-model.md, followed as it stands.

/** Its own model in every run; of --all the runtimes that it names, 450 MB of them, on models that are made here. */
export async function activationRows(
  table: Table,
  project: string,
  nodes: readonly Node[],
  all: boolean,
): Promise<void> {
  await table.row('activations: its own model', () => ownModel(project));
  if (!all) return;
  await table.row(`activations: onnxruntime-node ${versionOf('models')}`, () => onnxruntime(project));
  await table.row(`activations: transformers.js ${versionOf('models', 1)}`, () => transformers(project));
  for (const node of nodes) {
    await table.row(`activations: half precision, ${node.version}`, () => halfPrecision(project, node));
  }
}

/** What `inspect` prints is what the guide says that it prints. */
function ownModel(project: string): string {
  const folder = guideFolder(project, 'activations-own', { 'model.mjs': pageModel() });
  assertSaid(run(process.execPath, ['to-folder.mjs'], folder));
  const { printed, latents } = runCommands(folder);
  for (const line of guideBlock('', 'latent ').lines) {
    if (!printed.includes(`${line}\n`)) throw new Error(`inspect does not print: ${line}`);
  }
  return assertLatents(latents);
}

function onnxruntime(project: string): string {
  const modules = {
    'model.mjs': `${guideBlock('js', 'onnxruntime-node').lines.join('\n')}\nexport { tokenize } from './words.mjs';`,
    'words.mjs': pageModel(),
  };
  const folder = guideFolder(project, 'activations-onnxruntime', modules);
  link(project, 'onnxruntime-node');
  const model = smallModel(64, 'hidden', false);
  writeFileSync(join(folder, 'model.onnx'), model.file);
  assertLayer(folder, [], model.layer);
  assertSaid(run(process.execPath, ['to-folder.mjs'], folder));
  const idOf = (word: string) => [...word].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 64, 0);
  return followed(
    folder,
    rowsOf((word) => [idOf(word)], model.layer),
  );
}

/** The model lies where a download of it would: nothing is asked of the network. */
function transformers(project: string): string {
  const block = guideBlock('js', '@huggingface/transformers').lines.join('\n');
  const offline = `import { env } from '@huggingface/transformers';
    env.allowRemoteModels = false;
    env.localModelPath = './models';
    globalThis.fetch = () => { throw new Error('the network was asked'); };`;
  const folder = guideFolder(project, 'activations-transformers', { 'model.mjs': block, 'offline.mjs': offline });
  link(project, '@huggingface/transformers');
  const [, name] = /const name = '([\w/.-]+)'/.exec(block) ?? [];
  const model = smallModel(VOCABULARY, 'last_hidden_state', true);
  const files = { ...pretrainedFiles(WIDTH), 'onnx/model.onnx': model.file };
  for (const [file, content] of Object.entries(files)) {
    const path = join(folder, 'models', name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content instanceof Uint8Array ? content : JSON.stringify(content));
  }
  const alone = ['--import', './offline.mjs'];
  assertLayer(folder, alone, model.layer);
  assertWhole(folder, alone, name);
  run(process.execPath, [...alone, 'to-folder.mjs'], folder);
  return followed(folder, rowsOf(idsOfWord, model.layer, [FIRST, LAST]));
}

/** Words are parted as the whole text is, punctuation, accents and all. */
function assertWhole(folder: string, options: readonly string[], name: string): void {
  const texts = ['The dog’s café – a+b, 5$, …number “9”?', 'cat-dog,bird', '  ', '猫 a\tmouse\n'];
  const code = `
    import { AutoTokenizer } from '@huggingface/transformers';
    import { tokenize } from './model.mjs';
    const tokenizer = await AutoTokenizer.from_pretrained(${JSON.stringify(name)});
    const both = (text) => [tokenizer.encode(text), tokenize(text).map(({ id }) => id)];
    console.log(JSON.stringify(${JSON.stringify(texts)}.map(both)));`;
  writeFileSync(join(folder, 'whole.mjs'), code);
  const pairs: [number[], number[]][] = JSON.parse(run(process.execPath, [...options, 'whole.mjs'], folder));
  for (const [i, [whole, parted]] of pairs.entries()) {
    if (`${whole}` !== `${parted}`)
      throw new Error(`${JSON.stringify(texts[i])}: tokens ${parted}, of the whole ${whole}`);
  }
}

/** The guide's `layer` gives the model's numbers, in its shape. */
function assertLayer(folder: string, options: readonly string[], layer: (ids: number[]) => number[][]): void {
  const ids = [5, 9, 5, 0, VOCABULARY - 1];
  const code = `
    import { layer } from './model.mjs';
    const { data, shape } = await layer(${JSON.stringify(ids)});
    console.log(JSON.stringify({ data: [...data], shape }));`;
  writeFileSync(join(folder, 'layer.mjs'), code);
  const { data, shape } = JSON.parse(run(process.execPath, [...options, 'layer.mjs'], folder));
  if (`${shape}` !== `${ids.length},${WIDTH}`) throw new Error(`layer's shape is ${shape}`);
  assertClose(data, layer(ids).flat(), 1e-6);
}

/** Numbers of two bytes, as the guide says: the platform's where it has them, else words of which we are told. */
function halfPrecision(project: string, node: Node): string {
  const folder = guideFolder(project, `activations-half-${node.version}`, {});
  link(project, 'onnxruntime-node');
  const model = smallModel(64, 'hidden', false);
  const ids = [7, 3, 60];
  writeFileSync(join(folder, 'model.onnx'), model.file);
  const code = `
    import { InferenceSession, Tensor } from 'onnxruntime-node';
    import { TwoByteNumbers } from 'rhohat';
    import { loadExamples, writeShards } from 'rhohat/node';
    const session = await InferenceSession.create('model.onnx');
    const input = new Tensor('int64', BigInt64Array.from(${JSON.stringify(ids)}, BigInt), [1, 3]);
    const { half: hidden } = await session.run({ input_ids: input });
    const words = hidden.data instanceof Uint16Array;
    const data = words ? new TwoByteNumbers('float16', hidden.data) : hidden.data;
    const shards = await writeShards('activations', { type: 'float16' });
    await shards.append({ data, shape: [3, ${WIDTH}] });
    await shards.close();
    const [{ x }] = await loadExamples('activations');
    console.log(JSON.stringify({ data: [...x.data], type: hidden.data.constructor.name }));`;
  writeFileSync(join(folder, 'half.mjs'), code);
  const { data, type } = JSON.parse(run(node.path, ['half.mjs'], folder));
  assertClose(data, model.layer(ids).flat(), 2 ** -11);
  return `a ${type}`;
}

/** Shards and what `inspect` makes of them. */
function followed(folder: string, rows: readonly Row[]): string {
  assertShards(join(folder, 'activations'), rows);
  return `${rows.length} rows; ${assertLatents(runCommands(folder).latents, rows)}`;
}

function pageModel(): string {
  return guideBlock('ts run model.mjs', 'export function tokenize').lines.join('\n');
}

/** What the guide says that its block prints. */
function assertSaid(printed: string): void {
  const rows = documents.reduce((sum, text) => sum + (text.match(/\w+|[^\w\s]/g)?.length ?? 0) - 1, 0);
  if (printed.trim() !== `${rows}`) throw new Error(`to-folder.mjs printed ${printed}`);
}

/** Puts one of the runtimes' packages beside the packed library. */
function link(project: string, name: string): void {
  const path = join(project, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  try {
    symlinkSync(toolFile('models', name), path, 'junction');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
