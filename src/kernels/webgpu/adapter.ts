import { EngineError } from '../../errors.ts';
import type { Adapter } from '../kernels.ts';
import { loadPackage } from './load-package.ts';

/** A device with what is known of its adapter. */
export interface OpenDevice {
  readonly device: GPUDevice;
  readonly info: Adapter;
  /** Multiply-adds of one call at most, before a driver may end it. Default 5·10¹⁰. */
  readonly longestWork?: number | undefined;
  /** Multiply-adds of a product up to which every lane makes an element, without tiles. Default 2²¹. */
  readonly smallWork?: number | undefined;
}

/** Why there is no WebGPU here, in the words of whoever must bring it. */
const REMEDY =
  'in a page it takes a browser with WebGPU, and https or localhost; in Node the package webgpu (npm install webgpu) and a driver of Vulkan, Metal or Direct3D 12';

/**
 * The fastest adapter's device, with the limits that the adapter allows.
 * @throws EngineError where there is no WebGPU, no adapter, or no device.
 */
export async function openDevice(): Promise<OpenDevice> {
  const gpu = await findGpu();
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new EngineError(`WebGPU finds no adapter: no GPU that a driver speaks for; ${REMEDY}`);
  const { limits } = adapter;
  const asked = adapter.requestDevice({
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    },
  });
  const device = await asked.catch((error: Error) => {
    throw new EngineError(`WebGPU finds an adapter, and its driver gives no device (${error.message.split('\n')[0]})`);
  });
  const { vendor = '', architecture = '', description = '', device: name = '' } = adapter.info ?? {};
  return {
    device,
    info: {
      vendor,
      architecture,
      description: description || name,
      limits: { largestBuffer: limits.maxBufferSize, largestBinding: limits.maxStorageBufferBindingSize },
    },
  };
}

/** navigator.gpu of a page, a worker or Deno; else Dawn, from the package `webgpu`. */
async function findGpu(): Promise<GPU> {
  const own = (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu;
  if (own !== undefined) return own;
  const node = (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node;
  if (node === undefined) throw new EngineError(`there is no WebGPU here: ${REMEDY}`);
  dawn ??= loadDawn();
  return dawn;
}

/** Dawn's one instance in this process: a second one would find the same adapters. */
let dawn: Promise<GPU> | null = null;

async function loadDawn(): Promise<GPU> {
  try {
    const { create } = await loadPackage<{ create(options: string[]): GPU }>('webgpu');
    return create([]);
  } catch (error) {
    dawn = null; // it may be installed by then
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new EngineError(`there is no WebGPU here: the package webgpu cannot be loaded (${why}); ${REMEDY}`);
  }
}
