// Compiles the kernels and the worker's program into build/simd, as texts that a bundle can hold. Hexadecimal, because
// compression sees through it: brotli makes 9 KB of it where base64 stays at 14 KB.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { buildSync } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '../../../build/simd');
mkdirSync(out, { recursive: true });

// Pure functions over a memory that is handed in: no runtime, no data, no start function.
const options = ['--optimizeLevel', '3', '--shrinkLevel', '1', '--noAssert', '--runtime', 'stub'];
const memory = ['--importMemory', '--sharedMemory', '--maximumMemory', '65536'];
// AS112 warns of vectors in the signatures of functions, which only exported ones may not have.
const features = ['--disableWarning', '112', '--enable', 'simd', '--enable', 'threads'];

async function compile(name, more = []) {
  const file = `src/kernels/simd/assembly/${name}.ts`;
  let binary = null;
  const { error, stderr } = await asc.main([file, '-o', 'binary', ...options, ...memory, ...features, ...more], {
    writeFile(_, contents) {
      binary = contents;
    },
  });
  if (error !== null || binary === null) {
    process.stderr.write(`${stderr}\n${error?.message ?? `${file} gave nothing`}\n`);
    process.exit(1);
  }
  writeFileSync(join(out, `${name}.txt`), Buffer.from(binary).toString('hex'));
}

await compile('plain');
await compile('double');
await compile('double-relaxed', ['--enable', 'relaxed-simd']);
await compile('relaxed', ['--enable', 'relaxed-simd']);
await compile('screen-plain');
await compile('screen-relaxed', ['--enable', 'relaxed-simd']);
buildSync({
  entryPoints: [join(here, 'threads/worker.ts')],
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  outfile: join(out, 'worker.txt'),
});
