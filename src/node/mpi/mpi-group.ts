import { hostname } from 'node:os';
import type { Numbers, View } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import type { Group } from '../../model/group.ts';
import type { Calls } from './library.ts';
import { openWatch, type Watch } from './watch.ts';

/** Bytes of one call: what MPI keeps beside them is as large. */
const PIECE = 2 ** 24;

/** The processes that mpirun or srun started, as a group that shares batches: all of MPI_COMM_WORLD. */
export class MpiGroup implements Group {
  /** Of this process, from 0. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
  /** The library and its version, such as "Open MPI 4.1.4". */
  readonly library: string;
  /** How many of them run on this machine. */
  readonly localSize: number;
  /** The machine of each, in the order of ranks. */
  readonly hosts: readonly string[];
  private readonly calls: Calls;
  private given = 0;
  private closed = false;
  private watch: Watch | null = null;

  /** The group of all processes, each of which must ask for it, watched by a thread of its own. */
  static async open(calls: Calls): Promise<MpiGroup> {
    const group = new MpiGroup(calls);
    const { rank, size } = group;
    if (size > 1) group.watch = await openWatch({ rank, size, share: (text) => group.texts(text ?? '')[0] });
    return group;
  }

  private constructor(calls: Calls) {
    this.calls = calls;
    this.library = calls.version;
    [this.rank, this.size] = (['Comm_rank', 'Comm_size'] as const).map((name) => {
      const out = [0];
      calls.call(name, calls.handle.world, out);
      return out[0];
    });
    this.hosts = this.texts(hostname());
    this.localSize = this.hosts.filter((host) => host === this.hosts[this.rank]).length;
  }

  /** Bytes that this process has given to sums and other calls, those of their protocols aside. */
  get bytes(): number {
    return this.given;
  }

  /** Until `close`. */
  get isOpen(): boolean {
    return !this.closed;
  }

  /** Each number of the view becomes its sum over the processes: in place, where the numbers lie in memory side by side. */
  sum(k: Kernels, view: View): Promise<void> | void {
    const numbers = inPlace(view);
    if (numbers !== null) this.reduce('sum', numbers);
    else return this.sumCopied(k, view);
  }

  private async sumCopied(k: Kernels, view: View): Promise<void> {
    const numbers = await k.copyOut(view);
    this.reduce('sum', numbers);
    k.write(view, numbers);
  }

  /** Each value becomes its sum over the processes. */
  total(values: Float64Array): void {
    this.reduce('sum', values);
  }

  /** Each value becomes the largest of all processes. */
  max(values: Float64Array): void {
    this.reduce('max', values);
  }

  /** Each value becomes the smallest of all processes. */
  min(values: Float64Array): void {
    this.reduce('min', values);
  }

  /**
   * all[r·n … (r + 1)·n) becomes the n numbers `own` of process r.
   * @throws InputError where `all` has not size·n numbers of the same type.
   */
  gather(own: Numbers | Uint8Array, all: Numbers | Uint8Array): void {
    const { size, rank } = this;
    const n = own.length;
    if (all.length !== size * n || all.constructor !== own.constructor) {
      throw new InputError(
        `all has ${all.length} numbers: it must have ${size} × ${n}, of the same type as own: a share for each process`,
      );
    }
    const most = Math.max(1, Math.floor(PIECE / size / own.BYTES_PER_ELEMENT));
    if (n <= most) {
      all.set(own, rank * n);
      this.allgather(all, n);
      return;
    }
    for (let begin = 0; begin < n; begin += most) {
      const piece = own.subarray(begin, Math.min(n, begin + most));
      const pieces = all.slice(0, size * piece.length);
      pieces.set(piece, rank * piece.length);
      this.allgather(pieces, piece.length);
      for (let r = 0; r < size; r++) {
        all.set(pieces.subarray(r * piece.length, (r + 1) * piece.length), r * n + begin);
      }
    }
  }

  /** The numbers become those of process `from`. */
  broadcast(numbers: Numbers | Uint8Array, from = 0): void {
    const { world, byte } = this.calls.handle;
    const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    for (let begin = 0; begin < bytes.length; begin += PIECE) {
      const piece = bytes.subarray(begin, begin + PIECE);
      this.count(piece);
      this.calls.call('Bcast', piece, piece.length, byte, from, world);
    }
  }

  /** A text of every process, in the order of ranks. */
  texts(text: string): string[] {
    const own = new TextEncoder().encode(text);
    const lengths = new Float64Array(this.size);
    this.gather(Float64Array.of(own.length), lengths);
    const longest = Math.max(...lengths);
    const padded = new Uint8Array(longest);
    padded.set(own);
    const all = new Uint8Array(this.size * longest);
    if (longest > 0) this.gather(padded, all);
    const decoder = new TextDecoder();
    return Array.from(lengths, (length, r) => decoder.decode(all.subarray(r * longest, r * longest + length)));
  }

  /** Waits until all processes are here. */
  barrier(): void {
    this.calls.call('Barrier', this.calls.handle.world);
  }

  /** Ends all processes, this one with the others. */
  abort(status: number): void {
    this.calls.call('Abort', this.calls.handle.world, status);
  }

  /** This process cannot go on: the first one says why on stderr, once for all that say the same, and all end with `status`. */
  async fail(why: string, status = 1): Promise<void> {
    if (this.closed) return;
    await this.watch?.fail(why, status);
    this.abort(status);
  }

  /** Waits for all processes, and leaves: after it nothing can be asked of the group. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.barrier();
    await this.watch?.close();
    this.calls.call('Finalize');
  }

  private allgather(all: Numbers | Uint8Array, n: number): void {
    const { inPlace, world, byte } = this.calls.handle;
    const bytes = n * all.BYTES_PER_ELEMENT;
    this.given += bytes;
    this.calls.call('Allgather', inPlace, 0, byte, all, bytes, byte, world);
  }

  private reduce(op: 'sum' | 'max' | 'min', numbers: Numbers): void {
    const { handle } = this.calls;
    const type = numbers instanceof Float32Array ? handle.float : handle.double;
    const most = PIECE / numbers.BYTES_PER_ELEMENT;
    for (let begin = 0; begin < numbers.length; begin += most) {
      const piece = numbers.subarray(begin, begin + most);
      this.count(piece);
      this.calls.call('Allreduce', handle.inPlace, piece, piece.length, type, handle[op], handle.world);
    }
  }

  private count({ byteLength }: { readonly byteLength: number }): void {
    this.given += byteLength;
  }
}

/** The numbers of a view where they lie side by side in memory that C can reach; null elsewhere. */
function inPlace({ data, shape, stride, offset }: View): Numbers | null {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return null;
  let length = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && stride[i] !== length) return null;
    length *= shape[i];
  }
  return data.subarray(offset, offset + length);
}
