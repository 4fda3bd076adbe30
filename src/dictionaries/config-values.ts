import { InputError, show } from '../errors.ts';

/** A config file of another library: JSON, whatever it holds. */
export type OtherConfig = Readonly<Record<string, unknown>>;

/** Whether it is an object with keys. */
export function isObject(value: unknown): value is OtherConfig {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number above 0, or nothing. @throws InputError on all else. */
export function countIn(config: OtherConfig, key: string): number | undefined {
  const value = config[key] ?? undefined;
  if (value === undefined) return undefined;
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw new InputError(`its config says ${show(key)} is ${show(value)}: it must be a whole number above 0`);
}

/** A finite number, or nothing. @throws InputError on all else. */
export function numberIn(config: OtherConfig, key: string): number | undefined {
  const value = config[key] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new InputError(`its config says ${show(key)} is ${show(value)}: it must be a finite number`);
}

/** Whether a key is true; `byDefault` where it is missing. @throws InputError where it is neither. */
export function truthIn(config: OtherConfig, key: string, byDefault: boolean): boolean {
  const value = config[key] ?? byDefault;
  if (typeof value === 'boolean') return value;
  throw new InputError(`its config says ${show(key)} is ${show(value)}: it must be true or false`);
}

/** A text, or nothing. */
export function textIn(config: OtherConfig, key: string): string | undefined {
  const value = config[key];
  return typeof value === 'string' ? value : undefined;
}

/** The texts and numbers of some keys, as texts of at most 200 letters. */
export function factsIn(config: OtherConfig, keys: readonly string[]): Record<string, string> {
  const found = keys.flatMap((key) => {
    const value = config[key];
    return typeof value === 'string' || typeof value === 'number' ? [[key, String(value).slice(0, 200)] as const] : [];
  });
  return Object.fromEntries(found);
}

/** What is not read, by name. */
export function unknown(key: string, value: unknown, allowed: readonly string[]): InputError {
  return new InputError(`its ${key} is ${show(value)}: read are ${allowed.join(', ')}`);
}

/** k of a file, or of the caller. @throws InputError that asks for it. */
export function askedK(k: number | undefined, given: number | undefined): number {
  const found = given ?? k;
  if (found !== undefined) return found;
  throw new InputError('its units are TopK, and its files do not say how many are on: say k (--k 32)');
}
