import type { View } from '../../array/matrix.ts';
import { call, groupsOf, type Stage } from './call.ts';
import { PIECE, piecesOfCall, visiting } from './pieces.ts';
import type { Program } from './program.ts';

/** Elements of one lane. */
const EACH = 4;

/** A kernel whose code is `fn each(i: u32, j: u32)`, for every element of its first view. */
export interface Elementwise extends Program {
  /** Numbers of the kernel itself; those of its extent are added. */
  readonly numbers: Readonly<Record<string, 'u32' | 'f32'>>;
}

const whole = new WeakMap<Elementwise, Program>();

/**
 * Runs it over (rows, columns) of `shape`. Lanes that are neighbours take neighbours in memory, be the view transposed or
 * not; where all views have their elements one after another there is one long row.
 */
export function each<E extends Elementwise>(
  stage: Stage,
  kernel: E,
  shape: View,
  views: { readonly [name in keyof E['views']]: View | null },
  numbers: { readonly [name in keyof E['numbers']]: number },
): void {
  let program: Program | undefined = whole.get(kernel);
  if (program === undefined) {
    const { code, views: used, name } = kernel;
    program = {
      name,
      views: used,
      numbers: { ...PIECE, ...kernel.numbers },
      code: `${code}
fn run(group: u32, lane: u32) {
  for (var n = 0u; n < ${EACH}u; n++) {
    let e = (group * ${EACH}u + n) * 256u + lane;
    if (e >= p.piece_rows * p.piece_columns) { return; }
    ${visiting((i, j) => `each(${i}, ${j});`)}
  }
}`,
    };
    whole.set(kernel, program);
  }
  for (const part of piecesOfCall(shape, views, stage.device.info.limits.largestBinding)) {
    const all = { ...part.numbers, ...numbers };
    const groups = groupsOf(part.elements, 256 * EACH);
    call<Program>(stage, program, views, all, groups, { touched: part.touched });
  }
}

/**
 * Views of one shape as rows of one long row, where the elements of each lie one after another: for kernels that do not ask
 * where an element is.
 */
export function flattened<V extends View | null>(...views: V[]): V[] {
  const flat = views.every((view) => view === null || isFlat(view));
  if (!flat) return views;
  return views.map((view) => {
    if (view === null || view.shape.length !== 2) return view;
    const length = view.shape[0] * view.shape[1];
    return { ...view, shape: [1, length], stride: [length, 1] };
  });
}

function isFlat({ shape, stride }: View): boolean {
  if (shape.length === 0) return true;
  if (shape.length === 1) return stride[0] === 1;
  return stride[1] === 1 && (stride[0] === shape[1] || shape[0] === 1);
}
