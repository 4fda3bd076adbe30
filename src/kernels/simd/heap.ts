import { InputError } from '../../errors.ts';

const PAGE = 65_536;
/** 4 GiB, what 32-bit addresses reach: with 64-bit ones products take 1.3 to 1.5 times as long, with turbo 1.9 to 3.2 (bench/memory64). */
const MOST_PAGES = 65_536;
/** Blocks begin on a cache line, so that threads that write neighbours do not share one. */
const ALIGNMENT = 64;

interface Block {
  readonly begin: number;
  readonly size: number;
}

/**
 * WebAssembly memory in blocks: first fit from a list of free ones that merges neighbours. The memory is shared, also where
 * there is one thread, because growth leaves old views of shared memory valid. It grows and never shrinks: what is
 * released serves the next model.
 */
export class Heap {
  readonly memory: WebAssembly.Memory;
  private end = PAGE; // page 0 stays empty, so that no block lies at 0
  private free: Block[] = []; // rising, no two adjacent
  private readonly sizes = new Map<number, number>();

  private readonly most: number;

  /** @throws RangeError where no shared memory can be had. */
  constructor() {
    [this.memory, this.most] = reserve();
  }

  /** Where a zeroed block of so many bytes begins. @throws InputError beyond what WebAssembly can address. */
  allocate(bytes: number): number {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const at = this.free.findIndex((block) => block.size >= size);
    if (at >= 0) {
      const { begin, size: available } = this.free[at];
      this.free.splice(at, 1, ...(available > size ? [{ begin: begin + size, size: available - size }] : []));
      new Uint8Array(this.memory.buffer, begin, size).fill(0);
      this.sizes.set(begin, size);
      return begin;
    }
    // A free block at the very end is extended.
    const last = this.free[this.free.length - 1];
    const begin = last !== undefined && last.begin + last.size === this.end ? last.begin : this.end;
    this.grow(begin + size);
    if (begin < this.end) {
      this.free.pop();
      new Uint8Array(this.memory.buffer, begin, this.end - begin).fill(0);
    }
    this.end = begin + size;
    this.sizes.set(begin, size);
    return begin;
  }

  /** A zeroed block of so many four-byte numbers, as a typed array's constructor takes it. */
  place(length: number): [buffer: ArrayBufferLike, begin: number, length: number] {
    const begin = this.allocate(4 * length); // first: growth makes a new buffer
    return [this.memory.buffer, begin, length];
  }

  /** Gives a block back; its content is void. Blocks that are not allocated are passed over. */
  release(begin: number): void {
    const size = this.sizes.get(begin);
    if (size === undefined) return;
    this.sizes.delete(begin);
    let at = this.free.findIndex((block) => block.begin > begin);
    if (at < 0) at = this.free.length;
    const before = this.free[at - 1];
    const after = this.free[at];
    const joinsBefore = before !== undefined && before.begin + before.size === begin;
    const joinsAfter = after !== undefined && begin + size === after.begin;
    const from = joinsBefore ? before.begin : begin;
    const to = joinsAfter ? after.begin + after.size : begin + size;
    this.free.splice(joinsBefore ? at - 1 : at, Number(joinsBefore) + Number(joinsAfter), {
      begin: from,
      size: to - from,
    });
  }

  /** Bytes of the block that begins there. */
  sizeOf(begin: number): number {
    return this.sizes.get(begin) ?? 0;
  }

  private grow(bytes: number): void {
    const missing = Math.ceil((bytes - this.memory.buffer.byteLength) / PAGE);
    if (missing <= 0) return;
    try {
      this.memory.grow(missing);
    } catch {
      const gigabytes = (bytes / 2 ** 30).toFixed(2);
      throw new InputError(
        `all models together would need ${gigabytes} GiB of WebAssembly memory, which has at most ${this.most / 2 ** 14} here: dispose models that are done (model.dispose(), or using), as those that are forgotten give theirs back only when the event loop has turned; or use fewer units, smaller batches, or precision 'float64', whose numbers lie outside of it`,
      );
    }
  }
}

/** Address space is reserved up to the maximum, memory itself only as it grows. */
function reserve(): [WebAssembly.Memory, pages: number] {
  for (let maximum = MOST_PAGES; ; maximum /= 2) {
    try {
      return [new WebAssembly.Memory({ initial: 1, maximum, shared: true }), maximum];
    } catch (error) {
      if (maximum <= 4096) throw error; // 256 MiB
    }
  }
}
