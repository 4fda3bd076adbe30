import { buildSync } from 'esbuild';
import type { Page } from 'playwright-core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findChromium, inChromium, NOT_SECURE, WITH_WEBGPU } from './chromium.ts';
import { deny, destroy, watch } from './devices.ts';
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

let scripts: Record<string, string> | undefined;

/** A page that knows the calls of gpu-page.ts. */
async function visit(flags: readonly string[], use: (ask: Ask, page: Page) => Promise<void>): Promise<void> {
  scripts ??= { 'page.js': bundle('gpu-page'), 'worker.js': bundle('worker') };
  const site = await serveSite(scripts, POLICY);
  const url = flags === NOT_SECURE ? site.url.replace('127.0.0.1', 'page.test') : site.url;
  const refused: string[] = [];
  try {
    await inChromium(
      chromium as string,
      'about:blank',
      async (page) => {
        page.on('console', (message) => /Content.Security.Policy/.test(message.text()) && refused.push(message.text()));
        await page.goto(url);
        await page.waitForFunction('"calls" in globalThis');
        const ask: Ask = (name, ...given) =>
          page.evaluate(
            ([own, values]) =>
              (globalThis as unknown as { calls: Record<string, (...given: unknown[]) => unknown> }).calls[own](
                ...values,
              ),
            [name, given] as [string, unknown[]],
          ) as never;
        await use(ask, page);
      },
      flags,
    );
  } finally {
    site.close();
  }
  assert.equal(refused, []);
}

const chromium = findChromium();
const browserTest = (name: string, flags: readonly string[], use: (ask: Ask, page: Page) => Promise<void>) => {
  if (chromium === null) test.skip(name);
  else test(name, () => visit(flags, use));
};
if (chromium === null) process.stderr.write('gpu: skipped, there is no Chromium; CHROMIUM=path names one\n');

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

browserTest('gpu: a page trains to the cost of the processor, and says on what', WITH_WEBGPU, async (ask) => {
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

browserTest('gpu: auto measures both, and says which is faster', WITH_WEBGPU, async (ask) => {
  assert.is(await ask('create', 'kl', { kernels: 'auto' }), null);
  const { device, chosen } = await ask('runtime');
  assert.ok(chosen !== null && (chosen.cpu ?? 0) > 0 && (chosen.gpu ?? 0) > 0, JSON.stringify(chosen));
  assert.is(device, chosen.kernels === 'cpu' ? 'cpu' : 'gpu');
  const { failure } = await ask('fit');
  assert.is(failure, null);
});

browserTest(
  'gpu: a device lost in the midst of training fails the call, and the next one works',
  WITH_WEBGPU,
  async (ask, page) => {
    await page.evaluate(watch);
    for (const kind of kinds) {
      assert.is(await ask('create', kind, webgpu), null);
      const start = await ask('cost');
      for (let i = 0; i < 2; i++) {
        await ask('begin');
        assert.ok((await page.evaluate(destroy)) > 0);
        assertLost(await ask('ended'));
        const kept = await ask('cost');
        assert.ok(Number.isFinite(kept) && kept <= start * (1 + 1e-6), `${kind}: cost ${start} → ${kept}`);
      }
      const { failure, cost, runtime } = await ask('fit');
      assert.is(failure, null);
      assert.ok(cost < start, `${kind}: cost ${start} → ${cost}`);
      assert.equal([runtime.kernels, runtime.device], ['webgpu', 'gpu']);
      assert.match(runtime.note ?? '', /^the GPU was lost \(.+\): a new device runs$/);
    }
  },
);

browserTest('gpu: a device lost at rest costs nothing', WITH_WEBGPU, async (ask, page) => {
  await page.evaluate(watch);
  assert.is(await ask('create', 'kl', webgpu), null);
  const { cost } = await ask('fit');
  await page.waitForTimeout(1500); // by then what was learned last is kept
  assert.ok((await page.evaluate(destroy)) > 0);
  await page.waitForTimeout(100);
  assert.is(await ask('cost'), cost);
  const after = await ask('fit');
  assert.is(after.failure, null);
  assert.ok(after.cost < cost);
  assert.is(after.runtime.device, 'gpu');
});

browserTest('gpu: where no device comes after a lost one the processor runs', WITH_WEBGPU, async (ask, page) => {
  await page.evaluate(watch);
  for (const kind of kinds) {
    assert.is(await ask('create', kind, webgpu), null);
    const start = await ask('cost');
    const other = await page.evaluate(() => GPU.prototype.requestAdapter.toString());
    assert.match(other, 'native code');
    await ask('begin');
    await page.evaluate(() => {
      const { requestAdapter } = GPU.prototype;
      Object.assign(globalThis, { restore: () => Object.assign(GPU.prototype, { requestAdapter }) });
    });
    await page.evaluate(deny);
    assert.ok((await page.evaluate(destroy)) > 0);
    assertLost(await ask('ended'));
    const { failure, cost, runtime } = await ask('fit');
    assert.is(failure, null);
    assert.ok(cost < start, `${kind}: cost ${start} → ${cost}`);
    assert.equal([runtime.device, runtime.adapter], ['cpu', null]);
    assert.match(runtime.kernels, /^simd/);
    assert.match(runtime.note ?? '', /^the GPU was lost \(.+\): the processor runs$/);
    await page.evaluate(() => (globalThis as unknown as { restore(): void }).restore());
  }
});

browserTest('gpu: a worker trains by it, and lives on when its device is lost', WITH_WEBGPU, async (ask, page) => {
  const [cpu] = [await ask('fitInWorker', 'kl', { deterministic: true })];
  const workerOf = () => page.workers()[0];
  await workerOf().evaluate(watch); // before it has a device
  for (const kind of kinds) {
    const expected = kind === 'kl' ? cpu : await ask('fitInWorker', kind, { deterministic: true });
    const { failure, cost, runtime } = await ask('fitInWorker', kind, webgpu);
    assert.equal([expected.failure, failure], [null, null]);
    assertNear(cost, expected.cost, kind);
    assert.equal([runtime?.device, runtime?.adapter?.architecture], ['gpu', 'swiftshader']);

    await ask('beginInWorker', kind, webgpu);
    assert.ok((await workerOf().evaluate(destroy)) > 0);
    assertLost(await ask('ended'));
    const next = await ask('fitInWorker', kind, webgpu);
    assert.equal([next.failure, next.cost], [null, cost], 'the same bits on another device of the kind');
  }
  await ask('beginInWorker', 'kl', webgpu);
  await workerOf().evaluate(deny);
  assert.ok((await workerOf().evaluate(destroy)) > 0);
  assertLost(await ask('ended'));
  const { failure } = await ask('fitInWorker', 'kl', webgpu);
  assert.is(failure?.name, 'EngineError');
  assert.match(failure?.message ?? '', /^WebGPU finds no adapter/);
  const auto = await ask('fitInWorker', 'kl', { kernels: 'auto', threads: 1 });
  assert.is(auto.failure, null);
  assertNear(auto.cost, cpu.cost, 'on the processor of the worker');
});

const REMEDY = /^there is no WebGPU here: in a page it takes a browser with WebGPU, and https or localhost/;

browserTest('gpu: a page without navigator.gpu', NOT_SECURE, async (ask) => {
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
});

test.run();
