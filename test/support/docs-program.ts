import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { transformSync } from 'esbuild';
import type { Block } from './pages.ts';

const FOLDER = 'build/docs';

/** What fragments may use without declaring it. */
const GIVEN = `
import type { NdArray } from 'ndarray';
import type { Autoencoder, Classifier } from 'rhohat';
export declare const model: Autoencoder;
export declare const models: Autoencoder[];
export declare const classifier: Classifier;
export declare const x: NdArray<Float32Array>;
export declare const labels: Uint8Array;
export declare const heldOut: NdArray<Float32Array>;
export declare const heldOutLabels: Uint8Array;
`;
const GIVEN_NAMES = [...GIVEN.matchAll(/declare const (\w+)/g)].map(([, name]) => name);

const CONFIG = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    noUnusedLocals: false,
    rootDir: '../..',
    paths: {
      rhohat: ['../../src/index.ts'],
      'rhohat/data': ['../../src/data/index.ts'],
      'rhohat/node': ['../../src/node/index.ts'],
      'rhohat/mpi': ['../../src/node/mpi/index.ts'],
      'rhohat/dictionaries': ['../../src/dictionaries/index.ts'],
      'rhohat/figures': ['../../src/figures/index.ts'],
    },
  },
  include: ['*.ts', '*.mts', '../../src/kernels/simd/generated.d.ts'],
};

/** A fragment in a scope of its own, so that it may declare a name that is given. Its lines stay where they are. */
function wrapped(lines: readonly string[]): string {
  const first = lines.findIndex((line) => line !== '' && !line.startsWith('import '));
  const body = lines.map((line, i) => (i === first ? `{ ${line}` : line));
  return `import { ${GIVEN_NAMES.join(', ')} } from './given.ts';\n${body.join('\n')}\n}`;
}

/** The name that a block is imported by; null where it has none. */
function ownName({ info }: Block): string | null {
  return /^ts run (\w+)\.mjs$/.exec(info)?.[1] ?? null;
}

function nameOf(block: Block): string {
  const { page, line } = block;
  const own = ownName(block);
  if (own !== null) return own;
  return `${page.path.replace(/\.md$/, '').replaceAll('/', '-')}-${line}`;
}

/** Compiles all blocks as one program against src/; returns what the compiler says, '' if nothing. Lines are the page's. */
export function typeCheck(blocks: readonly Block[]): string {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/given.ts`, GIVEN);
  writeFileSync(`${FOLDER}/tsconfig.json`, JSON.stringify(CONFIG));
  for (const block of blocks) {
    const fragment = block.info === 'ts fragment';
    const code = fragment ? wrapped(block.lines) : `\n${block.lines.join('\n')}\nexport {};`;
    const extension = ownName(block) === null ? 'ts' : 'mts'; // which is imported as .mjs
    writeFileSync(`${FOLDER}/${nameOf(block)}.${extension}`, '\n'.repeat(block.line - 1) + code);
  }
  const tsc = 'node_modules/typescript/bin/tsc';
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', FOLDER, '--pretty', 'false'], {
    encoding: 'utf8',
  });
  return stdout + stderr;
}

/**
 * Runs blocks one after another in one process, against the built package; returns what each has printed. What they write is
 * in `cwd`.
 */
export function runAll(blocks: readonly Block[], cwd = `${FOLDER}/run/work`): Map<Block, string[]> {
  mkdirSync(`${FOLDER}/run`, { recursive: true });
  mkdirSync(cwd, { recursive: true });
  for (const block of blocks) {
    const { code } = transformSync(block.lines.join('\n'), { loader: 'ts', target: 'es2022' });
    writeFileSync(`${FOLDER}/run/${nameOf(block)}.mjs`, code);
  }
  const runner = `
    const log = console.log;
    const printed = {};
    for (const name of ${JSON.stringify(blocks.map(nameOf))}) {
      printed[name] = [];
      console.log = (...values) => printed[name].push(values.join(' '));
      await import('./' + name + '.mjs').catch((error) => printed[name].push(String(error.stack)));
    }
    log(JSON.stringify(printed));
    process.exit(0);
  `;
  writeFileSync(`${FOLDER}/run/all.mjs`, runner);
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve(`${FOLDER}/run/all.mjs`)], {
    cwd, // `rhohat` means this package, through its exports
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '0' },
  });
  if (status !== 0) throw new Error(stderr || stdout);
  const printed = JSON.parse(stdout) as Record<string, string[]>;
  return new Map(blocks.map((block) => [block, printed[nameOf(block)]]));
}

/** Removes what `typeCheck` and `runAll` have written. */
export function cleanUp(): void {
  rmSync(FOLDER, { recursive: true, force: true });
}
