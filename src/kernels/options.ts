/** How kernels are to run; no part of a model's config, for it changes no result but in rounding. */
export interface KernelOptions {
  /** Threads that share the work, this one included; 'auto', the default, is one a processor. */
  readonly threads?: number | 'auto' | undefined;
  /** True: the same bits on every machine and in every engine, at the price of fused multiply-add. Default false. */
  readonly deterministic?: boolean | undefined;
  /**
   * True: float64 in WebAssembly SIMD and on threads, several times as fast as the reference kernels, to other last digits;
   * `deterministic` keeps to plain SIMD there too. float32 is not changed by it. Default false.
   */
  readonly fastFloat64?: boolean | undefined;
  /**
   * 'cpu', the default; 'webgpu', the GPU, in float32; 'auto' times a step on both and keeps the faster, or the processor where there is
   * no GPU, or the model cannot run there. Results differ in rounding, and on GPUs from one to the other: not with `deterministic`.
   */
  readonly kernels?: KernelKind | 'auto' | undefined;
  /** Examples of the step that `auto` times: those of the batches to come. Default 256. */
  readonly batchSize?: number | undefined;
  /** What `auto` had chosen before, of `model.runtime.chosen`: kept, and nothing is timed. */
  readonly chosen?: KernelChoice | null | undefined;
}

/** Where kernels run: on the processor, or on a GPU. */
export type KernelKind = 'cpu' | 'webgpu';

/** What `auto` found. */
export interface KernelChoice {
  /** Who chose. */
  readonly by: 'auto';
  /** What was chosen. */
  readonly kernels: KernelKind;
  /** Milliseconds of a step on the processor: the median of a few. Absent, as the next two, where the GPU was not tried. */
  readonly cpu?: number | undefined;
  /** The same on the GPU. */
  readonly gpu?: number | undefined;
  /** Examples of that step. */
  readonly batchSize?: number | undefined;
}
