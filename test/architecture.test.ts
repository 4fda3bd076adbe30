import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  allowedImports,
  cycles,
  folderOf,
  forbiddenFolders,
  forbiddenNames,
  forbiddenPackages,
  importsOf,
  readTree,
  type SourceFile,
  unfinishedTests,
} from './support/architecture.ts';

const sources = readTree('src');
const tests = readTree('test');
const file = (path: string, text: string): SourceFile => ({ path, text });

test('architecture: there are files to look at, and every folder of src has a rule', () => {
  assert.ok(sources.length > 40 && tests.length > 20);
  for (const { path } of sources) assert.ok(folderOf(path) in allowedImports, `${path}: no rule for its folder`);
});

test('architecture: imports point up the list of folders alone', () => {
  assert.equal(forbiddenFolders(sources), []);
});

test('architecture: no cycle between folders, and none between files', () => {
  assert.equal(cycles(sources, folderOf), []);
  assert.equal(
    cycles(sources, (path) => path),
    [],
  );
});

test('architecture: only src/array imports ndarray or ndarray-ops', () => {
  assert.equal(forbiddenPackages(sources), []);
});

test('architecture: no chance, console, process or node: outside of src/node and src/cli', () => {
  assert.equal(forbiddenNames(sources), []);
});

test('architecture: every test file ends with test.run()', () => {
  assert.equal(unfinishedTests(tests), []);
});

test('architecture: no file above 300 lines', () => {
  const long = [...sources, ...tests, ...readTree('bench')]
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > 300);
  assert.equal(long, []);
});

test('importsOf finds every form of import, and none in comments and strings', () => {
  const text = `
    import ndarray from 'ndarray';
    import type { A } from '../a/a.ts'; // import x from 'comment'
    import {
      b,
      type C,
    } from "../b/b.ts";
    import './side-effect.ts';
    export * from '../c/c.ts';
    export { d } from '../d/d.ts';
    const lazy = await import('../e/e.ts');
    type F = import('../f/f.ts').F;
    /* import y from 'block' */
    const message = "import z from 'string'";
    const note = \`import w from 'template'\`;
    export interface Spec { readonly kind: 'kl'; readonly from: 'here' }
    export const names = ['sigmoid'];
  `;
  assert.equal(importsOf(text), [
    'ndarray',
    '../a/a.ts',
    '../b/b.ts',
    './side-effect.ts',
    '../c/c.ts',
    '../d/d.ts',
    '../e/e.ts',
    '../f/f.ts',
  ]);
});

test('forbiddenFolders catches a planted import in the wrong direction, type-only and lazy ones too', () => {
  const planted = [
    file('src/array/a.ts', "import type { Kernels } from '../kernels/kernels.ts';"),
    file('src/kernels/reference/b.ts', "import { f } from '../../layers/units.ts';"),
    file('src/optimizers/c.ts', "export { Engine } from '../model/engine.ts';"),
    file('src/model/d.ts', "const x = await import('../optimizers/lbfgs.ts');"),
    file('src/errors.ts', "import { zeros } from './array/matrix.ts';"),
    file('src/index.ts', "export { read } from './node/files.ts';"),
    file('src/node/e.ts', "import { main } from '../cli/main.ts';"),
  ];
  assert.equal(forbiddenFolders(planted), [
    'src/array/a.ts imports src/kernels/kernels.ts',
    'src/kernels/reference/b.ts imports src/layers/units.ts',
    'src/optimizers/c.ts imports src/model/engine.ts',
    'src/model/d.ts imports src/optimizers/lbfgs.ts',
    'src/errors.ts imports src/array/matrix.ts',
    'src/index.ts imports src/node/files.ts',
    'src/node/e.ts imports src/cli/main.ts',
  ]);
  const fine = [
    file('src/kernels/reference/b.ts', "import { f } from '../../array/matrix.ts'; import '../create.ts';"),
    file('src/model/d.ts', "import { InputError } from '../errors.ts';"),
  ];
  assert.equal(forbiddenFolders(fine), []);
});

test('cycles catches a planted cycle of two and of three folders', () => {
  const edge = (from: string, to: string) => file(`src/${from}/x.ts`, `import type { T } from '../${to}/x.ts';`);
  const round = [edge('array', 'data'), edge('data', 'model'), edge('model', 'array')];
  assert.equal(cycles([edge('array', 'data'), edge('data', 'array')], folderOf), ['array → data → array']);
  assert.equal(cycles(round, folderOf).length, 1);
  assert.equal(cycles([edge('model', 'data'), edge('data', 'array'), edge('model', 'array')], folderOf), []);
});

test('cycles catches planted files of one folder that import each other', () => {
  const planted = [
    file('src/model/a.ts', "import { b } from './b.ts';"),
    file('src/model/b.ts', "import type { A } from './a.ts';"),
  ];
  assert.equal(cycles(planted, folderOf), []);
  assert.equal(
    cycles(planted, (path) => path),
    ['src/model/a.ts → src/model/b.ts → src/model/a.ts'],
  );
});

test('forbiddenPackages catches a planted ndarray outside of src/array', () => {
  const planted = [
    file('src/array/a.ts', "import ndarray from 'ndarray';"),
    file('src/data/b.ts', "import type { NdArray } from 'ndarray';"),
    file('src/cli/c.ts', "import ops from 'ndarray-ops';"),
  ];
  assert.equal(forbiddenPackages(planted), ['src/data/b.ts imports ndarray', 'src/cli/c.ts imports ndarray-ops']);
});

test('forbiddenNames catches planted side effects, and lets comments and strings speak of them', () => {
  const planted = [
    file('src/model/a.ts', 'const u = Math.random();'),
    file('src/data/b.ts', 'console.log(1);'),
    file('src/training/c.ts', 'if (process.env.DEBUG) f();'),
    file('src/training/d.ts', 'globalThis.process?.exit(1);'),
    file('src/data/e.ts', "import { readFile } from 'node:fs';"),
    file('src/data/f.ts', "import { readFile } from 'fs/promises';"),
    file('src/model/g.ts', "const { random } = Math; const m = Math['random']();"),
    file('src/model/h.ts', `const text = \`\${process.cwd()}\`;`),
    file('src/cli/main.ts', 'console.log(Math.random());'),
  ];
  assert.equal(
    forbiddenNames(planted).map((line) => line.split(':')[0]),
    [...planted.slice(0, 8).map(({ path }) => path), 'src/cli/main.ts'],
  );
  const fine = [
    file('src/model/a.ts', "/* Math.random() */ throw new Error('no console.log here'); // process.exit"),
    file('src/node/b.ts', "import { readFile } from 'node:fs'; process.cwd(); console.error('x');"),
    file('src/model/c.ts', 'const processed = 1; const consoleLike = subprocess.x; postprocess.y();'),
  ];
  assert.equal(forbiddenNames(fine), []);
});

test('unfinishedTests catches a planted test file without its last line', () => {
  const planted = [
    file('test/a.test.ts', 'test("x", f);\n'),
    file('test/b.test.ts', '// test.run();\n'),
    file('test/c.test.ts', 'test("x", f);\n\ntest.run();\n'),
    file('test/support/d.ts', 'export const x = 1;\n'),
  ];
  assert.equal(unfinishedTests(planted), ['test/a.test.ts', 'test/b.test.ts']);
});

test.run();
