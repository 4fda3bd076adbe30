import { vectorView } from '../array/matrix.ts';
import { nextTurn } from '../array/next-turn.ts';
import type { Watch } from '../model/engine.ts';
import type { Network } from '../model/network.ts';
import type { Terms } from '../model/terms.ts';
import type { Position } from './position.ts';

/** What `fit` tells after every step. */
export interface Progress<T extends Terms = Terms> {
  /** Counted from 1. */
  readonly epoch: number;
  /** Of the whole run. */
  readonly epochs: number;
  /** Counted from 1. */
  readonly step: number;
  /** Of the whole run. */
  readonly steps: number;
  /** J and its weighted terms: of the batch before the update (SGD, Adam), of the point reached (L-BFGS). */
  readonly cost: number;
  /** The summands of `cost`, each already multiplied by its weight. */
  readonly terms: T;
  /** ‖∂J/∂θ‖₂. */
  readonly gradientNorm: number;
  /** Mean of ρ̂ over the code units on the examples last seen; tanh activations count as (a + 1)/2. */
  readonly meanActivation: number;
  /** The data term on the validation set, where an epoch has ended since it was last told. */
  readonly validation?: number | undefined;
  /** Since this process took the run up. */
  readonly examplesPerSecond: number;
  /** At that rate. */
  readonly secondsLeft: number;
}

/** A function that is told of something; of models whose terms are known, of more than of others. What it gives is waited for. */
export type Told<A> = {
  /** As a method: what it takes may be more than what it is given. */
  tell(told: A): unknown;
}['tell'];

/** Watches the mean of ρ̂ over the code layer: `of` makes it of the number that `watch` left. */
export function createMeanActivation(network: Network): { watch: Watch; of: (watched: number) => number } {
  const { kernels: k, storage, spec } = network;
  const { code } = spec;
  const units = network.units(code);
  const rhoHat = vectorView(storage.allocate(units));
  const average = vectorView(storage.allocate(units));
  k.fill(average, 1 / (spec.shard?.latents.all ?? units));
  const { scale, shift } = spec.layers[code].f.rate ?? { scale: 1, shift: 0 };
  return {
    watch({ layers, m }, results, slot) {
      k.fill(rhoHat, 0);
      k.addColumnSums(rhoHat, layers[code].code.a, 1 / m);
      k.dot(results, slot, rhoHat, average);
    },
    of: (watched) => scale * watched + shift,
  };
}

/** Examples per second and time left, from the clock since training began. */
export class Pace {
  private readonly begin = performance.now();
  private readonly start: Pick<Position, 'step' | 'seconds'>;
  private examples = 0;
  private yielded = this.begin;

  /** `start`: where the run was when this process took it up. */
  constructor({ step, seconds }: Pick<Position, 'step' | 'seconds'>) {
    this.start = { step, seconds };
  }

  /** Of the whole run. */
  get seconds(): number {
    return this.start.seconds + this.own;
  }

  private get own(): number {
    return (performance.now() - this.begin) / 1000;
  }

  count(examples: number): void {
    this.examples += examples;
  }

  estimate(done: number, all: number): Pick<Progress, 'examplesPerSecond' | 'secondsLeft'> {
    const seconds = this.own;
    const left = (seconds / (done - this.start.step)) * Math.max(0, all - done);
    return { examplesPerSecond: this.examples / seconds, secondsLeft: left };
  }

  /** Lets timers, signals and the page have a turn, at most every 50 ms. */
  async breathe(): Promise<void> {
    if (performance.now() - this.yielded < 50) return;
    await nextTurn();
    this.yielded = performance.now();
  }
}
