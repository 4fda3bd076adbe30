import type { Answer } from './browser.ts';

/** The costs that every row must give, to the bit: those of the first that ran, Node's. */
export class Expected {
  private cost: number | undefined;

  /** The line of a program; the first one is what all others must agree with. @throws where it does not. */
  line(said: string): string {
    const { cost, workerCost } = JSON.parse(said);
    this.cost ??= cost;
    this.agree(cost);
    if (workerCost !== undefined) this.agree(workerCost);
    return said;
  }

  /** A page's answer, trained in a worker too; of an edge runtime, which has none, `workers` false. @throws as above. */
  answer({ cost, workerCost, kernels }: Answer, workers = true): string {
    this.agree(cost);
    if (workers) this.agree(workerCost);
    return [`cost ${cost}`, ...(workers ? ['in a worker too'] : []), ...(kernels ? [kernels] : [])].join(', ');
  }

  private agree(cost: number | undefined): void {
    if (cost === undefined || cost !== this.cost) throw new Error(`cost ${cost}, where Node's was ${this.cost}`);
  }
}
