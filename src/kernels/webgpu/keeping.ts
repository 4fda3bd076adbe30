import type { View } from '../../array/matrix.ts';
import { encode, type GpuBlock, WIDTH } from './block.ts';
import type { Device } from './device.ts';
import { flattened } from './elementwise.ts';

/** Milliseconds after which what was kept is kept anew, while it changes. */
const EVERY = 1000;
/** Of the time that a copy takes: copies take no more than a twentieth of all. */
const TIMES = 20;
/** Milliseconds of rest after which the last change is kept. */
const REST = 100;

/** What there is of a block, and what it was a copy of. */
interface Kept {
  bytes: ArrayBuffer;
  version: number;
}

/** Copies on this side of what must outlive a device: of all blocks at one moment, some time apart while they change. */
export class Keeping {
  private readonly kept = new Map<GpuBlock, Kept>();
  private copying = false;
  private next = 0;
  private last = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private ended = false;
  /** As it is at present: a copy from one that was lost would bring nothing. */
  private readonly device: () => Device;

  constructor(device: () => Device) {
    this.device = device;
  }

  keep(block: GpuBlock): void {
    this.kept.set(block, { bytes: new ArrayBuffer(0), version: 0 });
  }

  forget(block: GpuBlock): void {
    this.kept.delete(block);
  }

  /**
   * Writes numbers of this side by `write`, and keeps them at once where what is kept is up to date: so that there is something
   * to go back to before the first copy is made.
   */
  written(out: View, values: ArrayLike<number>, write: () => void): void {
    const block = out.data as GpuBlock;
    const kept = this.kept.get(block);
    const isFresh = kept !== undefined && kept.version === block.version;
    write();
    const [flat] = flattened(out);
    if (!isFresh || !isLine(flat)) return;
    if (kept.bytes.byteLength === 0) kept.bytes = new ArrayBuffer(block.byteLength);
    const bytes = new Uint8Array(encode(values, block.kind).buffer);
    new Uint8Array(kept.bytes).set(bytes, out.offset * WIDTH[block.kind]);
    kept.version = block.version;
    this.last = performance.now();
  }

  /** After a call was answered: copies what has changed, where it is time; otherwise when there is a rest. */
  touched(): void {
    if (this.ended || this.copying || this.device().lost !== null || !this.stale) return;
    if (performance.now() >= this.next) void this.copy(this.device());
    else this.later();
  }

  /** Whether something has changed since it was copied. */
  get stale(): boolean {
    for (const [block, { version }] of this.kept) if (block.version !== version) return true;
    return false;
  }

  /** Seconds since the last copy was made. */
  get age(): number {
    return (performance.now() - this.last) / 1000;
  }

  /** What there is of each block; nothing of one that was never written, and is 0. */
  copies(): readonly (readonly [GpuBlock, ArrayBuffer])[] {
    return [...this.kept].map(([block, { bytes }]) => [block, bytes] as const);
  }

  /** What was brought to another device is what is kept. */
  restored(): void {
    for (const [block, copy] of this.kept) if (copy.bytes.byteLength > 0) copy.version = block.version;
  }

  dispose(): void {
    this.ended = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.kept.clear();
  }

  /** All at one moment: the copies are recorded one after another, before anything else. */
  private async copy(device: Device): Promise<void> {
    this.copying = true;
    const begin = performance.now();
    try {
      const changed = [...this.kept].filter(([block, { version }]) => block.version !== version);
      const copies = await Promise.all(
        changed.map(async ([block]) => {
          const { version } = block;
          return { block, version, bytes: await device.download(block, 0, block.byteLength) };
        }),
      );
      if (device !== this.device()) return; // another has what was kept before
      for (const { block, ...copy } of copies) if (this.kept.has(block)) this.kept.set(block, copy);
      this.last = begin;
    } catch {
      // The device is lost, or had no room: what was kept before stays, and the next call tells.
    } finally {
      const now = performance.now();
      this.next = now + Math.max(EVERY, TIMES * (now - begin));
      this.copying = false;
    }
    if (this.stale) this.later();
  }

  private later(): void {
    if (this.ended || this.timer !== null || this.device().lost !== null) return;
    const wait = Math.max(REST, this.next - performance.now());
    this.timer = setTimeout(() => {
      this.timer = null;
      this.touched();
    }, wait);
    (this.timer as { unref?: () => void }).unref?.();
  }
}

/** Whether the elements of a view, which may be one long row, lie one after another. */
function isLine({ shape, stride }: View): boolean {
  return shape.length === 0 || ((shape.length < 2 || shape[0] === 1) && stride[stride.length - 1] === 1);
}
