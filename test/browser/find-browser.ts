import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The browser that a variable names or the first of these on the PATH; null where there is none. */
export function findBrowser(variable: string, names: readonly string[]): string | null {
  const { [variable]: named, PATH = '' } = process.env;
  if (named) return named;
  const places = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
}
