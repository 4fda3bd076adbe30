import { type StoredNumbers, valuesOf } from '../data/formats/stored-numbers.ts';
import { InputError, show } from '../errors.ts';
import type { LaidMatrix, NamedNumbers } from './plan.ts';
import type { Weights } from './weights.ts';

/** The tensors of a file, and which of them a format has taken. */
export class Tensors {
  readonly weights: Weights;
  private readonly taken = new Set<string>();

  constructor(weights: Weights) {
    this.weights = weights;
  }

  has(...names: string[]): boolean {
    return names.every((name) => this.weights.tensors.has(name));
  }

  /** The first of the names that is there. */
  find(...names: string[]): NamedNumbers | undefined {
    const name = names.find((one) => this.weights.tensors.has(one));
    if (name === undefined) return undefined;
    this.taken.add(name);
    return { name, numbers: this.weights.tensors.get(name) as StoredNumbers };
  }

  /** The same. @throws InputError where there is none. */
  need(...names: string[]): NamedNumbers {
    const found = this.find(...names);
    if (found !== undefined) return found;
    throw new InputError(
      `there is no tensor ${names.map(show).join(' or ')}: the file has ${this.listed()}; it is another format, or damaged`,
    );
  }

  /** A matrix, its first axis in the format's layout given. */
  matrix(first: LaidMatrix['first'], ...names: string[]): LaidMatrix {
    return { ...this.need(...names), first };
  }

  /** A single number. @throws InputError where the tensor holds more. */
  async number(...names: string[]): Promise<number | undefined> {
    const found = this.find(...names);
    if (found === undefined) return undefined;
    const { name, numbers } = found;
    const count = numbers.shape.reduce((product, extent) => product * extent, 1);
    if (count !== 1) throw new InputError(`tensor ${show(name)} holds ${count} numbers: it must hold one`);
    return (await valuesOf(numbers, `tensor ${show(name)}`))[0];
  }

  /** Not taken: what no rule here reads. */
  rest(): string[] {
    return [...this.weights.tensors.keys()].filter((name) => !this.taken.has(name));
  }

  /** Passed over on purpose. */
  pass(...names: string[]): void {
    for (const name of names) this.taken.add(name);
  }

  /** Names for a message. */
  listed(): string {
    const names = [...this.weights.tensors.keys()];
    return `${names.slice(0, 12).map(show).join(', ') || 'none'}${names.length > 12 ? ', …' : ''}`;
  }
}
