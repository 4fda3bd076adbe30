import { type ControlName, controls, holds } from './controls.ts';
import { type EngineName, engineNames } from './engines.ts';
import { type ModelName, modelKinds, modelNames, type Values } from './model-kinds.ts';

/** What is trained on. */
export type DataName = 'dead-leaves' | 'digits' | 'swiss-roll' | 'own';

/** Whatever the page is set to. */
export interface Settings {
  readonly data: DataName;
  readonly model: ModelName;
  /** Of all draws. */
  readonly seed: number;
  /** Whether patches of images are whitened. */
  readonly whiten: boolean;
  readonly engine: EngineName;
  readonly values: Values;
}

export const dataNames: readonly DataName[] = ['dead-leaves', 'digits', 'swiss-roll', 'own'];

const ANY: Values = {
  ...{ units: 49, code: 12, rate: 0.003, lambda: 0.001, rho: 0.05 },
  ...{ beta: 3, gamma: 0.5, k: 5, nu: 0.5, kappa: 0.5 },
};

/** What a model begins with; of the Swiss roll, whose points are three numbers, with fewer units. */
export function startOf(
  model: ModelName,
  data: DataName = 'dead-leaves',
  seed = 1,
  engine: EngineName = 'cpu',
): Settings {
  const { start, whitens } = modelKinds[model];
  const few: Partial<Values> = model === 'deep' ? { units: 16, code: 2 } : { units: 16 };
  const small = data === 'swiss-roll' ? { ...few, k: 2, lambda: 0.0001 } : {};
  return { data, model, seed, whiten: whitens, engine, values: { ...ANY, ...start, ...small } };
}

/** The address's part after #, which leads back to the same settings: what the model uses, all of it. */
export function addressOf({ data, model, seed, whiten, engine, values }: Settings): string {
  const own = modelKinds[model].controls.map((name) => [name, `${values[name]}`]);
  return new URLSearchParams([
    ['data', data],
    ['model', model],
    ...own,
    ...(data === 'dead-leaves' || data === 'own' ? [['whiten', whiten ? '1' : '0']] : []),
    ['seed', `${seed}`],
    ...(engine === 'cpu' ? [] : [['engine', engine]]),
  ]).toString();
}

/** Settings of an address, and what in it made no sense, in words: that is as it begins. */
export function settingsOf(address: string): { readonly settings: Settings; readonly wrong: readonly string[] } {
  const given = new URLSearchParams(address.replace(/^#/, ''));
  const wrong: string[] = [];
  const chosen = <T extends string>(key: string, names: readonly T[], otherwise: T): T => {
    const text = given.get(key);
    if (text === null || names.includes(text as T)) return (text as T | null) ?? otherwise;
    wrong.push(`${key} is ${text}: it may be ${names.join(', ')}`);
    return otherwise;
  };
  const data = chosen('data', dataNames, 'dead-leaves');
  const model = chosen('model', modelNames, 'kl');
  const start = startOf(model, data);
  const values = { ...start.values };
  for (const name of modelKinds[model].controls) {
    const text = given.get(name);
    if (text === null) continue;
    const control = controlNamed(name);
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (holds(control, value)) values[name] = value;
    else wrong.push(`${name} is ${text}: it may be ${rangeOf(name)}`);
  }
  const seed = Number(given.get('seed')?.trim() === '' ? Number.NaN : (given.get('seed') ?? 1));
  if (!Number.isSafeInteger(seed) || seed < 0) wrong.push(`seed is ${given.get('seed')}: it must be a whole number`);
  const whiten = chosen('whiten', ['0', '1'], start.whiten ? '1' : '0') === '1';
  const engine = chosen('engine', engineNames, 'cpu');
  return {
    settings: { data, model, seed: Number.isSafeInteger(seed) && seed >= 0 ? seed : 1, whiten, engine, values },
    wrong,
  };
}

/** The slider of a value. */
export function controlNamed(name: ControlName) {
  const control = controls.find((one) => one.name === name);
  if (control === undefined) throw new Error(`no control is called ${name}`);
  return control;
}

function rangeOf(name: ControlName): string {
  const { least, most, off, by } = controlNamed(name);
  return `${off ? '0, or ' : ''}${by === 'one' ? 'a whole number ' : ''}from ${least} to ${most}`;
}
