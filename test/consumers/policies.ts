import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, answerOf, answerOfExtension } from './browser.ts';
import { bundleAlone, esbuild } from './bundlers.ts';
import { Expected } from './expected.ts';
import { run } from './shell.ts';
import { type Site, serveFolder } from './site.ts';
import { NotHere, type Table } from './table.ts';

const withoutWasm = "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'";
const strict = withoutWasm.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");
/** Without these a page shares no memory with workers. */
const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

/** Rows of pages that may do less than others: policies, extensions, no bundler. */
export async function policyRows(table: Table, project: string, expected: Expected): Promise<void> {
  const page = join(project, 'strict');
  let bundled = '';
  const bundle = () => {
    if (bundled === '') {
      cpSync(join(project, 'page'), page, { recursive: true });
      bundled = join(page, esbuild(page));
    }
    return bundled;
  };

  await table.row('strict policy', async () => {
    const { answer, violations } = await visit(bundle(), strict);
    if (violations.length > 0) throw new Error(`refused by the policy: ${violations.join('\n')}`);
    return expected.answer(answer);
  });
  await table.row('strict policy, threads asked for', async () => {
    const options = { engine: { threads: 2, deterministic: true }, hidden: 500 }; // enough work for threads to start
    const folder = withOptions(bundle(), options);
    const { answer, violations } = await visit(folder, strict, '', isolated);
    const others = violations.filter((violation) => !/"blocked-uri": ?"blob/.test(violation));
    if (others.length > 0) throw new Error(`refused by the policy: ${others.join('\n')}`);
    if (violations.length === 0) throw new Error('the policy had no worker of a blob: to refuse');
    if (!answer.note) throw new Error('model.runtime.note says nothing of the threads');
    const nodes = new Expected();
    nodes.line(run(process.execPath, ['node-worker.mjs', JSON.stringify(options)], project));
    return `${nodes.answer(answer)}: ${answer.note}`;
  });
  await table.row('policy without WebAssembly', async () => {
    const options = { engine: { threads: 1 }, hidden: 4 }; // deterministic ones are refused, as their bits are others
    const { answer } = await visit(withOptions(bundle(), options), withoutWasm);
    const { kernels, note } = answer;
    if (kernels !== 'reference' || !note) throw new Error(`model.runtime says kernels ${kernels}, note ${note}`);
    const nodes = new Expected();
    nodes.line(run(process.execPath, ['without-wasm.mjs', JSON.stringify(options)], project));
    return `${nodes.answer(answer)}: ${note}`;
  });
  await table.row('import map, no bundler', async () => {
    const { answer } = await visit(project, undefined, 'import-map/');
    return expected.answer(answer);
  });
  const extension = join(project, 'extension-built');
  const open = (file: string) => {
    cpSync(bundle(), extension, { recursive: true });
    for (const name of ['manifest.json', 'ask.html', 'ask.mjs']) {
      cpSync(join(project, 'extension', name), join(extension, name));
    }
    bundleAlone(join(project, 'extension/background.mjs'), join(extension, 'background.mjs'));
    return answerOfExtension(extension, `chrome-extension://${idOf(extension)}/${file}`);
  };
  await table.row('extension, manifest 3', async () => expected.answer(await open('index.html')));
  await table.row("extension's service worker", async () => expected.answer(await open('ask.html'), false));
}

/** A copy of a bundled page that works with other options: see projects/page/main.mjs. */
export function withOptions(bundled: string, options: object): string {
  const folder = mkdtempSync(`${bundled}-`);
  cpSync(bundled, folder, { recursive: true });
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  writeFileSync(join(folder, 'index.html'), html.replace('<body>', `<body data-options='${JSON.stringify(options)}'>`));
  return folder;
}

/** A page's answer and what its policy refused. */
async function visit(
  folder: string,
  policy?: string,
  path = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<{ answer: Answer; violations: string[] }> {
  const site: Site = await serveFolder(folder, policy, headers);
  try {
    const answer = await answerOf(site.url + path);
    return { answer, violations: [...site.violations] };
  } catch (error) {
    if (error instanceof NotHere) throw error;
    throw new Error([error instanceof Error ? error.message : error, ...site.violations].join('\n'));
  } finally {
    site.close();
  }
}

/** Chromium's name for an unpacked extension: the hash of its path, in letters. */
function idOf(folder: string): string {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  return hash.replaceAll(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
}
