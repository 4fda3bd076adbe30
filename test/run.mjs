// npm test -- [text] [--watch] [--jobs n]: every test; or the files whose path has that text; where there is none, the tests
// whose name has it. Each file runs in a process of its own, as many at once as there are processors.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { build } from 'esbuild';

const { values, positionals } = parsed();
const text = positionals.join(' ').toLowerCase();
const jobs = Number(values.jobs ?? availableParallelism());
if (!Number.isInteger(jobs) || jobs < 1) fail(`--jobs is ${values.jobs}: it must be a whole number, at least 1`);

if (values.watch) {
  watching();
} else {
  process.exitCode = (await runAll()) ? 0 : 1;
}

function fail(message) {
  console.error(message);
  process.exit(2);
}

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { watch: { type: 'boolean', default: false }, jobs: { type: 'string' } },
    });
  } catch (error) {
    return fail(`${error.message.split('. ')[0]}: npm test -- [text] [--watch] [--jobs n]`);
  }
}

/** @returns whether every test passed, and there was one. */
async function runAll() {
  const { files, named } = chosen();
  if (files.length === 0) fail(`no test has ${JSON.stringify(text)} in its path or its name`);
  // Tests of commands, of examples and of the published package run what is built.
  const built = spawnSync('npm', ['run', '--silent', 'build:js'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (built.status !== 0) fail('the build failed');
  const outdir = text === '' ? 'build/test' : 'build/chosen';
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: files,
    outbase: 'test',
    outdir,
    bundle: true,
    packages: 'external',
    plugins: named ? [testsNamed(text)] : [],
    format: 'esm',
    splitting: true,
    platform: 'node',
    target: 'es2022',
    sourcemap: 'inline',
    loader: { '.txt': 'text' },
    logLevel: 'warning',
  });
  holdTemporaryFiles();
  const start = performance.now();
  const waiting = files.map((file) => file.replace(/^test/, outdir).replace(/ts$/, 'js'));
  const sum = { total: 0, passed: 0, failed: [] };
  await Promise.all(Array.from({ length: jobs }, () => work(waiting, sum)));
  for (const file of sum.failed) console.log(`failed: ${file}`);
  console.log(`\n  Total:     ${sum.total}\n  Passed:    ${sum.passed}`);
  console.log(`  Duration:  ${Math.round((performance.now() - start) / 1000)} s`);
  return sum.failed.length === 0 && sum.total > 0;
}

/** Whatever ends this process, what tests have left in the folder for temporary files goes with it. */
function holdTemporaryFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'rhohat-test-'));
  process.env.TMPDIR = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])
    process.on(signal, () => process.exit(code));
}

/** The test files, and whether their tests are to be chosen by name. */
function chosen() {
  const every = readdirSync('test', { recursive: true })
    .map((file) => `test/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
  if (text === '') return { files: every, named: false };
  const byPath = every.filter((file) => file.toLowerCase().includes(text));
  if (byPath.length > 0) return { files: byPath, named: false };
  return { files: every.filter((file) => readFileSync(file, 'utf8').toLowerCase().includes(text)), named: true };
}

/** uvu whose `test` passes over the tests of other names. */
function testsNamed(text) {
  return {
    name: 'tests-named',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^uvu$/ }, ({ namespace }) =>
        namespace === 'named' ? { path: 'uvu', external: true } : { path: 'uvu', namespace: 'named' },
      );
      onLoad({ filter: /.*/, namespace: 'named' }, () => ({
        resolveDir: '.',
        contents: `
          import { suite as all, test as every } from 'uvu';
          const named = (every) =>
            Object.assign((name, run) => name.toLowerCase().includes(${JSON.stringify(text)}) && every(name, run), every);
          export const test = named(every);
          export const suite = (...given) => named(all(...given));`,
      }));
    },
  };
}

/** Runs files until there are no more; what a file prints appears when it is done. */
async function work(waiting, sum) {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const { output, code } = await runFile(file);
    const [total, passed] = ['Total', 'Passed'].map((name) =>
      Number(new RegExp(`^ *${name}: *(\\d+)`, 'm').exec(stripVTControlCharacters(output))?.[1] ?? 0),
    );
    sum.total += total;
    sum.passed += passed;
    const failed = code !== 0 || passed < total;
    if (failed) sum.failed.push(file);
    if (failed || total > 0)
      process.stdout.write(failed ? `✘ ${file}\n${output}` : `• ${file} (${passed} / ${total})\n`);
  }
}

function runFile(file) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ output: Buffer.concat(chunks).toString(), code }));
  });
}

/** Runs the same again whenever a file of src or test changes. */
function watching() {
  const again = process.argv.slice(1).filter((argument) => argument !== '--watch');
  let running = null;
  let timer;
  const start = () => {
    running?.kill();
    console.log(`\n── ${new Date().toLocaleTimeString()}`);
    running = spawn(process.execPath, again, { stdio: 'inherit' });
  };
  for (const folder of ['src', 'test']) {
    watch(folder, { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(start, 200);
    });
  }
  start();
}
