// Builds the site into build/site. Run by `npm run site`; anything that is wrong ends it: a symbol without a docstring,
// a link that leads nowhere, a page that would load something from elsewhere, an equation that a screen cuts off.
//   --base /rhohat/   the folder that the site lies in on its server; default /
//   --serve           builds, then serves build/site at http://localhost:4173
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPlayground } from '../../src/page/build.mjs';
import { checkEquations } from './check-equations.mjs';
import { checkSite } from './check-site.mjs';

const here = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
const root = join(here, '../..');
const { values } = parseArgs({ options: { base: { type: 'string', default: '/' }, serve: { type: 'boolean' } } });
if (!/^\/(.*\/)?$/.test(values.base)) throw new Error(`--base is ${values.base}: it must begin and end with a slash`);

/** A tool of this folder, in this folder. */
function run(tool, ...parameters) {
  const begin = performance.now();
  const { status } = spawnSync(join(here, 'node_modules/.bin', tool), parameters, {
    cwd: here,
    stdio: 'inherit',
    env: { ...process.env, SITE_BASE: values.base },
  });
  if (status !== 0) process.exit(status ?? 1);
  console.log(`${tool}: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
}

const site = join(root, 'build/site');
rmSync(join(root, 'build/api'), { recursive: true, force: true });
rmSync(site, { recursive: true, force: true });
run('typedoc', '--options', 'typedoc.json', '--logLevel', 'Warn');
run('tsc', '--noEmit');
run('vitepress', 'build', '.');
await buildPlayground(site); // the page at the address of the site itself
console.log(checkSite(site, values.base));
console.log(await checkEquations(site, values.base));
if (values.serve) run('vitepress', 'serve', '.', '--base', values.base);
