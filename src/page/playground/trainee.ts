import type { Autoencoder } from '../../model/autoencoder.ts';
import type { AutoencoderConfig } from '../../model/config.ts';
import { carryOver } from './carry-over.ts';
import { type EngineName, type Runs, runsOf } from './engines.ts';
import { GradientShares } from './gradient-shares.ts';
import { createModel, type Made } from './kernels-here.ts';

const FIRST_SHARES_MS = 1000; // the first look does not wait for them

/** The model that a session trains, of one config after the other. */
export class Trainee {
  /** As it stands. */
  model: Autoencoder;
  shares: GradientShares;
  private readonly engine: EngineName;
  private instead: string | null;
  private losses = 0;
  private lost = -1; // the epoch in which a graphics card was

  constructor({ made, instead }: Made<Autoencoder>, engine: EngineName) {
    this.model = made;
    this.instead = instead;
    this.engine = engine;
    this.shares = new GradientShares(made.config, FIRST_SHARES_MS);
  }

  /** What runs it now. */
  get runs(): Runs {
    return runsOf(this.model, this.instead);
  }

  /** It becomes one of another config, which takes over θ. Which engine is faster is not asked again: a slider would wait for it. */
  async become(config: AutoencoderConfig): Promise<void> {
    const { made, instead } = await createModel(config, this.engine, this.model.runtime.chosen);
    await carryOver(this.model, made);
    this.dispose();
    this.model = made;
    this.instead = instead;
    this.shares = new GradientShares(made.config);
    this.losses = 0;
  }

  /** Whether a graphics card was lost that training has not outlived yet. */
  get hasLost(): boolean {
    return (this.model.engine.kernels.losses ?? 0) > this.losses;
  }

  /** Whether one was, and training may go on: with what was kept, on what runs now. Not twice without an epoch between. */
  outlived(epoch: number): boolean {
    if (!this.hasLost) return false;
    this.losses = this.model.engine.kernels.losses ?? 0;
    const progressed = epoch > this.lost;
    this.lost = epoch;
    return progressed;
  }

  dispose(): void {
    this.model.dispose();
    this.shares.dispose();
  }
}
