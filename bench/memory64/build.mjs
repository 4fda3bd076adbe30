// The kernels once more, for a memory of 64-bit addresses: build/memory64/plain.wasm and relaxed.wasm. AssemblyScript 0.28 has no
// option for it, and its compiler, told so from inside, declares the memory itself with 32 bits: that is put right here.
import { mkdirSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const WASM64 = 2;
const MEMORY64 = 1 << 11;
const IMPORT = Buffer.from('\x03env\x06memory\x02');
const IS_64 = 4;
const PAGES = ['--initialMemory', '0', '--maximumMemory', '65536'];

let binaryen = null;

/** A transform is told of the program before its types have sizes. */
class Wide {
  afterParse() {
    binaryen = this.binaryen;
    this.program.options.target = WASM64;
    this.program.options.features |= MEMORY64;
    this.program.module.sizeType = this.binaryen.i64;
  }
}

/** Which arguments of each kernel are pointers, and travel as BigInt. */
function pointersOf(binary) {
  const module = binaryen.readBinary(binary);
  const exported = Array.from({ length: module.getNumExports() }, (_, i) =>
    binaryen.getExportInfo(module.getExportByIndex(i)),
  );
  const functions = exported.filter(({ kind }) => kind === binaryen.ExternalFunction);
  const entries = functions.map(({ name, value }) => {
    const { params } = binaryen.getFunctionInfo(module.getFunction(value));
    return [name, binaryen.expandType(params).map((type) => type === binaryen.i64)];
  });
  module.dispose();
  return Object.fromEntries(entries);
}

async function compile(name, more = []) {
  let binary = null;
  const options = ['--optimizeLevel', '3', '--shrinkLevel', '1', '--noAssert', '--runtime', 'stub', '--noValidate'];
  const memory = ['--importMemory', '--sharedMemory', ...PAGES];
  const features = ['--disableWarning', '112', '--enable', 'simd', '--enable', 'threads', ...more];
  const file = `src/kernels/simd/assembly/${name}.ts`;
  const { error, stderr } = await asc.main([file, '-o', 'binary', ...options, ...memory, ...features], {
    transforms: [Wide],
    writeFile(_, contents) {
      binary = Buffer.from(contents);
    },
  });
  if (error !== null || binary === null) throw new Error(`${file}: ${stderr}`);
  writeFileSync(`build/memory64/${name}.json`, JSON.stringify(pointersOf(binary)));
  const flags = binary.indexOf(IMPORT) + IMPORT.length;
  binary[flags] |= IS_64;
  writeFileSync(`build/memory64/${name}.wasm`, binary);
}

mkdirSync('build/memory64', { recursive: true });
await compile('plain');
await compile('relaxed', ['--enable', 'relaxed-simd']);
