import type { Numbers } from '../array/matrix.ts';
import type { Autoencoder } from '../model/autoencoder.ts';
import { haveRates } from './unit-use.ts';

/** At most so many looks count: what is seen of a model in training gets old. */
const LOOKS = 10;
/** A unit with a rate (sigmoid, tanh) that is never above this is dead: see `measure`. */
const OFF = 0.01;

/** Of one look: its examples, and of each unit the sum of activations, how often it fired, and whether an example moved it. */
interface Look {
  readonly examples: number;
  readonly fired: Uint32Array;
  readonly sums: Float64Array;
  readonly moved: Uint8Array;
}

/** How the units of a code are used. */
export interface Used {
  /** Whether `use` is how often a unit is not 0, or its mean rate ρ̂: of units that never are exactly 0. */
  readonly useIs: 'frequency' | 'mean';
  /** Examples that it speaks of. */
  readonly examples: number;
  /** Of each unit, in [0, 1]. */
  use(): Float64Array;
  /** Units that no example moved. */
  dead(): readonly number[];
}

/** As a model was measured. */
export function usedAsMeasured(
  model: Autoencoder,
  measured: {
    readonly firing: ArrayLike<number>;
    readonly meanActivations: ArrayLike<number>;
    readonly deadUnits: readonly number[];
  },
  examples: number,
): Used {
  const useIs = haveRates(model.config) ? 'mean' : 'frequency';
  const use = Float64Array.from(useIs === 'mean' ? measured.meanActivations : measured.firing);
  return { useIs, examples, use: () => use, dead: () => measured.deadUnits };
}

/** Over the last looks at a model in training. */
export class Looks implements Used {
  readonly useIs: 'frequency' | 'mean';
  /** Of units whose mean activation says how much they are used. */
  private readonly rate: { readonly scale: number; readonly shift: number } | null;
  private readonly units: number;
  private readonly looks: Look[] = [];

  constructor(model: Autoencoder) {
    const { hidden } = model.config;
    this.units = hidden[hidden.length - 1];
    const { layers, code } = model.engine.spec;
    this.rate = haveRates(model.config) ? (layers[code].f.rate ?? { scale: 1, shift: 0 }) : null;
    this.useIs = this.rate === null ? 'frequency' : 'mean';
  }

  get examples(): number {
    return this.looks.reduce((sum, { examples }) => sum + examples, 0);
  }

  /** Counts codes (m, h), row-major. @returns their L0: units that are not 0, mean over the examples. */
  add(codes: Numbers): number {
    const { units, rate } = this;
    const examples = codes.length / units;
    const { scale, shift } = rate ?? { scale: 1, shift: 0 };
    const [fired, sums] = [new Uint32Array(units), new Float64Array(units)];
    const moved = new Uint8Array(units);
    let all = 0;
    for (let k = 0, p = 0; k < examples; k++) {
      for (let j = 0; j < units; j++, p++) {
        const a = codes[p];
        if (a === 0 && rate === null) continue;
        const value = scale * a + shift;
        if (a !== 0) {
          fired[j]++;
          all++;
        }
        sums[j] += value;
        if (rate === null || value > OFF) moved[j] = 1;
      }
    }
    this.looks.push({ examples, fired, sums, moved });
    if (this.looks.length > LOOKS) this.looks.shift();
    return all / examples;
  }

  use(): Float64Array {
    const use = new Float64Array(this.units);
    const of = this.useIs === 'mean' ? 'sums' : 'fired';
    for (const look of this.looks) for (let j = 0; j < use.length; j++) use[j] += look[of][j];
    const { examples } = this;
    return use.map((sum) => sum / examples);
  }

  dead(): number[] {
    const units = Array.from({ length: this.units }, (_, j) => j);
    return units.filter((j) => this.looks.every(({ moved }) => moved[j] === 0));
  }
}
