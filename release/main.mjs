// npm run address -- https://github.com/owner/rhohat [--homepage https://…]: writes where the project lives into package.json, the
// one place that knows it.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withAddress } from './address.mjs';

const USAGE = 'npm run address -- https://github.com/owner/rhohat [--homepage https://…]';

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { homepage: { type: 'string' } } });
  if (positionals.length !== 1) throw new Error(`${positionals.length} addresses are given: give one: ${USAGE}`);
  const manifest = withAddress(JSON.parse(readFileSync('package.json', 'utf8')), positionals[0], values.homepage);
  writeFileSync('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  const { homepage, bugs, repository } = manifest;
  console.log(JSON.stringify({ homepage, bugs, repository }, null, 2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
