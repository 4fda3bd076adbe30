import { type Matrix, matrix } from '../../src/array/matrix.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { autoencoderSpec } from '../../src/model/autoencoder-spec.ts';
import { parseConfig } from '../../src/model/config.ts';
import { Engine, evaluate, firstRows } from '../../src/model/engine.ts';
import { type Group, shareOf } from '../../src/model/group.ts';
import { Loader } from '../../src/model/load.ts';
import { createLayout } from '../../src/model/parameters.ts';
import type { NetworkSpec } from '../../src/model/spec.ts';
import { gradientCases, INPUTS } from '../../src/proof/gradient-cases.ts';
import { dictionaries } from './dictionaries.ts';
import { uniforms } from './views.ts';

/** A network of today's kinds, by what it is called. */
export interface DictionaryCase {
  readonly name: string;
  readonly spec: NetworkSpec;
}

const KINDS = ['top-k', 'batch-top-k', 'jump-relu', 'gated', 'prefixes'];

/** Every row of the gradient suite that has something of today's dictionaries, and the estimators, which it lacks. */
export function* dictionaryCases(): Generator<DictionaryCase> {
  for (const { spec, objective, output, hidden } of gradientCases()) {
    const isOne = spec.layers.some(
      ({ choice, center, skip }) => center !== null || skip !== null || KINDS.includes(choice.spec.kind),
    );
    if (isOne) yield { name: `${objective}, ${hidden}, ${output}`, spec };
  }
  for (const [name, config] of Object.entries(dictionaries)) {
    const { sparsity } = config;
    if (sparsity === null || sparsity === undefined || !('kind' in sparsity) || sparsity.kind !== 'jump-relu') continue;
    for (const more of [{}, { prefixes: [4, 21] }, { unitNorm: true, center: true }, { targets: 3, center: false }]) {
      const full = parseConfig({ inputs: INPUTS, hidden: 21, precision: 'float64', ...config, ...more });
      yield { name: `${name} ${JSON.stringify(more)}`, spec: autoencoderSpec(full) };
    }
  }
}

/** What an evaluation gives, all as numbers. */
export interface Evaluated {
  readonly cost: number;
  readonly terms: Readonly<Record<string, number>>;
  readonly gradientNorm: number;
  readonly gradient: Float64Array;
  /** Codes of the rows at hand. */
  readonly codes: Float64Array;
  /** After the step, by name. */
  readonly state: Readonly<Record<string, { readonly data: ArrayLike<number> }>>;
}

/** Cost, gradient, codes and the state after of one rank, at a random point that follows from the spec alone. */
export async function evaluateCase(
  { spec }: DictionaryCase,
  kernels: Kernels,
  x: Matrix,
  group?: Group,
): Promise<Evaluated> {
  const [m] = x.shape;
  const { length } = createLayout(spec.parameters);
  const engine = new Engine(kernels, spec, uniforms(length, 3, -0.7, 0.7));
  const network = engine.createNetwork();
  const rows = firstRows(m);
  const own = group === undefined ? rows : shareOf(rows, group);
  const { bias } = spec.layers[spec.layers.length - 1];
  const [width] = spec.parameters.find(({ name }) => name === bias)?.shape ?? [];
  const target = spec.targets === 'apart' ? matrix(uniforms(m * width, 5), m, width) : undefined;
  const pass = new Loader(network).load(x, own, 0, target, own, m);
  const { cost, terms, gradientNorm } = await evaluate(network, pass, { group });
  const gradient = Float64Array.from(await kernels.copyOut(network.gradient));
  const codes = Float64Array.from(await kernels.copyOut(pass.layers[spec.code].code.a));
  network.advance();
  return { cost, terms, gradientNorm, gradient, codes, state: await engine.state.read() };
}
