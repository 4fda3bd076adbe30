import { type Matrix, matrix, type Numbers, type Vector, vector } from '../array/matrix.ts';
import type { FullConfig } from './config.ts';

/** One named tensor of the flat parameter vector θ. */
export interface Parameter {
  readonly name: string;
  /** (units, inputs) of the layer for a weight: a feature is a contiguous row; (n) for a bias. */
  readonly shape: readonly number[];
  /** Where it starts in θ. */
  readonly offset: number;
  readonly length: number;
}

/** Where every parameter sits in θ. Gradient, optimizer state and files share it. */
export interface Layout {
  readonly parameters: readonly Parameter[];
  readonly length: number;
}

/**
 * The layout of a config, encoder first. With hidden sizes h₀ … h_{n−1} and h₋₁ = d, encoder i has weight Wᵢ (hᵢ, hᵢ₋₁)
 * and bias (hᵢ); decoder i, its mirror, has weight Dᵢ (hᵢ, hᵢ₋₁) and bias (hᵢ₋₁). Tied: no decoder weights.
 * Names: encoder.weight, … for one hidden layer; encoder.0.weight, … for several.
 */
export function createLayout(config: Pick<FullConfig, 'inputs' | 'hidden' | 'tied'>): Layout {
  const { inputs, hidden, tied } = config;
  const parameters: Parameter[] = [];
  let offset = 0;
  const add = (name: string, ...shape: number[]) => {
    const length = shape.reduce((product, n) => product * n, 1);
    parameters.push({ name, shape, offset, length });
    offset += length;
  };
  for (const side of ['encoder', 'decoder'] as const) {
    hidden.forEach((units, i) => {
      const below = i === 0 ? inputs : hidden[i - 1];
      if (side === 'encoder' || !tied) add(parameterName(side, i, 'weight', hidden.length), units, below);
      add(parameterName(side, i, 'bias', hidden.length), side === 'encoder' ? units : below);
    });
  }
  return { parameters, length: offset };
}

/** encoder.weight for a single hidden layer, encoder.2.weight in a deep model. */
export function parameterName(side: 'encoder' | 'decoder', i: number, what: 'weight' | 'bias', layers: number): string {
  return layers === 1 ? `${side}.${what}` : `${side}.${i}.${what}`;
}

/** Every parameter of a flat vector as an ndarray view, by name. */
export function namedViews<D extends Numbers>(layout: Layout, flat: D): Record<string, Matrix<D> | Vector<D>> {
  return Object.fromEntries(
    layout.parameters.map(({ name, shape, offset, length }) => [
      name,
      shape.length === 2 ? matrix(flat, shape[0], shape[1], offset) : vector(flat, length, offset),
    ]),
  );
}
