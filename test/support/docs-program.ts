import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
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
      'rhohat/figures': ['../../src/figures/index.ts'],
    },
  },
  include: ['*.ts', '../../src/kernels/simd/generated.d.ts'],
};

/** A fragment in a scope of its own, so that it may declare a name that is given. Its lines stay where they are. */
function wrapped(lines: readonly string[]): string {
  const first = lines.findIndex((line) => line !== '' && !line.startsWith('import '));
  const body = lines.map((line, i) => (i === first ? `{ ${line}` : line));
  return `import { ${GIVEN_NAMES.join(', ')} } from './given.ts';\n${body.join('\n')}\n}`;
}

function nameOf({ page, line }: Block): string {
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
    writeFileSync(`${FOLDER}/${nameOf(block)}.ts`, '\n'.repeat(block.line - 1) + code);
  }
  const tsc = 'node_modules/typescript/bin/tsc';
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', FOLDER, '--pretty', 'false'], {
    encoding: 'utf8',
  });
  return stdout + stderr;
}

/** Runs blocks one after another in one process, against the built package; returns what each has printed. */
export function runAll(blocks: readonly Block[]): Map<Block, string[]> {
  mkdirSync(`${FOLDER}/run/work`, { recursive: true });
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
  const { status, stdout, stderr } = spawnSync(process.execPath, ['../all.mjs'], {
    cwd: `${FOLDER}/run/work`, // `rhohat` still means this package, through its exports
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
