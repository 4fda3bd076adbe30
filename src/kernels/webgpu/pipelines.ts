import { EngineError } from '../../errors.ts';
import type { Owner } from './block.ts';
import { type Bound, type Program, variantKey, wgslOf } from './program.ts';

/** A compiled variant of a kernel. */
export interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** Tells bind groups of different layouts apart. */
  readonly key: string;
}

const COMPUTE = 4; // GPUShaderStage.COMPUTE

/** Kernels of a device, each compiled once for every way in which its operands lie. */
export class Pipelines {
  private readonly device: GPUDevice;
  private readonly layouts = new Map<string, GPUBindGroupLayout>();
  private readonly compiled = new Map<string, Compiled>();
  private readonly report: (failed: Promise<Error | null>, owner: Owner) => void;

  /** `report` hears of every compilation, as errors of WebGPU come later. */
  constructor(device: GPUDevice, report: (failed: Promise<Error | null>, owner: Owner) => void) {
    this.device = device;
    this.report = report;
  }

  /** How many there are. */
  get size(): number {
    return this.compiled.size;
  }

  of(program: Program, bound: Bound): Compiled {
    const key = variantKey(program, bound);
    const known = this.compiled.get(key);
    if (known !== undefined) return known;
    const kinds = bound.bindings.map(({ writes }) => (writes ? 'w' : 'r')).join('');
    const layout = this.layoutOf(kinds);
    const { device } = this;
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ label: program.name, code: wgslOf(program, bound) });
    const pipeline = device.createComputePipeline({
      label: program.name,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    });
    const failed = device.popErrorScope().then((error) => {
      if (error === null) return null;
      this.compiled.delete(key); // who asks again is told again
      return compilationError(program, module, error);
    });
    this.report(failed, bound.bindings[0].block.owner);
    const made = { pipeline, layout, key: kinds };
    this.compiled.set(key, made);
    return made;
  }

  /** Binding 0 holds the parameters of a call, the others its buffers. */
  private layoutOf(kinds: string): GPUBindGroupLayout {
    const known = this.layouts.get(kinds);
    if (known !== undefined) return known;
    const layout = this.device.createBindGroupLayout({
      entries: [
        { binding: 0, visibility: COMPUTE, buffer: { type: 'uniform', hasDynamicOffset: true } },
        ...[...kinds].map((kind, n) => ({
          binding: n + 1,
          visibility: COMPUTE,
          buffer: { type: (kind === 'w' ? 'storage' : 'read-only-storage') as GPUBufferBindingType },
        })),
      ],
    });
    this.layouts.set(kinds, layout);
    return layout;
  }
}

/** What the compiler says, under the kernel's name. */
async function compilationError({ name }: Program, module: GPUShaderModule, error: GPUError): Promise<EngineError> {
  const { messages } = await module.getCompilationInfo();
  const first = messages.find(({ type }) => type === 'error');
  const where = first === undefined ? error.message.split('\n')[0] : `line ${first.lineNum}: ${first.message}`;
  return new EngineError(`the GPU's driver does not take the kernel ${name}: ${where}; kernels: 'cpu' runs without it`);
}
