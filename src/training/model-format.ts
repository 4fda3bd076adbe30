/** What of a model file's metadata is fixed. */
export const FORMAT = 'rhohat';
export const VERSION = '1';

/** What a file may hold. */
export type Kind = 'autoencoder' | 'classifier';

/** What of the metadata is the file's own; whatever a caller calls by one of these names is kept under another. */
const OWN = ['format', 'version', 'kind', 'config', 'preprocessing', 'epochs', 'fresh'];
const APART = 'metadata.';

/** A caller's metadata under names that are none of the file's. */
export function keptApart(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const named = Object.entries(metadata).map(([name, text]) => {
    return [OWN.includes(name) || name.startsWith(APART) ? APART + name : name, text];
  });
  return Object.fromEntries(named);
}

/** A caller's metadata as it was given. */
export function asGiven(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const given = Object.entries(metadata).filter(([name]) => !OWN.includes(name));
  return Object.fromEntries(
    given.map(([name, text]) => [name.startsWith(APART) ? name.slice(APART.length) : name, text]),
  );
}
