/** A package by its name, in Node: no bundler looks for one that few install. Pages get load-package-absent.ts. */
export function loadPackage<T>(name: string): Promise<T> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ name);
}
