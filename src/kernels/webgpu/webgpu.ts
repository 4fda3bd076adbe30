import type { AnyNumbers, Numbers, View } from '../../array/matrix.ts';
import { EngineError } from '../../errors.ts';
import type { CpuKernels, Kernels, Results, Storage } from '../kernels.ts';
import { createStorage } from '../storage.ts';
import { type OpenDevice, openDevice } from './adapter.ts';
import { GpuBlock, type Kind, type Owner, WIDTH } from './block.ts';
import type { Stage } from './call.ts';
import { CpuSide } from './cpu-side.ts';
import type { Device } from './device.ts';
import { LostError, tooLong } from './device-errors.ts';
import { Keeping } from './keeping.ts';
import { createMethods, type Methods } from './methods.ts';
import { readSlots, readView } from './read-back.ts';
import { anotherDevice, findDevice } from './shared-device.ts';

/** How kernels come to a device; tests replace both. */
export interface WebGpuOptions {
  /** Default the fastest adapter's. */
  readonly open?: (() => Promise<OpenDevice>) | undefined;
  /** Kernels that take over where no device can be had any more. */
  readonly fallback: () => Promise<CpuKernels>;
}

/**
 * Kernels in WGSL on a GPU, in float32: every kernel of the contract, its calls recorded and sent off many at a time; a step
 * waits once. The same bits on the same device and driver: sums are in float32 pairs, in one order, without atomics of floats.
 * Where the device is lost the call at hand fails with an EngineError, what was kept is brought to a new one, or to the
 * processor where there is none, and the next call works.
 * @throws EngineError where there is no WebGPU, or no adapter.
 */
export async function createWebGpuKernels(options: WebGpuOptions): Promise<Kernels> {
  return new WebGpu(await findDevice(options.open ?? openDevice), options).kernels();
}

/** Kernels of one model. */
class WebGpu {
  private device: Device;
  private readonly options: WebGpuOptions;
  private readonly stage: Stage;
  private readonly methods: Methods;
  private readonly scratches = new Map<string, GpuBlock>();
  private readonly keeping = new Keeping(() => this.device);
  /** What went wrong with storage and kernels of this model. */
  private readonly owner: Owner = { failure: null };
  private readonly results = new Set<WeakRef<GpuBlock>>();
  private ended = false;
  /** Why nothing runs any more. */
  private broken: string | null = null;
  /** While a device is lost and no other is there yet: calls wait. */
  private recovering: Promise<void> | null = null;
  private waiting: (() => void)[] = [];
  /** What the next read must tell: that a device was lost, and what with it. */
  private loss: string | null = null;
  private note: string | null = null;
  private losses = 0;
  private cpu: CpuSide | null = null;
  private readonly lose = () => void this.recover();

  constructor(device: Device, options: WebGpuOptions) {
    this.device = device;
    this.options = options;
    device.onLost.add(this.lose);
    const self = this;
    this.stage = {
      get device() {
        return self.device;
      },
      scratch: (name, kind, length) => this.scratch(name, kind, length),
    };
    this.methods = createMethods(this.stage);
  }

  kernels(): Kernels {
    const storage = createStorage({
      numbers: (length) => this.block(length, 'numbers'),
      doubles: (length) => this.block(length, 'doubles'),
      indices: (length) => this.block(length, 'indices'),
      free: (block: GpuBlock) => this.free(block),
    });
    const self = this;
    const calls = Object.fromEntries(
      Object.keys(this.methods).map((name) => [name, (...given: unknown[]) => this.call(name, given)]),
    ) as unknown as Methods;
    return {
      ...storage,
      ...calls,
      get name() {
        return self.cpu === null ? 'webgpu' : self.cpu.kernels.name;
      },
      precision: 'float32',
      get threads() {
        return self.cpu === null ? 1 : self.cpu.kernels.threads;
      },
      get note() {
        return self.note;
      },
      get losses() {
        return self.losses;
      },
      get adapter() {
        return self.cpu === null ? self.device.info : undefined;
      },
      dispose() {
        storage.dispose();
        self.dispose();
      },
      allocateResults: (length) => this.slots(length),
      hold: (held, x) => this.hold(held, x),
      keep: (block) => this.keeping.keep(block as GpuBlock),
      clearResults: (results) => this.call('clearResults', [results]),
      read: (results) => this.read(results),
      copyOut: (view, out) => this.copyOut(view, out),
    };
  }

  private slots(length: number): GpuBlock {
    const block = new GpuBlock(length, 'doubles', this.owner, true);
    for (const known of this.results) if (known.deref() === undefined) this.results.delete(known);
    this.results.add(new WeakRef(block));
    return block;
  }

  private block(length: number, kind: Kind): GpuBlock {
    const block = new GpuBlock(length, kind, this.owner);
    const { largestBuffer } = this.device.info.limits;
    if (block.byteLength > largestBuffer && this.cpu === null) throw tooLong(block.byteLength, largestBuffer);
    return block;
  }

  private free(block: GpuBlock): void {
    this.keeping.forget(block);
    this.cpu?.release(block);
    this.device.release(block);
  }

  private scratch(name: string, kind: Kind, length: number): GpuBlock {
    const known = this.scratches.get(name);
    if (known !== undefined && known.length >= length && known.kind === kind) return known;
    if (known !== undefined) this.device.release(known);
    const made = this.block(length, kind);
    this.scratches.set(name, made);
    return made;
  }

  /** Calls a kernel; later, with what was given now, where there is no device at present. */
  private call(name: string, given: readonly unknown[]): void {
    if (this.recovering !== null) {
      const held = given.map(copied);
      this.waiting.push(() => this.call(name, held));
    } else if (this.cpu !== null) this.cpu.call(name, given);
    else if (this.broken !== null)
      return; // the next read tells
    else if (name === 'clearResults') {
      const block = given[0] as GpuBlock;
      this.device.clear(block, 0, block.length * WIDTH.doubles);
    } else if (name === 'write') {
      const [out, values] = given as Parameters<Methods['write']>;
      this.keeping.written(out, values, () => this.methods.write(out, values));
    } else (this.methods as unknown as Record<string, (...given: unknown[]) => void>)[name](...given);
  }

  /** Rows are within reach of the processor anyway. */
  private async hold(storage: Storage, x: View<AnyNumbers>): Promise<void> {
    await this.ready();
    if (this.cpu === null) await this.methods.hold?.(storage, x);
  }

  private read(results: Results): Promise<Float64Array> {
    return this.asked(
      () => this.cpu?.call('read', [results]) as Promise<Float64Array>,
      () => readSlots(this.stage, results as unknown as GpuBlock),
    );
  }

  private copyOut(view: View, out?: Numbers): Promise<Numbers> {
    return this.asked(
      () => this.cpu?.call('copyOut', [view, ...(out === undefined ? [] : [out])]) as Promise<Numbers>,
      () => readView(this.stage, this.methods.copy, view, out),
    );
  }

  /** An answer of the processor, or of the device, which is asked at once: what is called later changes nothing of it. */
  private asked<T>(ofCpu: () => Promise<T>, ask: () => Promise<T>): Promise<T> {
    if (this.recovering !== null) {
      return new Promise((resolve, reject) => {
        this.waiting.push(() => this.asked(ofCpu, ask).then(resolve, reject));
      });
    }
    const told = this.loss ?? this.broken;
    this.loss = null;
    if (told !== null) return Promise.reject(new EngineError(told));
    return this.cpu !== null ? ofCpu() : this.answered(ask);
  }

  /** Waits for a device where one was lost. @throws EngineError where something went with it that nobody was told of. */
  private async ready(): Promise<void> {
    while (this.recovering !== null) await this.recovering;
    const told = this.loss ?? this.broken;
    this.loss = null;
    if (told !== null) throw new EngineError(told);
  }

  private async answered<T>(ask: () => Promise<T>): Promise<T> {
    const { device } = this;
    try {
      const answer = await ask();
      await device.settle(this.owner);
      this.keeping.touched();
      return answer;
    } catch (error) {
      if (!(error instanceof LostError) && device.lost === null) throw error;
      if (this.device === device && this.recovering === null)
        await new Promise<void>((resolve) => device.onLost.add(resolve));
      while (this.recovering !== null) await this.recovering;
      const told =
        this.loss ?? `the GPU was lost (${device.lost}) during the call: the model is as it was before it; call again`;
      this.loss = null;
      throw new EngineError(told);
    }
  }

  /** Another device, or the processor, with what was kept. */
  private recover(): Promise<void> {
    const why = this.device.lost;
    this.losses++;
    const { stale, age } = this.keeping;
    const since = `its parameters are those of ${age.toFixed(1)} s before`;
    if (stale)
      this.loss = `the GPU was lost (${why}), and what the model learned last with it: ${since}; call again, or resume from a checkpoint`;
    this.recovering = this.resume(why);
    return this.recovering;
  }

  /** Never rejects: where nothing can take the device's place, every later call tells why. */
  private async resume(why: string | null): Promise<void> {
    try {
      const device = await anotherDevice(this.options.open ?? openDevice);
      if (device === null || !this.restoreOn(device)) {
        this.cpu = new CpuSide(await this.options.fallback());
        for (const [block, bytes] of this.keeping.copies()) this.cpu.restore(block, bytes);
        if (this.ended) this.cpu.dispose();
      }
      this.keeping.restored();
      this.note = `the GPU was lost (${why}): ${this.cpu === null ? 'a new device runs' : 'the processor runs'}`;
    } catch (error) {
      this.broken = `the GPU was lost (${why}), and nothing takes its place: ${error instanceof Error ? error.message : error}`;
    }
    this.recovering = null;
    for (const call of this.waiting.splice(0)) {
      try {
        call();
      } catch (error) {
        this.loss ??= `the GPU was lost (${why}) during the call: ${error instanceof Error ? error.message : error}`;
      }
    }
  }

  /** Brings what was kept to another device; false where it does not fit. */
  private restoreOn(device: Device): boolean {
    this.device = device;
    this.scratches.clear(); // their content is void from call to call: it is not missed
    try {
      for (const [block, bytes] of this.keeping.copies()) {
        if (bytes.byteLength > 0) device.upload(block, 0, new Uint8Array(bytes));
      }
    } catch {
      return false;
    }
    if (!this.ended) device.onLost.add(this.lose);
    return true;
  }

  private dispose(): void {
    this.ended = true;
    this.keeping.dispose();
    for (const results of this.results) {
      const block = results.deref();
      if (block !== undefined) this.device.release(block);
    }
    this.results.clear();
    this.device.onLost.delete(this.lose);
    for (const scratch of this.scratches.values()) this.device.release(scratch);
    this.scratches.clear();
    this.cpu?.dispose();
  }
}

/** What a call was given, as it is now. */
function copied(argument: unknown): unknown {
  if (ArrayBuffer.isView(argument) || Array.isArray(argument)) return (argument as Uint32Array).slice();
  const { data } = (argument ?? {}) as Partial<View>;
  if (data === undefined || data instanceof GpuBlock) return argument;
  return { ...(argument as object), data: (data as Uint32Array).slice() }; // examples, which are the caller's
}
