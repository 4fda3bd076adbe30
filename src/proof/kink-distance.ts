import { forward } from '../model/cost.ts';
import type { Engine } from '../model/engine.ts';
import type { Pass } from '../model/network.ts';

/**
 * The least distance to a point without a derivative: |z| of units whose f has a kink at 0, |w| under weight L1, and what
 * kinds of layers and terms say of theirs. The pass is that of a network that keeps z.
 */
export async function kinkDistance(engine: Engine, pass: Pass, theta: Float64Array): Promise<number> {
  const { kernels: k, spec, layout } = engine;
  let least = Number.POSITIVE_INFINITY;
  const see = (distance: number) => {
    least = Math.min(least, distance);
  };
  for (const { weight } of spec.shrinkage.filter(({ l1 }) => l1 > 0)) {
    const parameter = layout.parameters.find(({ name }) => name === weight);
    if (parameter === undefined) continue;
    for (const w of theta.subarray(parameter.offset, parameter.offset + parameter.length)) see(Math.abs(w));
  }
  await forward(pass);
  for (const [l, { code }] of pass.layers.entries()) {
    const { terms, f, choice } = spec.layers[l];
    const z = Float64Array.from(await k.copyOut(code.z));
    if (f.kink) for (const value of z) see(Math.abs(value));
    see(choice.kind.kinkDistance?.(choice.spec, z.map(f.of), code.a.shape[1]) ?? Number.POSITIVE_INFINITY);
    const a = Float64Array.from(await k.copyOut(code.a));
    for (const { kind } of terms) see(kind.kinkDistance?.(a) ?? Number.POSITIVE_INFINITY);
  }
  return least;
}
