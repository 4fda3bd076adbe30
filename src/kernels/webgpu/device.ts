import { EngineError } from '../../errors.ts';
import type { Adapter } from '../kernels.ts';
import type { OpenDevice } from './adapter.ts';
import { type GpuBlock, type Owner, WIDTH } from './block.ts';
import { GONE, LostError, noRoom, tooLong, tooWide } from './device-errors.ts';
import { Pipelines } from './pipelines.ts';
import { ALIGNMENT, type Bound, type Program } from './program.ts';
import { Staging } from './staging.ts';

/** Parameters of one call, as dynamic offsets of uniform buffers are aligned everywhere. */
const SLOT = 256;
/** Multiply-adds of a small product: tiles would be mostly empty, and take drivers long to compile. */
const SMALL = 2 ** 21;
/** Calls of one submission at most. */
const CALLS = 1024;
/** Bytes of small numbers that travel with a submission. */
const UPLOADS = 1 << 20;
/** Multiply-adds after which what is recorded is sent off: drivers end what takes them some seconds. */
const WORK = 2e11;
/** Multiply-adds of one call at most, for the same reason. */
const LONGEST = 5e10;
/** Milliseconds within which it is told that a device is lost, after a read has failed. */
const NEWS = 1000;
/** Bytes that every device binds. Tests make believe of less. */
const LEAST_BINDING = 1 << 27;
/** Bind groups that are kept. */
const GROUPS = 4096;

// GPUBufferUsage
const [COPY_SRC, COPY_DST, UNIFORM, STORAGE] = [4, 8, 64, 128];
const READ = 1; // GPUMapMode.READ

/** Number of the next device: a buffer of an earlier one is void. */
let generations = 0;

/** Records calls of kernels and sends them to a GPU, many at a time. Errors of WebGPU come late: `settle` throws them. */
export class Device {
  readonly gpu: GPUDevice;
  readonly info: Adapter;
  /** Multiply-adds of one call at most. */
  readonly longestWork: number;
  /** Multiply-adds of a product without tiles at most. */
  readonly smallWork: number;
  readonly generation = ++generations;
  /** Why it is gone; null while it works. */
  lost: string | null = null;
  /** Called when it is lost. */
  readonly onLost = new Set<() => void>();
  readonly pipelines: Pipelines;
  /** How many times something was sent off. */
  submissions = 0;
  private failure: Error | null = null;
  private readonly pending = new Set<Promise<unknown>>();
  private encoder: GPUCommandEncoder | null = null;
  private pass: GPUComputePassEncoder | null = null;
  private readonly parameters = new ArrayBuffer(SLOT * CALLS);
  private readonly uniform: GPUBuffer;
  private calls = 0;
  private readonly uploads = new Uint8Array(UPLOADS);
  private readonly uploadBuffer: GPUBuffer;
  private uploaded = 0;
  private work = 0;
  private readonly groups = new Map<string, GPUBindGroup>();
  private readonly ids = new WeakMap<GPUBuffer, number>();
  private nextId = 0;
  private readonly staging: Staging;

  constructor({ device, info, longestWork = LONGEST, smallWork = SMALL }: OpenDevice) {
    this.gpu = device;
    this.info = info;
    this.longestWork = longestWork;
    this.smallWork = smallWork;
    this.staging = new Staging(device);
    this.pipelines = new Pipelines(device, (failed, owner) => this.hear(failed, owner));
    this.uniform = device.createBuffer({ label: 'parameters', size: SLOT * CALLS, usage: UNIFORM | COPY_DST });
    this.uploadBuffer = device.createBuffer({ label: 'uploads', size: UPLOADS, usage: COPY_SRC | COPY_DST });
    void device.lost.then(({ reason, message }) => {
      this.lost = message.split('\n')[0] || reason;
      for (const listener of [...this.onLost]) listener();
    });
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault();
      this.failure ??= new EngineError(`the GPU failed: ${event.error.message.split('\n')[0]}`);
    });
  }

  /** Whether a block can have a buffer, which it has then: for what can do without. */
  async hasRoomFor(block: GpuBlock): Promise<boolean> {
    this.gpu.pushErrorScope('out-of-memory');
    const buffer = this.make(block);
    const error = await this.gpu.popErrorScope();
    if (error !== null) buffer.destroy();
    if (error !== null || this.lost !== null) return false;
    [block.buffer, block.generation] = [buffer, this.generation];
    return true;
  }

  /** Whether a block held numbers on another device, which are gone with it. */
  hasLost({ buffer, generation, version }: GpuBlock): boolean {
    return buffer !== null && version > 0 && generation !== this.generation;
  }

  /** The block's buffer on this device. @throws InputError where it is longer than the device's longest; EngineError where this one is lost. */
  bufferOf(block: GpuBlock): GPUBuffer {
    if (this.lost !== null) throw new LostError(this.lost); // no block shall get a buffer of it
    if (block.buffer !== null && block.generation === this.generation) return block.buffer;
    const { largestBuffer } = this.info.limits;
    if (block.byteLength > largestBuffer) throw tooLong(block.byteLength, largestBuffer);
    this.gpu.pushErrorScope('out-of-memory');
    const buffer = this.make(block);
    const scope = this.gpu.popErrorScope();
    const failed = scope.then((error) => {
      if (error === null) return null;
      if (block.buffer === buffer) block.buffer = null; // the next call tries again
      this.groups.clear();
      return noRoom(block.byteLength);
    });
    this.hear(failed, block.owner);
    block.buffer = buffer;
    block.generation = this.generation;
    return buffer;
  }

  /** Records a call: `fill` writes its parameters. `work`: how many multiply-adds it is. */
  dispatch(
    program: Program,
    bound: Bound,
    groups: number,
    fill: (parameters: DataView, ranges: readonly number[]) => void,
    work = 0,
  ): void {
    if (groups === 0) return;
    if (bound.bindings.some(({ block, writes }) => !writes && this.hasLost(block))) {
      bound.bindings[0].block.owner.failure ??= new EngineError(GONE); // which the next read tells
      return;
    }
    const { largestBinding } = this.info.limits;
    const compiled = this.pipelines.of(program, bound);
    if (this.calls === CALLS) this.flush();
    const ranges = bound.bindings.map(({ block, begin }) => begin - (begin % (ALIGNMENT / WIDTH[block.kind])));
    const entries = bound.bindings.map(({ block, end }, n) => {
      const width = WIDTH[block.kind];
      const bytes = block.length === 0 ? 16 : (end + 1 - ranges[n]) * width;
      if (bytes > largestBinding && largestBinding >= LEAST_BINDING) throw tooWide(program.name, bytes, largestBinding);
      return {
        buffer: this.bufferOf(block),
        offset: block.length === 0 ? 0 : ranges[n] * width,
        size: Math.ceil(bytes / 16) * 16, // buffers are as long, and vectors of four are bound whole
        block,
      };
    });
    const id = `${compiled.key}|${entries.map(({ buffer, offset, size }) => `${this.idOf(buffer)}:${offset}:${size}`).join()}`;
    let group = this.groups.get(id);
    if (group === undefined) {
      if (this.groups.size >= GROUPS) this.groups.clear();
      group = this.gpu.createBindGroup({
        label: program.name,
        layout: compiled.layout,
        entries: [
          { binding: 0, resource: { buffer: this.uniform, size: SLOT } },
          ...entries.map(({ buffer, offset, size }, n) => ({ binding: n + 1, resource: { buffer, offset, size } })),
        ],
      });
      this.groups.set(id, group);
    }
    for (const { block, writes } of bound.bindings) if (writes) block.version++;
    const begin = this.calls++ * SLOT;
    fill(new DataView(this.parameters, begin, SLOT), ranges);
    this.encoder ??= this.gpu.createCommandEncoder();
    this.pass ??= this.encoder.beginComputePass();
    this.pass.setPipeline(compiled.pipeline);
    this.pass.setBindGroup(0, group, [begin]);
    const across = Math.min(groups, 65535);
    this.pass.dispatchWorkgroups(across, Math.ceil(groups / across));
    this.work += work;
    if (this.work > WORK) this.flush();
  }

  /** Numbers of this side, as they are now, to a block from its `first` byte on. */
  upload(block: GpuBlock, first: number, bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.byteLength === 0) return;
    const buffer = this.bufferOf(block);
    block.version++;
    if (bytes.byteLength > UPLOADS / 4) {
      this.flush();
      this.gpu.queue.writeBuffer(buffer, first, bytes);
      return;
    }
    if (this.uploaded + bytes.byteLength > UPLOADS) this.flush();
    this.uploads.set(bytes, this.uploaded);
    this.commands().copyBufferToBuffer(this.uploadBuffer, this.uploaded, buffer, first, bytes.byteLength);
    this.uploaded += bytes.byteLength;
  }

  /** Sets a part of a block to 0. */
  clear(block: GpuBlock, first: number, bytes: number): void {
    if (bytes === 0) return;
    block.version++;
    this.commands().clearBuffer(this.bufferOf(block), first, bytes);
  }

  /** A part of a block as the calls recorded so far leave it. Sends them off. */
  async download(block: GpuBlock, first: number, bytes: number): Promise<ArrayBuffer> {
    const from = this.bufferOf(block);
    const staging = this.staging.take(bytes);
    this.commands().copyBufferToBuffer(from, first, staging, 0, Math.ceil(bytes / 4) * 4);
    this.flush();
    try {
      await staging.mapAsync(READ, 0, Math.ceil(bytes / 4) * 4);
      const copy = staging.getMappedRange(0, Math.ceil(bytes / 4) * 4).slice(0, bytes);
      staging.unmap();
      this.staging.giveBack(staging);
      return copy;
    } catch (error) {
      staging.destroy();
      await Promise.race([this.gpu.lost, new Promise((resolve) => setTimeout(resolve, NEWS))]); // which comes a little later
      await this.settle(block.owner);
      throw new EngineError(`the GPU failed: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
    }
  }

  /** Sends off what was recorded. */
  flush(): void {
    const { gpu } = this;
    this.pass?.end();
    this.pass = null;
    this.work = 0;
    if (this.encoder === null) return;
    if (this.calls > 0) gpu.queue.writeBuffer(this.uniform, 0, this.parameters, 0, this.calls * SLOT);
    if (this.uploaded > 0)
      gpu.queue.writeBuffer(this.uploadBuffer, 0, this.uploads, 0, Math.ceil(this.uploaded / 4) * 4);
    gpu.queue.submit([this.encoder.finish()]);
    this.submissions++;
    this.encoder = null;
    this.calls = 0;
    this.uploaded = 0;
  }

  /** Waits for what WebGPU has to say. @throws EngineError where a kernel was not compiled or the device is lost; InputError where it had no room. */
  async settle(owner: Owner): Promise<void> {
    while (this.pending.size > 0) await Promise.all(this.pending);
    if (this.lost !== null) throw new LostError(this.lost);
    const failure = owner.failure ?? this.failure;
    owner.failure = null;
    this.failure = null;
    if (failure !== null) throw failure;
  }

  /** A buffer is no longer used. */
  release(block: GpuBlock): void {
    const { buffer } = block;
    block.buffer = null;
    block.released = true;
    if (buffer === null || block.generation !== this.generation) return;
    this.flush(); // what was recorded may use it
    this.groups.clear();
    buffer.destroy();
  }

  private make({ byteLength }: GpuBlock): GPUBuffer {
    return this.gpu.createBuffer({ size: Math.ceil(byteLength / 16) * 16, usage: STORAGE | COPY_SRC | COPY_DST });
  }

  private commands(): GPUCommandEncoder {
    this.pass?.end();
    this.pass = null;
    this.encoder ??= this.gpu.createCommandEncoder();
    return this.encoder;
  }

  private hear(failed: Promise<Error | null>, owner: Owner): void {
    const heard = failed.then(
      (error) => {
        owner.failure ??= error;
        if (error !== null) this.failure = null; // what follows from it says less
        this.pending.delete(heard);
      },
      () => void this.pending.delete(heard), // the device is gone: `lost` says so
    );
    this.pending.add(heard);
  }

  private idOf(buffer: GPUBuffer): number {
    const known = this.ids.get(buffer);
    if (known !== undefined) return known;
    this.ids.set(buffer, ++this.nextId);
    return this.nextId;
  }
}
