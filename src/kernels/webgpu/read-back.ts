import { type Numbers, type View, zeros } from '../../array/matrix.ts';
import { EngineError } from '../../errors.ts';
import type { Kernels } from '../kernels.ts';
import { decode, type GpuBlock, type Kind, WIDTH } from './block.ts';
import { extent, type Stage, vectorOf } from './call.ts';
import type { Device } from './device.ts';
import { GONE } from './device-errors.ts';
import { flattened } from './elementwise.ts';

/** Every slot of results, as the calls recorded so far leave it. */
export async function readSlots({ device }: Stage, block: GpuBlock): Promise<Float64Array> {
  assertThere(device, block);
  const bytes = await device.download(block, 0, block.length * WIDTH.doubles);
  const out = new Float64Array(block.length);
  decode(bytes, 'doubles', out);
  return out;
}

/** A view's numbers row by row, as the calls recorded so far leave them. */
export async function readView(stage: Stage, copy: Kernels['copy'], view: View, out?: Numbers): Promise<Numbers> {
  const block = view.data as GpuBlock;
  const { kind } = block;
  assertThere(stage.device, block);
  const [rows, columns] = extent(view);
  const length = rows * columns;
  const into = out ?? newArray(length, kind);
  const [flat] = flattened(view);
  let from = block;
  let { offset } = flat;
  const row = flat.shape.length < 2 || flat.shape[0] === 1;
  if (length > 1 && !(row && flat.stride[flat.stride.length - 1] === 1)) {
    from = stage.scratch('copied out', kind, length);
    const dense = { ...vectorOf(from, length), shape: [rows, columns], stride: [columns, 1] };
    const stride = view.stride.length === 2 ? view.stride : [0, view.stride[0] ?? 0];
    copy(dense, { ...view, shape: [rows, columns], stride });
    offset = 0;
  }
  const bytes = await stage.device.download(from, offset * WIDTH[kind], length * WIDTH[kind]);
  decode(bytes, kind, into);
  return into;
}

/** @throws EngineError where a block's numbers went with a device. */
function assertThere(device: Device, block: GpuBlock): void {
  if (device.hasLost(block)) throw new EngineError(GONE);
}

function newArray(length: number, kind: Kind): Numbers {
  if (kind === 'indices') return new Uint32Array(length) as unknown as Numbers;
  return zeros(length, kind === 'numbers' ? 'float32' : 'float64');
}
