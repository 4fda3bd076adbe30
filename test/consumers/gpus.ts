import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf } from './browser.ts';
import { bundlers } from './bundlers.ts';
import { withOptions } from './policies.ts';
import { lastSaid, run } from './shell.ts';
import { serveFolder } from './site.ts';
import { NotHere, type Table } from './table.ts';
import { install } from './tarball.ts';
import type { Node } from './uses.ts';

/** The optional peer that brings WebGPU to Node. */
const PACKAGE = 'webgpu@0.6.2';
/** Chromium's software renderer as Debian has it: Node's driver where no other is named. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
/** It takes long to compile the kernels. */
const PATIENCE_MS = 280_000;

interface Trained {
  readonly cost?: number;
  readonly device?: string;
  readonly note?: string | null;
  readonly adapter?: { readonly architecture: string } | null;
  readonly error?: string;
}
type Said = Readonly<Record<'plain' | 'webgpu' | 'auto', Trained>>;

/** Rows of `kernels: 'webgpu'`: in Node without the package webgpu and with it, and in pages, for which nobody installs it. */
export async function gpuRows(
  table: Table,
  project: string,
  tarball: string,
  nodes: readonly Node[],
  all: boolean,
): Promise<void> {
  for (const { version, path } of nodes) {
    await table.row(`WebGPU, Node ${version} without it`, () => without(run(path, ['gpu.mjs'], project)));
  }
  const folder = `${project}-webgpu`;
  for (const { version, path } of nodes) {
    await table.row(`WebGPU, Node ${version}`, () => {
      const { VK_ICD_FILENAMES: driver = SWIFTSHADER } = process.env;
      if (!existsSync(driver)) throw new NotHere('no driver: VK_ICD_FILENAMES names one');
      if (!existsSync(folder)) install(folder, [tarball, PACKAGE]);
      cpSync(join(project, 'gpu.mjs'), join(folder, 'gpu.mjs'));
      return withGpu(run(path, ['gpu.mjs'], folder, { VK_ICD_FILENAMES: driver }));
    });
  }
  for (const [name, bundle] of bundlers(all)) {
    await table.row(`WebGPU, ${name}`, async () => {
      const page = join(project, `gpu-${name.replaceAll(/\W+/g, '-')}`);
      cpSync(join(project, 'page'), page, { recursive: true });
      const bundled = join(page, bundle(page));
      assertSilent(lastSaid());
      const site = await serveFolder(withOptions(bundled, { engine: { kernels: 'webgpu' }, hidden: 4 }));
      try {
        const { cost, workerCost, kernels } = await answerOf(site.url, PATIENCE_MS);
        if (kernels !== 'webgpu') throw new Error(`the page ran ${kernels}`);
        assertNear(workerCost, cost);
        assertNear(cost, (JSON.parse(run(process.execPath, ['train.mjs'], project)) as Trained).cost);
        return `cost ${cost}, in a worker ${workerCost}`;
      } finally {
        site.close();
      }
    });
  }
}

/** Nobody who asks for no GPU hears of it; who does is told what is missing. */
function without(said: string): string {
  const { plain, webgpu, auto } = JSON.parse(said) as Said;
  if (plain.error !== undefined || plain.device !== 'cpu' || plain.note !== null)
    throw new Error(`without options: ${JSON.stringify(plain)}`);
  if (
    !/^EngineError: there is no WebGPU here: the package webgpu cannot be loaded.*npm install webgpu/.test(
      `${webgpu.error}`,
    )
  )
    throw new Error(`webgpu: ${JSON.stringify(webgpu)}`);
  if (auto.device !== 'cpu' || !auto.note?.startsWith('auto chose the processor: there is no WebGPU here'))
    throw new Error(`auto: ${JSON.stringify(auto)}`);
  return 'refused in words; nothing otherwise';
}

function withGpu(said: string): string {
  const { plain, webgpu, auto } = JSON.parse(said) as Said;
  if (webgpu.device !== 'gpu') throw new Error(`webgpu: ${JSON.stringify(webgpu)}`);
  assertNear(webgpu.cost, plain.cost);
  assertNear(auto.cost, plain.cost);
  return `${webgpu.adapter?.architecture}, cost ${webgpu.cost}; auto took the ${auto.device}`;
}

/** @throws where the costs differ by more than 1e-4 of them. */
function assertNear(cost: number | undefined, expected: number | undefined): void {
  if (cost === undefined || expected === undefined || !(Math.abs(cost - expected) <= 1e-4 * Math.abs(expected)))
    throw new Error(`cost ${cost}, where the processor's was ${expected}`);
}

/** @throws where a bundler warned of an import that it cannot follow. */
function assertSilent(said: string): void {
  const warned =
    /dynamic import|critical dependency|cannot be analy|is an expression|(could not|failed to) resolve|unresolved/i;
  const lines = said.split('\n').filter((line) => warned.test(line));
  if (lines.length > 0) throw new Error(`the bundler warned: ${lines.join('\n')}`);
}
