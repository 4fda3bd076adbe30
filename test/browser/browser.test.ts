import { buildSync } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { Autoencoder } from '../../src/model/autoencoder.ts';
import { parseConfig } from '../../src/model/config.ts';
import { fit } from '../../src/training/fit.ts';
import { findChromium, inChromium } from './chromium.ts';
import { config, examples, hashOf, options, pictures, type Report, sha256 } from './job.ts';
import { serveSite } from './server.ts';

// The library in a browser: trained in a Web Worker, with threads and without, under the Content-Security-Policy that the
// README states. Needs Chromium: CHROMIUM names it, or the PATH.

const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
const policy = (scripts: string, workers: string) => ({
  'content-security-policy': `default-src 'none'; script-src 'self' ${scripts}; worker-src 'self' ${workers}; connect-src 'self'; img-src blob:`,
});
const STATED = policy("'wasm-unsafe-eval'", 'blob:');
const PATIENCE_MS = 60_000;

function bundle(name: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [`test/browser/${name}.ts`],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    loader: { '.txt': 'text' },
    write: false,
  });
  return outputFiles[0].text;
}

let scripts: Record<string, string> | undefined;

/** What a page that is served so reports; a screenshot of it is left in build/browser. */
async function visit(chromium: string, name: string, headers: Record<string, string>): Promise<Report> {
  scripts ??= { 'page.js': bundle('page'), 'worker.js': bundle('worker') };
  const site = await serveSite(scripts, headers);
  const late = new Promise<never>((_, reject) => {
    setTimeout(reject, PATIENCE_MS, new Error('the page reported nothing')).unref();
  });
  try {
    return await inChromium(chromium, site.url, async (page) => {
      const report = await Promise.race([site.report, late]);
      await page.screenshot({ path: `build/browser/${name}.png`, fullPage: true });
      return report;
    });
  } finally {
    site.close();
  }
}

async function trainedHere(): Promise<{ hash: string; cost: number }> {
  const { engine, ...fitOptions } = options;
  const model = await Autoencoder.create(config, engine);
  const { cost } = await fit(model, examples(), fitOptions);
  return { hash: await hashOf(model), cost };
}

const chromium = findChromium();
const browserTest = (name: string, run: (chromium: string) => Promise<void>) => {
  if (chromium === null) test.skip(name);
  else test(name, () => run(chromium));
};
if (chromium === null) process.stderr.write('browser: skipped, there is no Chromium; CHROMIUM=path names one\n');

browserTest('browser: cross-origin isolated, threads give the bits of Node', async (chromium) => {
  const report = await visit(chromium, 'isolated', { ...ISOLATED, ...STATED });
  const { hash, cost } = await trainedHere();
  assert.is(report.error, undefined);
  assert.equal([report.isolated, report.threads], [true, { ready: 1, oneBecause: null, wasm: true }]);
  assert.equal([report.hash, report.pageHash, report.cost], [hash, hash, cost]);
  assert.ok((report.heard ?? 0) >= 1);
  assert.ok((report.snapshots ?? 0) >= 2);
  assert.is(report.featuresHash, await sha256((await pictures()).png));
});

browserTest('browser: not isolated, one thread gives the same bits', async (chromium) => {
  const report = await visit(chromium, 'not-isolated', STATED);
  assert.is(report.error, undefined);
  assert.is(report.isolated, false);
  assert.match(report.threads?.oneBecause ?? '', 'not cross-origin isolated');
  const { hash } = await trainedHere();
  assert.equal([report.hash, report.pageHash, report.threads?.wasm], [hash, hash, true]);
});

browserTest('browser: worker-src without blob: leaves one thread, to the same bits', async (chromium) => {
  const report = await visit(chromium, 'no-blob-workers', { ...ISOLATED, ...policy("'wasm-unsafe-eval'", '') });
  assert.is(report.error, undefined);
  assert.is(report.threads?.ready, 0);
  assert.is(report.hash, (await trainedHere()).hash);
});

browserTest('browser: where no WebAssembly may run, the reference kernels do, and say so', async (chromium) => {
  const report = await visit(chromium, 'no-wasm', { ...ISOLATED, ...policy('', 'blob:') });
  assert.match(
    report.error ?? '',
    /EngineError: deterministic float32 needs WebAssembly SIMD .* WebAssembly is refused/,
  );
  const { runtime, cost } = report.free ?? {};
  assert.equal([runtime?.kernels, runtime?.threads, runtime?.device], ['reference', 1, 'cpu']);
  assert.match(
    runtime?.note ?? '',
    /^the slower reference kernels run: WebAssembly is refused .*(Content.Security.Policy|disallowed by embedder)/,
  );
  const { engine: _, ...fitOptions } = options;
  const here = Autoencoder.over(createReferenceKernels('float32'), parseConfig(config));
  assert.is(cost, (await fit(here, examples(), fitOptions)).cost);
});

test.run();
