// Writes the still pictures of the derivation's figures into docs/derivation/figures. Run by `npm run stills`; with
// `-- --train` it trains the models of the figure of contraction instead.
import { mkdirSync, writeFileSync } from 'node:fs';
import { figures } from './figures/index.ts';
import { still } from './figures/still.ts';
import { trainContraction } from './train-contraction.ts';

if (process.argv.includes('--train')) {
  await trainContraction();
  process.exit();
}

const folder = 'docs/derivation/figures';
mkdirSync(folder, { recursive: true });
for (const [name, load] of Object.entries(figures)) {
  const svg = still(await load());
  writeFileSync(`${folder}/${name}.svg`, svg);
  console.log(`${name}.svg: ${(svg.length / 1000).toFixed(1)} kB`);
}
