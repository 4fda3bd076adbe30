/** The value of every term of J by name, each already weighted; their sum is the cost. */
export type Terms = Readonly<Record<string, number>>;

/** Of what is trained, whatever its loss; terms of a caller's own stand beside these. */
interface TrainedTerms extends Terms {
  /** (λ/2) Σ W². */
  readonly weightDecay: number;
  /** γ Σ |W|. */
  readonly weightL1: number;
  /** What penalties on activations ask for, all of them together. */
  readonly sparsity: number;
  /** (κ/m) Σₖ ‖∂a/∂x‖². */
  readonly contraction: number;
}

/** Of an autoencoder. */
export interface AutoencoderTerms extends TrainedTerms {
  /** (1/m) Σₖ L(xₖ, x̂ₖ). */
  readonly reconstruction: number;
}

/** Of an autoencoder with an auxiliary loss. */
export interface AuxiliaryTerms extends AutoencoderTerms {
  /** α · the auxiliary loss. */
  readonly auxiliary: number;
}

/** Of a classifier. */
export interface ClassifierTerms extends TrainedTerms {
  /** −(1/m) Σₖ log p(yₖ | xₖ). */
  readonly classification: number;
}

/** Of what a config makes. */
export type TermsOf<C> = C extends Readonly<Record<'auxiliary', object>> ? AuxiliaryTerms : AutoencoderTerms;
