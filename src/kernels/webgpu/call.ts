import type { View } from '../../array/matrix.ts';

export { extent } from './pieces.ts';

import type { GpuBlock, Kind } from './block.ts';
import type { Device } from './device.ts';
import { type Binds, bindViews, LANES, type Program } from './program.ts';

/** What of a call is no view. */
export interface CallOptions extends Omit<Binds, 'largest'> {
  /** Multiply-adds, where they are many. */
  readonly work?: number | undefined;
}

type Views<P extends Program> = { readonly [name in keyof P['views']]: View | null };
type Scalars<P extends Program> = { readonly [name in keyof P['numbers']]: number };

/** What kernels run on: the device as it is now, and room for what one call leaves to the next. */
export interface Stage {
  readonly device: Device;
  /** Room of a name, at least so long, its content void. */
  scratch(name: string, kind: Kind, length: number): GpuBlock;
}

/** Keeps the types of a program's names. */
export function program<const P extends Program>(given: P): P {
  return given;
}

/** Calls `run(group, lane)` of a program for so many groups of 256 lanes. */
export function call<P extends Program>(
  { device }: Stage,
  kernel: P,
  views: Views<P>,
  numbers: Scalars<P>,
  groups: number,
  { work = 0, ...binds }: CallOptions = {},
): void {
  const bound = bindViews(kernel, views as Readonly<Record<string, View | null>>, {
    ...binds,
    largest: device.info.limits.largestBinding,
  });
  const names = Object.keys(kernel.views);
  device.dispatch(
    kernel,
    bound,
    groups,
    (parameters, ranges) => {
      parameters.setUint32(0, groups, true);
      let at = 4;
      for (const [v, name] of names.entries()) {
        const view = views[name];
        if (view !== null) {
          const { stride, offset } = view;
          parameters.setInt32(at, offset - ranges[bound.of[v]], true);
          parameters.setInt32(at + 4, stride.length === 2 ? stride[0] : 0, true);
          parameters.setInt32(at + 8, stride.length === 0 ? 0 : stride[stride.length - 1], true);
        }
        at += 12;
      }
      for (const [name, type] of Object.entries(kernel.numbers)) {
        const value = (numbers as Readonly<Record<string, number>>)[name];
        if (type === 'f32') parameters.setFloat32(at, value, true);
        else parameters.setUint32(at, value, true);
        at += 4;
      }
    },
    work,
  );
}

/** Element n of a vector, as a view of one number. */
export function element(view: View, n: number): View {
  return { data: view.data, shape: [1], stride: [1], offset: view.offset + n * (view.stride[0] ?? 0) };
}

/** So many groups that `each` lanes have an element. */
export function groupsOf(elements: number, each = LANES): number {
  return Math.ceil(elements / each);
}

/** A whole block as a vector. */
export function vectorOf(block: GpuBlock, length = block.length): View {
  return { data: block, shape: [length], stride: [1], offset: 0 };
}
