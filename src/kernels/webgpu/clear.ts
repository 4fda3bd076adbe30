import type { View } from '../../array/matrix.ts';
import type { Kind } from './block.ts';
import { program, type Stage, vectorOf } from './call.ts';
import { each } from './elementwise.ts';

const clear = program({
  name: 'clear',
  views: { out: 'write' },
  numbers: {},
  code: 'fn each(i: u32, j: u32) { set_out(i, j, 0.0); }',
});

/** Room for so many numbers, all 0. */
export function zeroed(stage: Stage, name: string, kind: Kind, length: number): View {
  const out = vectorOf(stage.scratch(name, kind, length), length);
  each(stage, clear, out, { out }, {});
  return out;
}
