import { type AnyNumbers, type Numbers, type View, zeros } from '../../array/matrix.ts';
import { EngineError } from '../../errors.ts';
import type { CpuKernels, Kernels, Results, Storage } from '../kernels.ts';
import { createStorage } from '../storage.ts';
import { type OpenDevice, openDevice } from './adapter.ts';
import { decode, GpuBlock, type Kind, WIDTH } from './block.ts';
import { extent, type Stage, vectorOf } from './call.ts';
import { CpuSide } from './cpu-side.ts';
import { Device } from './device.ts';
import { LostError, tooLong } from './device-errors.ts';
import { flattened } from './elementwise.ts';
import { Keeping } from './keeping.ts';
import { createMethods, type Methods } from './methods.ts';

/** How kernels come to a device; tests replace both. */
export interface WebGpuOptions {
  /** Default the fastest adapter's. */
  readonly open?: (() => Promise<OpenDevice>) | undefined;
  /** Kernels that take over where no device can be had any more. */
  readonly fallback: () => Promise<CpuKernels>;
}

/** Milliseconds until a new device is asked for: browsers need a moment after one was lost. */
const PATIENCE = [0, 200, 1000];

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

/** One device serves all models: kernels are compiled once. */
let shared: { readonly open: () => Promise<OpenDevice>; readonly device: Promise<Device> } | null = null;

async function findDevice(open: () => Promise<OpenDevice>): Promise<Device> {
  while (shared !== null && shared.open === open) {
    const asked = shared.device;
    const device = await asked.catch(() => null);
    if (device !== null && device.lost === null) return device;
    if (shared.device === asked) shared = null; // nobody has asked for another meanwhile
  }
  const device = open().then((opened) => new Device(opened));
  shared = { open, device };
  return device;
}

/** Kernels of one model. */
class WebGpu {
  private device: Device;
  private readonly options: WebGpuOptions;
  private readonly methods: Methods;
  private readonly scratches = new Map<string, GpuBlock>();
  private readonly keeping = new Keeping();
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
    const stage: Stage = {
      get device() {
        return self.device;
      },
      scratch: (name, kind, length) => this.scratch(name, kind, length),
    };
    this.methods = createMethods(stage);
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
      allocateResults: (length) => new GpuBlock(length, 'doubles', true),
      hold: (held, x) => this.hold(held, x),
      keep: (block) => this.keeping.keep(block as GpuBlock),
      clearResults: (results) => this.call('clearResults', [results]),
      read: (results) => this.read(results),
      copyOut: (view, out) => this.copyOut(view, out),
    };
  }

  private block(length: number, kind: Kind): GpuBlock {
    const block = new GpuBlock(length, kind);
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
      const held = given.map((argument) =>
        ArrayBuffer.isView(argument) ? (argument as Uint32Array).slice() : argument,
      );
      this.waiting.push(() => this.call(name, held));
    } else if (this.cpu !== null) this.cpu.call(name, given);
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

  private async read(results: Results): Promise<Float64Array> {
    const block = results as unknown as GpuBlock;
    await this.ready();
    if (this.cpu !== null) return (await this.cpu.call('read', [results])) as Float64Array;
    return this.answered(async () => {
      const bytes = await this.device.download(block, 0, block.length * WIDTH.doubles);
      const out = new Float64Array(block.length);
      decode(bytes, 'doubles', out);
      return out;
    });
  }

  private async copyOut(view: View, out?: Numbers): Promise<Numbers> {
    await this.ready();
    if (this.cpu !== null)
      return (await this.cpu.call('copyOut', [view, ...(out === undefined ? [] : [out])])) as Numbers;
    return this.answered(async () => {
      const { kind } = view.data as GpuBlock;
      const [rows, columns] = extent(view);
      const length = rows * columns;
      const into = out ?? newArray(length, kind);
      const [flat] = flattened(view);
      let { data, offset } = flat;
      const row = flat.shape.length < 2 || flat.shape[0] === 1;
      if (length > 1 && !(row && flat.stride[flat.stride.length - 1] === 1)) {
        data = this.scratch('copied out', kind, length);
        const dense = vectorOf(data as GpuBlock, length);
        this.methods.copy(
          { ...dense, shape: [rows, columns], stride: [columns, 1] },
          {
            ...view,
            shape: [rows, columns],
            stride: view.stride.length === 2 ? view.stride : [0, view.stride[0] ?? 0],
          },
        );
        offset = 0;
      }
      const bytes = await this.device.download(data as GpuBlock, offset * WIDTH[kind], length * WIDTH[kind]);
      decode(bytes, kind, into);
      return into;
    });
  }

  /** Waits for a device where one was lost. @throws EngineError where something went with it that nobody was told of. */
  private async ready(): Promise<void> {
    while (this.recovering !== null) await this.recovering;
    const { loss } = this;
    this.loss = null;
    if (loss !== null) throw new EngineError(loss);
  }

  private async answered<T>(ask: () => Promise<T>): Promise<T> {
    const { device } = this;
    try {
      const answer = await ask();
      await device.settle();
      this.keeping.touched(device);
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
    this.recovering = this.another().then(() => {
      for (const [block, bytes] of this.keeping.copies()) {
        if (this.cpu !== null) this.cpu.restore(block, bytes);
        else this.device.upload(block, 0, new Uint8Array(bytes));
      }
      this.keeping.restored();
      this.recovering = null;
      this.note = `the GPU was lost (${why}): ${this.cpu === null ? 'a new device runs' : 'the processor runs'}`;
      for (const call of this.waiting.splice(0)) call();
    });
    return this.recovering;
  }

  private async another(): Promise<void> {
    for (const wait of PATIENCE) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      try {
        this.device = await findDevice(this.options.open ?? openDevice);
        this.device.onLost.add(this.lose);
        return;
      } catch {
        // none yet
      }
    }
    this.cpu = new CpuSide(await this.options.fallback());
  }

  private dispose(): void {
    this.keeping.dispose();
    this.device.onLost.delete(this.lose);
    for (const scratch of this.scratches.values()) this.device.release(scratch);
    this.scratches.clear();
    this.cpu?.dispose();
  }
}

function newArray(length: number, kind: Kind): Numbers {
  if (kind === 'indices') return new Uint32Array(length) as unknown as Numbers;
  return zeros(length, kind === 'numbers' ? 'float32' : 'float64');
}
