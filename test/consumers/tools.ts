import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { install } from './tarball.ts';

/** What only some rows need, installed for them alone, and kept in build/consumers-tools. */
const tools = {
  vite6: ['vite@6.4.6'],
  vite7: ['vite@7.3.8'],
  webpack: ['webpack@5.113.0', 'webpack-cli@7.3.1'],
  rspack: ['@rspack/core@2.3.3', '@rspack/cli@2.2.8'],
  parcel: ['parcel@2.16.4'],
  rollup: ['rollup@4.68.8', '@rollup/plugin-node-resolve@16.0.3', '@rollup/plugin-commonjs@29.0.3'],
  wrangler: ['wrangler@4.164.0'],
  next: ['next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1'],
  react: ['react@19.3.1', 'react-dom@19.3.1', '@types/react@19.3.3', '@types/react-dom@19.3.0'],
  bun: ['bun@1.4.5'],
  deno: ['deno@2.9.6'],
  models: ['onnxruntime-node@1.30.0', '@huggingface/transformers@4.3.2'],
  typescript57: ['typescript@5.7.3'],
} as const;
export type Tool = keyof typeof tools;

/** Nodes of `--all`: the oldest that package.json allows, those in long-term support, the newest. */
export const allNodes = ['20.19.0', '22.23.5', '24.22.3', '26.12.1'];

/** The version of a tool's first package, or of another of them, for the names of rows. */
export function versionOf(tool: Tool, i = 0): string {
  return tools[tool][i].replace(/^.+@/, '');
}

/** The folder where a tool is installed, which it is now if it was not, or not in this version. */
export function installed(tool: Tool): string {
  const folder = join(process.cwd(), 'build/consumers-tools', tool);
  const there = tools[tool].every((needed) => {
    const [, name, version] = /^(.+)@(.+)$/.exec(needed) ?? [];
    const manifest = join(folder, 'node_modules', name, 'package.json');
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
  });
  if (!there) install(folder, [...tools[tool], '--save-exact']);
  return folder;
}

/** A file of an installed tool. */
export function toolFile(tool: Tool, path: string): string {
  return join(installed(tool), 'node_modules', path);
}
