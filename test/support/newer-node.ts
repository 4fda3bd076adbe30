import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A Node of at least this major version: the running one, NODE24=path, or one that `npm run consumers -- --nodes` has installed; null where there is none. */
export function newerNode(major: number): string | null {
  if (Number(process.versions.node.split('.')[0]) >= major) return process.execPath;
  if (process.env.NODE24 !== undefined) return process.env.NODE24;
  const folder = join(process.cwd(), 'build/nodes');
  const [version] = (existsSync(folder) ? readdirSync(folder) : []).filter(
    (name) => Number.parseInt(name, 10) >= major,
  );
  if (version === undefined) return null;
  const path = join(folder, version, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  return existsSync(path) ? path : null;
}
