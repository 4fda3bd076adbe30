import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './shell.ts';
import type { Table } from './table.ts';
import { toolFile } from './tools.ts';

const options = [
  '--strict',
  '--exactOptionalPropertyTypes',
  '--noUncheckedIndexedAccess',
  '--noPropertyAccessFromIndexSignature',
  '--noImplicitOverride',
  '--verbatimModuleSyntax',
  '--isolatedModules',
  ...['--target', 'es2022', '--noEmit', '--pretty', 'false'],
];
/** What a consumer's types know of: a page, or Node without the DOM; files of ES modules or of CommonJS. */
const surroundings = {
  page: ['--lib', 'es2022,dom,esnext.disposable', '--typeRoots', 'none', 'use.ts', 'page.ts'],
  node: ['--lib', 'es2022,esnext.disposable', '--types', 'node', '--typeRoots', 'node_modules/@types', 'use.ts'],
  commonjs: ['--lib', 'es2022,dom,esnext.disposable', '--typeRoots', 'none', 'use.cts'],
  require: ['--lib', 'es2022,dom,esnext.disposable', '--typeRoots', 'none', 'require.cts'],
} as const;
const modules = { bundler: 'esnext', node16: 'node16', nodenext: 'nodenext', node10: 'esnext' } as const;

type Case = readonly [resolution: keyof typeof modules, where: keyof typeof surroundings];
const compilers = {
  '5.7': () => toolFile('typescript57', 'typescript/bin/tsc'),
  '5.9': () => join(process.cwd(), 'test/consumers/node_modules/typescript/bin/tsc'),
  newest: () => join(process.cwd(), 'node_modules/typescript/bin/tsc'),
} as const;

/** Of every run; 5.8 was the first to know that `require` loads ES modules, 6 the last to know node10. */
const usual: Readonly<Record<'5.9' | 'newest', readonly Case[]>> = {
  newest: [
    ['bundler', 'page'],
    ['node16', 'page'],
    ['node16', 'node'],
    ['node16', 'commonjs'],
    ['nodenext', 'require'],
  ],
  '5.9': [
    ['bundler', 'page'],
    ['node16', 'node'],
  ],
};
/** Of --all beside them. */
const more: Readonly<Record<keyof typeof compilers, readonly Case[]>> = {
  newest: [
    ['bundler', 'node'],
    ['nodenext', 'node'],
  ],
  '5.9': [
    ['nodenext', 'page'],
    ['node10', 'page'],
    ['node10', 'node'],
    ['node16', 'commonjs'],
    ['nodenext', 'require'],
  ],
  '5.7': [
    ['bundler', 'page'],
    ['node16', 'node'],
    ['nodenext', 'page'],
    ['node10', 'page'],
    ['node16', 'commonjs'],
  ],
};

/** Types of the package and of its dependencies are checked alike, under the strictest flags: no --skipLibCheck. */
export async function typeRows(table: Table, project: string, all: boolean): Promise<void> {
  for (const [name, cases] of [...Object.entries(usual), ...(all ? Object.entries(more) : [])]) {
    const compiler = compilers[name as keyof typeof compilers];
    const version = name === 'newest' ? newest() : name;
    for (const [resolution, where] of cases) {
      await table.row(`TypeScript ${version}, ${resolution}, ${where}`, () => {
        const resolving = ['--module', modules[resolution], '--moduleResolution', resolution];
        run(process.execPath, [compiler(), ...options, ...resolving, ...surroundings[where]], project);
        return 'clean';
      });
    }
  }
}

function newest(): string {
  const { version } = JSON.parse(readFileSync('node_modules/typescript/package.json', 'utf8'));
  return version.replace(/\.\d+$/, '');
}
