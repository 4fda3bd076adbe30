/** A key as it is written: computed where it would set the prototype. */
function key(name: string): string {
  if (name === '__proto__') return `['${name}']`;
  return /^[a-z]\w*$/i.test(name) ? name : literal(name);
}

/** A JSON value as JavaScript is written by hand: { kind: 'kl', target: 0.05 }. */
export function literal(value: unknown): string {
  if (typeof value === 'string')
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return `${value}`;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  if (entries.length === 0) return '{}';
  return `{ ${entries.map(([name, entry]) => `${key(name)}: ${literal(entry)}`).join(', ')} }`;
}
