import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type GradientCase, gradientCases } from '../src/proof/gradient-cases.ts';
import { checkCase } from '../src/proof/gradient-suite.ts';
import { readTree } from './support/architecture.ts';
import { cleanUp, runAll, typeCheck } from './support/docs-program.ts';
import { anchorsOf, type Block, blocksOf, equationsOf, linksOf, proseOf, readPages } from './support/pages.ts';

// What README, CONTRIBUTING and docs/ say of the code is true. The info string of a fenced block says what it is:
//   ts              a whole module: type-checked
//   ts run          … and run against the built package; what it prints are its comments "// → …", in order
//   ts run a.mjs    … which other blocks of the page import from './a.mjs'
//   ts fragment     lines that use model, x, labels, … of their page's context: type-checked
//   ts src/a/b.ts   lines quoted from that file: each must stand there, but for its indent
//   rows            rows of `rhohat check-gradients`: model, hidden, f, output, loss, tying, objective, error
//   planted         mistakes that test/model plants, by name, with the error that the gradient check then shows
//   sh              commands: those of rhohat exist, and so do their flags
// Equations stand between $$ and $$, as TeX that GitHub and the site render alike.

/** Written by `npm run reproduce`. */
const GENERATED = 'docs/results.md';

const pages = readPages();
const blocks = pages.flatMap(blocksOf);
const named = (...infos: string[]) => blocks.filter(({ info }) => infos.includes(info.replace(/ \w+\.mjs$/, '')));
const at = ({ page, line }: Pick<Block, 'page' | 'line'>, i = 0) => `${page.path}:${line + i}`;

test('docs: every TypeScript block has a known mark', () => {
  for (const block of blocks.filter(({ info }) => /^(ts|typescript)\b/.test(info))) {
    assert.ok(/^ts( run( \w+\.mjs)?| fragment| (src|test)\/\S+)?$/.test(block.info), `${at(block)}: ${block.info}`);
  }
});

/** What GitHub's Markdown does to TeX before its renderer of mathematics sees it, where a line has one of these. */
const TAKEN_FOR_MARKDOWN: readonly (readonly [RegExp, string])[] = [
  [/\\[^A-Za-z]/, 'a backslash goes before punctuation and at the end of a line: \\cr, \\quad, \\lbrace, \\Vert'],
  [/^ *(?:[-+*#]+ |[-=]+$|>|\d+[.)] )/, 'a line that begins so is a list, a heading, a quotation or a table'],
  [/^ *$/, 'an empty line ends the equation'],
  [/[*~`$]|\]\(|<\S|&\w+;/, 'emphasis, code, a link, a tag or an entity'],
];

test('docs: equations are typeset, and GitHub takes nothing of theirs for Markdown', () => {
  const equations = pages.flatMap(equationsOf);
  assert.ok(equations.length > 80);
  for (const equation of equations) {
    const lines = equation.page.text.split('\n');
    const around = [lines[equation.line - 2], lines[equation.line + equation.lines.length + 1]];
    assert.equal(around, ['', ''], `${at(equation)}: an equation has an empty line before and after it`);
    equation.lines.forEach((line, i) => {
      for (const [sign, why] of TAKEN_FOR_MARKDOWN) assert.not.match(line, sign, `${at(equation, i + 1)}: ${why}`);
    });
    // An underscore after a sign opens emphasis, and one before a sign closes it: }_a … b_{.
    const tex = equation.lines.join('\n');
    assert.not.match(tex, /[^\p{L}\p{N}]_[\s\S]*\S_[^\p{L}\p{N}]/u, `${at(equation)}: underscores make emphasis`);
    assert.not.match(tex, /[^\p{ASCII}]/u, `${at(equation)}: a symbol that TeX has a name for`);
    assert.equal(
      tex.match(/\\begin\{/g)?.length,
      tex.match(/\\end\{/g)?.length,
      `${at(equation)}: \\begin without \\end`,
    );
  }
});

test('docs: no equation is left in a block of code', () => {
  const known = /^(ts\b.*|js|rows|planted)$/;
  for (const block of blocks.filter(({ page }) => page.path.startsWith('docs/'))) {
    const marked = known.test(block.info) || !block.page.path.startsWith('docs/derivation/');
    assert.ok(marked, `${at(block)}: a block without a mark; equations stand between $$ and $$`);
    if (block.info !== '') continue;
    for (const line of block.lines) assert.not.match(line, /[∂∇Σδρ]|\s[=←≈]\s/, `${at(block)}: an equation: $$`);
  }
});

test('docs: quoted lines stand in the source', () => {
  const quotes = blocks.filter(({ info }) => /^ts (src|test)\//.test(info));
  assert.ok(quotes.length > 20);
  for (const block of quotes) {
    const path = block.info.slice('ts '.length);
    const source = new Set(
      readFileSync(path, 'utf8')
        .split('\n')
        .map((line) => line.trim()),
    );
    block.lines.forEach((line, i) => {
      assert.ok(source.has(line.trim()), `${at(block, i + 1)}: not a line of ${path}: ${line}`);
    });
  }
});

test('docs: relative links lead somewhere', () => {
  const anchors = new Map(pages.map((page) => [page.path, anchorsOf(page)]));
  for (const page of pages.filter(({ path }) => path !== GENERATED)) {
    for (const { path, anchor } of linksOf(page)) {
      assert.ok(existsSync(path), `${page.path}: ${path} does not exist`);
      const known = anchors.get(path);
      if (anchor !== '' && known) assert.ok(known.has(anchor), `${page.path}: ${path} has no heading #${anchor}`);
    }
  }
});

test('docs: the pictures of the results are there', () => {
  const page = pages.find(({ path }) => path === GENERATED); // rows that have not been run have no heading yet
  for (const { path } of page ? linksOf(page) : []) {
    assert.ok(existsSync(path), `${path} does not exist: run the row again, or commit its picture`);
  }
});

test('docs: the pictures of the gallery are small, and each is drawn by a program of the page', () => {
  const page = pages.find(({ path }) => path === 'docs/gallery.md');
  const code = page ? blocksOf(page).flatMap(({ lines }) => lines) : [];
  const drawn = page ? linksOf(page).filter(({ path }) => path.startsWith('docs/gallery/')) : [];
  assert.ok(drawn.length >= 17);
  for (const { path } of drawn) {
    const name = path.replace(/^.*\/|\.\w+$/g, '');
    assert.ok(statSync(path).size <= 40_000, `${path} is larger than 40 kB`);
    assert.ok(
      code.some((line) => new RegExp(`(^|[ '(])${name}[.':]`).test(line)),
      `no program draws ${path}`,
    );
  }
});

test('docs: every page can be reached from the first one', () => {
  const reached = new Set(['docs/index.md']);
  for (const path of reached) {
    const page = pages.find((candidate) => candidate.path === path);
    for (const link of page ? linksOf(page) : []) if (link.path.endsWith('.md')) reached.add(link.path);
  }
  for (const { path } of pages) {
    if (path.startsWith('docs/')) assert.ok(reached.has(path), `${path} is not reached from docs/index.md`);
  }
});

const cellsOf = (row: GradientCase) =>
  [row.model, row.hidden.join('-') || 'none', row.activation, row.output, row.loss, row.tied, row.objective].join('  ');

test('docs: quoted rows of the gradient check are rows of the suite, with about that error', async () => {
  const cases = new Map([...gradientCases()].map((row) => [cellsOf(row), row]));
  const rows = named('rows').flatMap((block) => block.lines.map((line) => ({ block, line })));
  assert.ok(rows.length > 30);
  for (const { block, line } of rows) {
    const cells = line.trim().split(/ {2,}/);
    const found = cases.get(cells.slice(0, -1).join('  '));
    if (found === undefined) throw new Error(`${at(block)}: no such row: ${line}`);
    const { normRelativeError, passed } = await checkCase(found);
    const ratio = normRelativeError / Number(cells[cells.length - 1]);
    // Rounding errors: another libm, other digits.
    assert.ok(passed && ratio > 0.1 && ratio < 10, `${at(block)}: ${line}: ${normRelativeError}`);
  }
});

test('docs: quoted mistakes are planted by a test', () => {
  const files = readdirSync('test/model').filter((name) => name.endsWith('.test.ts'));
  const places = [...files.map((name) => `test/model/${name}`), 'src/proof/planted-bugs.ts'];
  const source = places.flatMap((path) => readFileSync(path, 'utf8').split('\n'));
  // A name in a template: its ${…} stand for anything.
  const templates = source.flatMap((line) => {
    const parts = /`([^`]*\$\{[^`]*)`/.exec(line)?.[1].split(/\$\{[^}]*\}/) ?? [];
    return parts.length > 0 && parts.join('').length > 10
      ? [new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`)]
      : [];
  });
  for (const block of named('planted')) {
    for (const line of block.lines) {
      const [name, error] = line.trim().split(/ {2,}/);
      const planted = source.some((text) => text.includes(`'${name}'`) || text.includes(`"${name}"`));
      assert.ok(planted || templates.some((form) => form.test(name)), `${at(block)}: no test plants: ${name}`);
      assert.ok(Number(error) > 1e-6, `${at(block)}: ${line}`);
    }
  }
});

test('docs: commands and flags exist', () => {
  const cli = readTree('src') // flags of parts stand beside the parts
    .map(({ text }) => text)
    .join('\n');
  const commands = new Set([...cli.matchAll(/\.command\('([\w-]+)/g)].map(([, name]) => name));
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const shell = named('sh').flatMap((block) => block.lines.map((line) => ({ block, line })));
  for (const { block, line } of shell) {
    const command = line.replace(/(^|\s)#.*$/, '');
    const [own, name] = /(?<!install )\brhohat ([\w-]+).*/.exec(command) ?? []; // flags before it are mpirun's
    if (own !== undefined) {
      assert.ok(commands.has(name), `${at(block)}: no command ${name}`);
      for (const [flag] of own.matchAll(/(?<=\s)--[a-z][\w-]*/g)) {
        const known = flag === '--help' || new RegExp(`['\\s]${flag}[ '\`]`).test(cli);
        assert.ok(known, `${at(block)}: no flag ${flag}`);
      }
    }
    const [, script] = /\bnpm run ([\w:-]+)/.exec(command) ?? [];
    if (script !== undefined) assert.ok(scripts[script], `${at(block)}: no script ${script}`);
  }
});

test('docs: no page is long', () => {
  for (const page of pages.filter(({ path }) => path.startsWith('docs/') && path !== GENERATED)) {
    assert.match(page.text, /^# \S/, page.path);
    assert.ok(page.text.split('\n').length <= 300, page.path);
    assert.not.match(proseOf(page), /\/(home|tmp|work)\//, page.path);
  }
});

test('docs: every TypeScript block compiles', () => {
  const said = typeCheck(named('ts', 'ts run', 'ts fragment'));
  assert.ok(said === '', said);
});

test('docs: blocks marked to run print what their comments say', () => {
  const runnable = named('ts run');
  assert.ok(runnable.length > 5 && statSync('dist/index.js').isFile());
  for (const [block, printed] of runAll(runnable)) {
    const said = block.lines.flatMap((line) => /\/\/ → (.*)$/.exec(line)?.[1] ?? []);
    assert.equal(printed, said, at(block));
  }
});

test.after(cleanUp);

test.run();
