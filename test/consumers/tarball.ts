import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './shell.ts';

/** What `npm pack` made. */
export interface Tarball {
  readonly path: string;
  /** In bytes: as it is downloaded, and unpacked. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Builds the package from nothing and packs it. */
export function pack(folder: string): Tarball {
  run('npm', ['run', '--silent', 'build'], process.cwd());
  // Without scripts: `prepare` would build a second time.
  const said = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], process.cwd());
  const packed = JSON.parse(said);
  const [tarball] = Array.isArray(packed) ? packed : Object.values(packed);
  return { ...tarball, path: join(folder, tarball.filename) };
}

/** A new project that depends on `packages` (names, with versions or paths of tarballs), as its author would install it. */
export function install(project: string, packages: readonly string[]): void {
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], project);
}
