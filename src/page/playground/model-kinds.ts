import type { AutoencoderConfig, FullConfig } from '../../model/config.ts';
import type { ControlName } from './controls.ts';

export type ModelName = 'kl' | 'l1' | 'k-sparse' | 'top-k' | 'denoising' | 'contractive' | 'deep';

/** Values of all sliders; a model uses its own. */
export type Values = Readonly<Record<ControlName, number>>;

/** A model of the family, as the page offers it. */
export interface ModelKind {
  readonly title: string;
  readonly says: string;
  /** Its page of the derivation. */
  readonly page: string;
  readonly controls: readonly ControlName[];
  /** Values that it begins with, on data whose columns deviate by about 1. */
  readonly start: Partial<Values>;
  /** Whether patches of images are whitened for it. */
  readonly whitens: boolean;
  config(values: Values): Omit<AutoencoderConfig, 'inputs'>;
  /** The values that make this config, where a model of this kind has it; null where it cannot be one. */
  read(config: FullConfig): Partial<Values> | null;
}

const output = 'linear';
type Sparsity = Readonly<Record<string, unknown>> & { readonly kind: string };
const sparsityOf = ({ sparsity }: FullConfig) => sparsity as unknown as Sparsity | null;
const common = ({ hidden, weightDecay }: FullConfig) => ({ units: hidden[0], lambda: weightDecay });
export const modelKinds: Readonly<Record<ModelName, ModelKind>> = {
  kl: {
    title: 'KL-sparse',
    says: 'Every unit is held to the average activation ρ.',
    page: 'kl-sparsity',
    controls: ['units', 'rho', 'beta', 'lambda', 'rate'],
    start: { rho: 0.05, beta: 3, lambda: 0.01, rate: 0.01 },
    whitens: true,
    config: ({ units, rho, beta, lambda }) => ({
      hidden: units,
      output,
      weightDecay: lambda,
      sparsity: { kind: 'kl', target: rho, weight: beta },
    }),
    read(config) {
      const { kind, target, weight } = sparsityOf(config) ?? { kind: '' };
      return kind === 'kl' && config.hidden.length === 1
        ? { ...common(config), rho: Number(target), beta: Number(weight) }
        : null;
    },
  },
  l1: {
    title: 'L1-sparse',
    says: 'Every activation costs γ times its size, so most become exactly 0.',
    page: 'l1-sparsity',
    controls: ['units', 'gamma', 'lambda', 'rate'],
    start: { gamma: 0.5, lambda: 0.001, rate: 0.003 },
    whitens: true,
    config: ({ units, gamma, lambda }) => ({
      hidden: units,
      activation: 'relu',
      output,
      unitNorm: true,
      weightDecay: lambda,
      sparsity: { kind: 'l1', weight: gamma },
    }),
    read(config) {
      const { kind, weight } = sparsityOf(config) ?? { kind: '' };
      return kind === 'l1' && config.hidden.length === 1 ? { ...common(config), gamma: Number(weight) } : null;
    },
  },
  'k-sparse': {
    title: 'k-sparse',
    says: 'The k largest units of an example survive; only they learn from it.',
    page: 'k-sparse',
    controls: ['units', 'k', 'lambda', 'rate'],
    start: { k: 5, lambda: 0.001, rate: 0.003 },
    whitens: true,
    config: ({ units, k, lambda }) => ({
      hidden: units,
      activation: 'linear',
      output,
      tied: true,
      weightDecay: lambda,
      sparsity: { kind: 'k-sparse', k: Math.min(k, units), annealOver: 0 },
    }),
    read(config) {
      const { kind, k } = sparsityOf(config) ?? { kind: '' };
      return kind === 'k-sparse' && config.hidden.length === 1 ? { ...common(config), k: Number(k) } : null;
    },
  },
  'top-k': {
    title: 'TopK',
    says: 'As k-sparse, with ReLU, a decoder of norm 1, and an auxiliary term that wakes dead units.',
    page: 'top-k',
    controls: ['units', 'k', 'rate'],
    start: { k: 5, rate: 0.01 },
    whitens: true,
    config: ({ units, k }) => ({
      hidden: units,
      activation: 'relu',
      output,
      center: true,
      unitNorm: true,
      sparsity: { kind: 'top-k', k: Math.min(k, units) },
      auxiliary: { kind: 'aux-k', k: Math.min(16, units), weight: 1 / 32, deadAfter: 10_000 },
    }),
    read(config) {
      const { kind, k } = sparsityOf(config) ?? { kind: '' };
      return kind === 'top-k' && config.hidden.length === 1 ? { units: config.hidden[0], k: Number(k) } : null;
    },
  },
  denoising: {
    title: 'denoising',
    says: 'A share ν of every input is masked; the model must restore it.',
    page: 'denoising',
    controls: ['units', 'nu', 'lambda', 'rate'],
    start: { nu: 0.5, lambda: 0.0001, rate: 0.003 },
    whitens: false,
    config: ({ units, nu, lambda }) => ({
      hidden: units,
      output,
      tied: true,
      weightDecay: lambda,
      corruption: { kind: 'masking', fraction: nu },
    }),
    read(config) {
      const { corruption } = config;
      if (corruption?.kind !== 'masking' || config.hidden.length > 1 || config.sparsity !== null) return null;
      return { ...common(config), nu: corruption.fraction };
    },
  },
  contractive: {
    title: 'contractive',
    says: 'Codes may change little as inputs change: ‖∂a/∂x‖² costs κ.',
    page: 'contraction',
    controls: ['units', 'kappa', 'lambda', 'rate'],
    start: { kappa: 0.5, lambda: 0.0001, rate: 0.003 },
    whitens: true,
    config: ({ units, kappa, lambda }) => ({
      hidden: units,
      output,
      tied: true,
      weightDecay: lambda,
      contraction: kappa,
    }),
    read(config) {
      const kappa = config.contraction.weight;
      return config.hidden.length === 1 && config.sparsity === null ? { ...common(config), kappa } : null;
    },
  },
  deep: {
    title: 'deep',
    says: 'Two layers down to a small code, and two back.',
    page: 'deep',
    controls: ['units', 'code', 'lambda', 'rate'],
    start: { code: 12, lambda: 0.001, rate: 0.003 },
    whitens: true,
    config: ({ units, code, lambda }) => ({
      hidden: [units, code],
      activation: 'tanh',
      output,
      weightDecay: lambda,
    }),
    read(config) {
      const { hidden, sparsity } = config;
      return hidden.length === 2 && sparsity === null ? { ...common(config), code: hidden[1] } : null;
    },
  },
};

export const modelNames = Object.keys(modelKinds) as readonly ModelName[];
