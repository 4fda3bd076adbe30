/** A run that nobody touches rests after so long, or so many epochs, until it is started again. */
const REST_MS = 120_000;
const REST_EPOCHS = 30_000;

/** When a run rests. */
export class Rests {
  playing = true;
  private touched = { at: performance.now(), epoch: 0 };

  touch(epoch: number): void {
    this.touched = { at: performance.now(), epoch };
  }

  at(epoch: number): boolean {
    const { touched } = this;
    return !this.playing || epoch >= touched.epoch + REST_EPOCHS || performance.now() - touched.at > REST_MS;
  }
}
