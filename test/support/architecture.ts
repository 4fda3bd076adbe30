import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const everything = [
  'array',
  'kernels',
  'layers',
  'terms',
  'corruption',
  'model',
  'measures',
  'proof',
  'optimizers',
  'data',
  'training',
  'dictionaries',
  'figures',
  'report',
  'node',
  'web',
  'page',
  'cli',
] as const;
const except = (...names: readonly string[]) => everything.filter((name) => !names.includes(name));

/** What each folder of src may import beside itself, type-only imports included. src/errors.ts, src/validate.ts and src/part.ts are open to all. */
export const allowedImports: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  'validate.ts': [],
  'part.ts': [],
  'version.ts': [],
  array: [],
  kernels: ['array'],
  layers: ['array', 'kernels'],
  terms: ['array', 'kernels', 'layers'],
  corruption: ['array'],
  model: ['array', 'kernels', 'layers', 'terms', 'corruption'],
  measures: ['array', 'kernels', 'model'],
  proof: ['array', 'kernels', 'layers', 'terms', 'corruption', 'model'],
  optimizers: ['array', 'kernels'],
  data: ['array'],
  training: ['array', 'kernels', 'layers', 'corruption', 'model', 'measures', 'optimizers', 'data'],
  dictionaries: ['array', 'kernels', 'layers', 'terms', 'model', 'measures', 'data', 'training'],
  figures: ['array'],
  report: except('report', 'node', 'web', 'page', 'cli'),
  node: except('cli', 'page', 'web'),
  web: except('cli', 'node', 'page', 'report'),
  page: except('cli', 'node'),
  cli: everything,
  'index.ts': except('dictionaries', 'node', 'cli', 'figures', 'page', 'report'),
  'browser.ts': ['index.ts', 'data', 'figures', 'web'],
};
const openToAll = ['errors.ts', 'validate.ts', 'version.ts', 'part.ts'];

/** Every TypeScript file under a folder of the project; none where there is no such folder. */
export function readTree(folder: string): SourceFile[] {
  const root = join(process.cwd(), folder);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !name.includes('node_modules/'))
    .sort()
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(root, name), 'utf8') }));
}

/** The folder of src that a file belongs to; a file beside the folders stands for itself. */
export function folderOf(path: string): string {
  return path.split('/')[1];
}

/** Comments, and strings in the three kinds of quotes; a comment or a string in the other is passed over. */
const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;

/** The code without comments; quoted strings become '' where `strings` is false. Templates stay: they hold code. */
function code(text: string, strings: boolean): string {
  return text.replace(token, (part) => {
    if (part.startsWith('/')) return ' ';
    return strings || part.startsWith('`') ? part : "''";
  });
}

/** Every module that is imported or exported from, statically, lazily, or as a type. */
export function importsOf(text: string): string[] {
  const quoted = `(?:'([^'\\n]+)'|"([^"\\n]+)")`;
  const from = `(?:^|[;{}\\n])\\s*(?:import|export)\\b[^'"\`;=()]*?\\bfrom\\s*${quoted}`;
  const pattern = new RegExp(`${from}|\\bimport\\s*\\(?\\s*${quoted}`, 'g');
  const stripped = code(text, true).replace(/`(?:\\.|[^`\\])*`/g, '``');
  return [...stripped.matchAll(pattern)].map((match) => match.slice(1).find((name) => name !== undefined) ?? '');
}

/** Imports within the project: [file, file that it imports]. */
function edges(files: readonly SourceFile[]): (readonly [string, string])[] {
  return files.flatMap(({ path, text }) =>
    importsOf(text)
      .filter((name) => name.startsWith('.'))
      .map((name) => [path, posix.join(posix.dirname(path), name)] as const),
  );
}

export function forbiddenFolders(files: readonly SourceFile[]): string[] {
  return edges(files)
    .filter(([from, to]) => {
      const target = folderOf(to);
      if (target === folderOf(from)) return false;
      return (
        !to.startsWith('src/') || !(openToAll.includes(target) || allowedImports[folderOf(from)]?.includes(target))
      );
    })
    .map(([from, to]) => `${from} imports ${to}`);
}

/** Cycles of what `nameOf` makes of each file, its folder or itself, each as a path that ends where it begins. */
export function cycles(files: readonly SourceFile[], nameOf: (path: string) => string): string[] {
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of edges(files)) {
    const [a, b] = [nameOf(from), nameOf(to)];
    if (a !== b) graph.set(a, (graph.get(a) ?? new Set()).add(b));
  }
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]) => {
    if (path.includes(name)) found.push([...path.slice(path.indexOf(name)), name].join(' → '));
    if (path.includes(name) || done.has(name)) return;
    for (const next of graph.get(name) ?? []) visit(next, [...path, name]);
    done.add(name);
  };
  for (const name of graph.keys()) visit(name, []);
  return found;
}

export function forbiddenPackages(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    importsOf(text)
      .filter((name) => /^ndarray(-ops)?$/.test(name) && folderOf(path) !== 'array')
      .map((name) => `${path} imports ${name}`),
  );
}

/** Chance anywhere; console, process and Node's modules outside of src/node and src/cli. */
export function forbiddenNames(files: readonly SourceFile[]): string[] {
  const chance = /\bMath\s*(?:\?\.|\.)\s*random\b|\bMath\s*\[|\}\s*=\s*Math\b/;
  const machine = /(?<![\w$])(?<!(?<!globalThis)\.\s*)(?:console|process)\s*(?:\?\.|\.|\[)/;
  return files.flatMap(({ path, text }) => {
    const plain = code(text, false);
    const found = [plain.match(chance)?.[0]];
    if (!['node', 'cli'].includes(folderOf(path))) {
      found.push(plain.match(machine)?.[0]);
      found.push(importsOf(text).find((name) => name.startsWith('node:') || builtinModules.includes(name)));
    }
    return found.filter((name) => name !== undefined).map((name) => `${path}: ${name}`);
  });
}

/** Test files whose last line is not `test.run();`, without which uvu runs nothing in them. */
export function unfinishedTests(files: readonly SourceFile[]): string[] {
  return files
    .filter(
      ({ path, text }) =>
        path.endsWith('.test.ts') && !/^test\.run\(\);\s*$/m.test(text.trimEnd().split('\n').at(-1) ?? ''),
    )
    .map(({ path }) => path);
}
