/** How a mean activation maps to a firing rate in (0, 1): scale·ρ̂ + shift. */
export interface Rate {
  /** 1 for sigmoid, ½ for tanh. */
  readonly scale: number;
  /** 0 for sigmoid, ½ for tanh. */
  readonly shift: number;
}

/**
 * An activation function f, elementwise; f′ and f″ are functions of the output a = f(z) alone. Kernels loop over them; for
 * those of the table the SIMD kernels have vectors of their own, for others the plain loops serve.
 */
export interface Activation {
  /** What a config calls it. */
  readonly name: string;
  /** f(z). */
  of(z: number): number;
  /** f′ from a = f(z). Where f has a kink, the limit from the left. */
  first(a: number): number;
  /** f″ from a = f(z). */
  second(a: number): number;
  /**
   * How a mean activation maps to a firing rate in (0, 1), scale·ρ̂ + shift, for KL(ρ‖·); null where the values are
   * unbounded and no such rate exists.
   */
  readonly rate: Rate | null;
  /** What f reaches, ends included: [0, 1] of sigmoid. Default: every number. */
  readonly range?: readonly [number, number] | undefined;
  /** f′ jumps at z = 0, where central differences tell nothing. */
  readonly kink: boolean;
}
