import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, answerOf, answerOfExtension } from './browser.ts';
import { esbuild } from './bundlers.ts';
import type { Expected } from './expected.ts';
import { run } from './shell.ts';
import { type Site, serveFolder } from './site.ts';
import type { Table } from './table.ts';

const withoutWasm = "default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'";
const strict = withoutWasm.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");

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
    const folder = join(project, 'strict-threads');
    cpSync(bundle(), folder, { recursive: true });
    const kernels = JSON.stringify({ threads: 2, deterministic: true });
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    writeFileSync(join(folder, 'index.html'), html.replace('<body>', `<body data-kernels='${kernels}'>`));
    const { answer, violations } = await visit(folder, strict);
    const others = violations.filter((violation) => !/"blocked-uri": ?"blob/.test(violation));
    if (others.length > 0) throw new Error(`refused by the policy: ${others.join('\n')}`);
    return expected.answer(answer);
  });
  await table.row('policy without WebAssembly', async () => {
    const { answer } = await visit(bundle(), withoutWasm);
    const { cost, workerCost, kernels, note } = answer;
    const { cost: reference } = JSON.parse(run(process.execPath, ['without-wasm.mjs'], project));
    if (cost !== reference || workerCost !== reference) {
      throw new Error(`costs ${cost}, ${workerCost}, where Node's without WebAssembly is ${reference}`);
    }
    if (kernels !== 'reference' || !note) throw new Error(`model.runtime says kernels ${kernels}, note ${note}`);
    return `cost ${cost}, in a worker too, ${kernels}: ${note}`;
  });
  await table.row('import map, no bundler', async () => {
    const { answer } = await visit(project, undefined, 'import-map/');
    return expected.answer(answer);
  });
  await table.row('extension, manifest 3', async () => {
    const folder = join(project, 'extension');
    cpSync(bundle(), folder, { recursive: true });
    return expected.answer(await answerOfExtension(folder, `chrome-extension://${idOf(folder)}/index.html`));
  });
}

/** A page's answer and what its policy refused. */
async function visit(folder: string, policy?: string, path = ''): Promise<{ answer: Answer; violations: string[] }> {
  const site: Site = await serveFolder(folder, policy);
  try {
    const answer = await answerOf(site.url + path);
    return { answer, violations: [...site.violations] };
  } catch (error) {
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
