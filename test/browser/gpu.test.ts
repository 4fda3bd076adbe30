import { buildSync } from 'esbuild';
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findChromium, launchChromium, NOT_SECURE, WITH_WEBGPU } from './chromium.ts';
import { allow, deny, destroy, watch } from './devices.ts';
import type { Calls, Failure } from './gpu-page.ts';
import { serveSite } from './server.ts';

// WebGPU in pages and their workers, on the software renderer that comes with Chromium: trained to the cost of the processor, under a
// policy; a device that is lost in the midst of training or at rest; browsers without. Needs Chromium: CHROMIUM names it, or the PATH.

const POLICY = {
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self'",
};
const LOST = /^the GPU was lost \(.+/;

function bundle(name: string): string {
  const { outputFiles } = buildSync({
    ...{ entryPoints: [`test/browser/${name}.ts`], bundle: true, format: 'esm', platform: 'browser', target: 'es2022' },
    ...{ loader: { '.txt': 'text' }, write: false },
  });
  return outputFiles[0].text;
}

/** Calls a function of the page. */
type Ask = <N extends keyof Calls>(name: N, ...given: Parameters<Calls[N]>) => ReturnType<Calls[N]>;

/** A page that knows the calls of gpu-page.ts. */
interface Visit {
  readonly ask: Ask;
  readonly page: Page;
  close(): Promise<void>;
}

const chromium = findChromium();
let scripts: Record<string, string> | undefined;
let refused: string[] = [];

async function visit(flags: readonly string[]): Promise<Visit> {
  scripts ??= { 'page.js': bundle('gpu-page'), 'worker.js': bundle('worker') };
  refused = [];
  const site = await serveSite(scripts, POLICY);
  const browser = await launchChromium(chromium as string, flags);
  const page = await browser.newPage();
  page.on('console', (message) => /Content.Security.Policy/.test(message.text()) && refused.push(message.text()));
  await page.goto(flags === NOT_SECURE ? site.url.replace('127.0.0.1', 'page.test') : site.url);
  await page.waitForFunction('"calls" in globalThis');
  return {
    page,
    ask: (name, ...given) =>
      page.evaluate(
        ([own, values]) =>
          (globalThis as unknown as { calls: Record<string, (...given: unknown[]) => unknown> }).calls[own](...values),
        [name, given] as [string, unknown[]],
      ) as never,
    async close() {
      await browser.close();
      site.close();
    },
  };
}

const browserTest = (name: string, run: () => Promise<void>) => {
  if (chromium === null) test.skip(name);
  else test(name, run);
};
if (chromium === null) process.stderr.write('gpu: skipped, there is no Chromium; CHROMIUM=path names one\n');

/** One page for most tests, in their order: a software renderer takes long to compile the kernels for a device. */
let shared: Promise<Visit> | undefined;
const onGpu = (name: string, use: (visit: Visit) => Promise<void>) =>
  browserTest(name, async () => {
    shared ??= visit(WITH_WEBGPU);
    await use(await shared);
    assert.equal(refused, []);
  });
test.after(async () => await (await shared)?.close());

const kinds = ['kl', 'top-k'] as const;
const webgpu = { kernels: 'webgpu' } as const;

/** @throws where the costs differ by more than 1e-4 of them. */
function assertNear(cost: number, expected: number, what: string): void {
  assert.ok(
    Math.abs(cost - expected) <= 1e-4 * Math.abs(expected),
    `${what}: ${cost}, where the processor's is ${expected}`,
  );
}

function assertLost(failure: Failure | null): void {
  assert.is(failure?.name, 'EngineError', failure?.message);
  assert.match(failure?.message ?? '', LOST);
}

onGpu('gpu: a page trains to the cost of the processor, and says on what', async ({ ask, page }) => {
  await page.evaluate(watch);
  for (const kind of kinds) {
    assert.is(await ask('create', kind, { deterministic: true }), null);
    const start = await ask('cost');
    const cpu = await ask('fit');
    assert.equal([cpu.failure, cpu.runtime.device, cpu.runtime.adapter], [null, 'cpu', null]);
    assert.ok(cpu.cost < 0.9 * start, `${kind}: cost ${start} → ${cpu.cost}`);
    const costs: number[] = [];
    for (let i = 0; i < 2; i++) {
      assert.is(await ask('create', kind, webgpu), null);
      const { failure, cost, runtime } = await ask('fit');
      assert.is(failure, null);
      assertNear(cost, cpu.cost, kind);
      assert.equal([runtime.kernels, runtime.device, runtime.note, runtime.chosen], ['webgpu', 'gpu', null, null]);
      assert.equal([runtime.adapter?.vendor, runtime.adapter?.architecture], ['google', 'swiftshader']);
      assert.ok((runtime.limits?.largestBuffer ?? 0) >= 2 ** 28);
      costs.push(cost);
    }
    assert.is(costs[0], costs[1], `${kind}: the same bits on the same device`);
  }
});

onGpu('gpu: auto measures both, and says which is faster', async ({ ask }) => {
  assert.is(await ask('create', 'kl', { kernels: 'auto', batchSize: 50 }), null);
  const { device, chosen } = await ask('runtime');
  assert.ok(chosen !== null && (chosen.cpu ?? -1) >= 0 && (chosen.gpu ?? 0) > 0, JSON.stringify(chosen));
  assert.is(device, chosen.kernels === 'cpu' ? 'cpu' : 'gpu');
  assert.is((await ask('fit')).failure, null);
});

onGpu('gpu: a device lost in the midst of training fails the call, and the next one works', async ({ ask, page }) => {
  for (const kind of kinds) {
    assert.is(await ask('create', kind, webgpu), null);
    const start = await ask('cost');
    await ask('begin');
    assert.ok((await page.evaluate(destroy)) > 0);
    assertLost(await ask('ended'));
    const kept = await ask('cost');
    assert.ok(Number.isFinite(kept) && kept <= start * (1 + 1e-6), `${kind}: cost ${start} → ${kept}`);
    const { failure, cost, runtime } = await ask('fit');
    assert.is(failure, null);
    assert.ok(cost < start, `${kind}: cost ${start} → ${cost}`);
    assert.equal([runtime.kernels, runtime.device], ['webgpu', 'gpu']);
    assert.match(runtime.note ?? '', /^the GPU was lost \(.+\): a new device runs$/);
  }
});

onGpu(
  'gpu: a device lost at rest costs nothing; where none comes after it the processor runs',
  async ({ ask, page }) => {
    assert.is(await ask('create', 'kl', webgpu), null);
    const { cost } = await ask('fit');
    await page.waitForTimeout(2500); // by then what was learned last is kept
    await page.evaluate(deny);
    assert.ok((await page.evaluate(destroy)) > 0);
    await page.waitForTimeout(100);
    assertNear(await ask('cost'), cost, 'at rest');
    const { failure, cost: later, runtime } = await ask('fit');
    assert.is(failure, null);
    assert.ok(later < cost, `cost ${cost} → ${later}`);
    assert.equal([runtime.device, runtime.adapter], ['cpu', null]);
    assert.match(runtime.kernels, /^simd/);
    assert.match(runtime.note ?? '', /^the GPU was lost \(.+\): the processor runs/);
    const refused = await ask('create', 'kl', webgpu);
    assert.is(refused?.name, 'EngineError');
    assert.match(refused?.message ?? '', /^WebGPU finds no adapter/);
  },
);

onGpu('gpu: a worker trains by it, and lives on when its device is lost', async ({ ask, page }) => {
  await page.evaluate(allow);
  const cpu = await ask('fitInWorker', 'kl', { deterministic: true });
  const [worker] = page.workers();
  await worker.evaluate(watch); // before it has a device
  const first = await ask('fitInWorker', 'kl', webgpu);
  assert.equal([cpu.failure, first.failure], [null, null]);
  assertNear(first.cost, cpu.cost, 'in a worker');
  assert.equal([first.runtime?.device, first.runtime?.adapter?.architecture], ['gpu', 'swiftshader']);
  await ask('beginInWorker', 'kl', webgpu);
  await worker.evaluate(deny);
  assert.ok((await worker.evaluate(destroy)) > 0);
  assertLost(await ask('ended'));
  const { failure } = await ask('fitInWorker', 'kl', webgpu);
  assert.is(failure?.name, 'EngineError');
  assert.match(failure?.message ?? '', /^WebGPU finds no adapter/);
  await worker.evaluate(allow);
  const next = await ask('fitInWorker', 'kl', webgpu);
  assert.equal([next.failure, next.cost], [null, first.cost], 'the same bits on another device of the kind');
});

const REMEDY = /^there is no WebGPU here: in a page it takes a browser with WebGPU, and https or localhost/;

browserTest('gpu: a page without navigator.gpu', async () => {
  const { ask, close } = await visit(NOT_SECURE);
  const refused = await ask('create', 'kl', webgpu);
  assert.is(refused?.name, 'EngineError');
  assert.match(refused?.message ?? '', REMEDY);
  const inWorker = await ask('fitInWorker', 'kl', webgpu);
  assert.is(inWorker.failure?.name, 'EngineError');
  assert.match(inWorker.failure?.message ?? '', REMEDY);

  assert.is(await ask('create', 'kl', { kernels: 'auto' }), null);
  const { device, note, chosen } = await ask('runtime');
  assert.equal([device, chosen], ['cpu', { by: 'auto', kernels: 'cpu' }]);
  assert.match(note ?? '', /^auto chose the processor: there is no WebGPU here/);

  assert.is(await ask('create', 'kl', { threads: 1 }), null);
  const plain = await ask('runtime');
  assert.equal([plain.device, plain.chosen, plain.note], ['cpu', null, null]);
  assert.is((await ask('fit')).failure, null);
  await close();
});

test.run();
