import { InputError } from '../../errors.ts';

/** A key and its values as they were typed. */
export interface TypedKey {
  readonly key: string;
  readonly texts: readonly string[];
}

/** "hidden=64,[100,30]" → hidden: "64", "[100,30]". @throws InputError where there is no key or no value. */
export function typedKey(given: string): TypedKey {
  const at = given.indexOf('=');
  const key = given.slice(0, Math.max(0, at)).trim();
  const texts = at < 0 ? [] : pieces(given.slice(at + 1)).map((text) => text.trim());
  if (key !== '' && texts.length > 0 && texts.every((text) => text !== '')) return { key, texts };
  throw new InputError(
    `--vary is ${JSON.stringify(given)}: it must be a key and values, such as sparsity.weight=1,3,10; a value with commas stands in [ ]`,
  );
}

/** A value as a config holds it: JSON, or a word. */
export function configValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A value as a flag takes it: of a list in [ ] what is within. */
export function flagText(text: string): string {
  const [, within] = /^\[(.*)\]$/s.exec(text) ?? [];
  return within === undefined ? text : within.replace(/\s*,\s*/g, ',').replaceAll('"', '');
}

/** Split at commas that stand in no brackets and no quotes. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let [begin, depth, quoted] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"' && text[i - 1] !== '\\') quoted = !quoted;
    if (quoted) continue;
    if (c === '[' || c === '{') depth++;
    if (c === ']' || c === '}') depth--;
    if (c !== ',' || depth > 0) continue;
    found.push(text.slice(begin, i));
    begin = i + 1;
  }
  return [...found, text.slice(begin)];
}
