import { type Matrix, matrix, matrixView, type Numbers, transposed, type View } from '../array/matrix.ts';
import { linear } from '../kernels/activations/linear.ts';
import type { CpuKernels, Kernels } from '../kernels/kernels.ts';
import type { Layout } from '../model/parameters.ts';
import type { NetworkSpec } from '../model/spec.ts';

/** Where a bug is planted. */
export interface BugPlace {
  /** Examples of an evaluation. */
  readonly m: number;
  /** Of θ and of its gradient, which share it. */
  readonly layout: Layout;
}

/** A mistake that people make by hand, planted in the kernels under the real cost.ts: a gradient check must catch it. */
export interface PlantedBug {
  readonly name: string;
  /** Whether a network has what the mistake is made in. */
  fits(spec: NetworkSpec): boolean;
  plant(k: CpuKernels, place: BugPlace): Kernels;
}

/** Whether it has a term of this kind, of a weight that is not 0. */
const hasTerm = (kind: string) => (spec: NetworkSpec) =>
  spec.layers.some(({ terms }) =>
    terms.some((term) => term.spec.kind === kind && (term.spec as { weight?: number }).weight !== 0),
  );
const shrinks = ({ shrinkage }: NetworkSpec) => shrinkage.some(({ l2 }) => l2 > 0);
const hidden = ({ layers, code }: NetworkSpec) => layers.slice(0, code + 1);
const isDense = (spec: NetworkSpec) => hidden(spec).every(({ choice }) => choice.spec.kind === 'elementwise');
const isTied = ({ layers }: NetworkSpec) => layers.length === 2 && layers[0].weight === layers[1].weight;

const zerosLike = ({ shape: [m, n] }: View) => matrix(new Float64Array(m * n), m, n);

/** A view's place within θ or its gradient is that of a bias. */
function isBias({ parameters, length }: Layout, { data, offset, shape }: View): boolean {
  const found = data.length === length && parameters.find((parameter) => parameter.offset === offset);
  return found !== undefined && found !== false && found.shape.length === 1 && found.length === shape[0];
}

/** δ passes to every unit: ∇W and ∇b of the encoder from the dense Δ₃Dᵀ, as if nothing had been dropped. */
function unmasked(k: CpuKernels): Kernels {
  const fulls = new Map<View, Matrix>(); // of each δ of survivors
  return {
    ...k,
    sparseDots(out, dense, indices, rows, lengths) {
      k.sparseDots(out, dense, indices, rows, lengths);
      const full = matrix(new Float64Array(out.shape[0] * rows.shape[0]), out.shape[0], rows.shape[0]);
      k.gemm(full, dense, transposed(rows), 1, 0);
      fulls.set(out, full);
    },
    addSparseOuter(out, alpha, values, indices, dense, lengths) {
      const full = fulls.get(values);
      if (full !== undefined) k.gemm(out, transposed(full), dense, alpha, 1);
      else k.addSparseOuter(out, alpha, values, indices, dense, lengths);
    },
    addSparseSums(out, alpha, values, indices, lengths) {
      const full = fulls.get(values);
      if (full !== undefined) k.addColumnSums(out, full, alpha);
      else k.addSparseSums(out, alpha, values, indices, lengths);
    },
  };
}

/** Of tied weights one gradient is left out: backward goes through the decoder first, then through the encoder. */
function withoutTied(k: CpuKernels, first: boolean): Kernels {
  let calls = 0;
  return {
    ...k,
    gemm(out, a, b, alpha, beta) {
      const isGradient = beta === 1 && alpha !== 1;
      if (!isGradient || (calls++ % 2 === 0) !== first) k.gemm(out, a, b, alpha, beta);
    },
  };
}

/** Every bug, in the order in which a backward pass comes to its place. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'KL term missing',
    fits: hasTerm('kl'),
    plant: (k) => ({ ...k, delta: (out, up, _push, a, f) => k.delta(out, up, null, a, f) }),
  },
  {
    name: 'KL term outside f′',
    fits: hasTerm('kl'),
    plant: (k) => ({
      ...k,
      delta(out, up, push, a, f) {
        k.delta(out, up, null, a, f);
        if (push === null) return;
        const column = matrix(new Float64Array(a.shape[0]).fill(1), a.shape[0], 1);
        k.gemm(out, column, matrixView(push.data, 1, a.shape[1], push.offset), 1, 1);
      },
    }),
  },
  {
    name: 'KL term divided by m',
    fits: hasTerm('kl'),
    plant: (k, { m }) => ({
      ...k,
      klSparsity(push, results, slot, rhoHat, kl) {
        k.klSparsity(push, results, slot, rhoHat, kl);
        k.scale(push, 1 / m);
      },
    }),
  },
  {
    name: 'KL term with the wrong sign',
    fits: hasTerm('kl'),
    plant: (k) => ({
      ...k,
      klSparsity(push, results, slot, rhoHat, kl) {
        k.klSparsity(push, results, slot, rhoHat, kl);
        k.scale(push, -1);
      },
    }),
  },
  {
    name: 'L1 term missing',
    fits: hasTerm('l1'),
    plant: (k) => ({
      ...k,
      l1Sparsity(dA, results, slot, a, gamma, m) {
        k.l1Sparsity(zerosLike(dA), results, slot, a, gamma, m);
      },
    }),
  },
  {
    name: 'L1 term averaged over units too',
    fits: hasTerm('l1'),
    plant: (k) => ({
      ...k,
      l1Sparsity(dA, results, slot, a, gamma, m) {
        const gained = zerosLike(dA);
        k.l1Sparsity(gained, results, slot, a, gamma, m);
        k.axpy(dA, 1 / a.shape[1], gained);
      },
    }),
  },
  {
    name: 'contraction: the term through f′ missing',
    fits: hasTerm('contraction'),
    plant: (k) => ({
      ...k,
      contraction(dA, pull, results, slot, a, norms, f, kappa, m) {
        k.contraction(zerosLike(dA), pull, results, slot, a, norms, f, kappa, m);
      },
    }),
  },
  {
    name: 'contraction: the term through W missing',
    fits: hasTerm('contraction'),
    plant: (k) => ({ ...k, addScaledRows: () => undefined }),
  },
  {
    name: 'f′ of the hidden layers missing',
    fits: (spec) => isDense(spec) && hidden(spec).some(({ f }) => f !== linear),
    plant: (k) => ({ ...k, delta: (out, up, push, a) => k.delta(out, up, push, a, linear) }),
  },
  { name: 'δ passes to units that were dropped', fits: (spec) => !isDense(spec), plant: unmasked },
  {
    name: "tied weights: the decoder's term missing",
    fits: (spec) => isTied(spec) && isDense(spec),
    plant: (k) => withoutTied(k, true),
  },
  {
    name: "tied weights: the encoder's term missing",
    fits: (spec) => isTied(spec) && isDense(spec),
    plant: (k) => withoutTied(k, false),
  },
  {
    name: 'weight decay missing',
    fits: shrinks,
    plant: (k) => ({
      ...k,
      weightDecay(dW, results, slot, w, lambda) {
        k.weightDecay(dW, results, slot, w, lambda);
        k.fill(dW, 0);
      },
    }),
  },
  {
    name: 'weight decay doubled',
    fits: shrinks,
    plant: (k) => ({
      ...k,
      weightDecay(dW, results, slot, w, lambda) {
        k.weightDecay(dW, results, slot, w, lambda);
        k.axpy(dW, lambda, w);
      },
    }),
  },
  {
    name: 'weight decay on biases',
    fits: shrinks,
    // θ and its gradient share a layout: a bias lies in θ where its gradient lies in the gradient.
    plant(k, { layout }) {
      let theta: Numbers | null = null;
      let decay = 0;
      return {
        ...k,
        weightDecay(dW, results, slot, w, lambda) {
          [theta, decay] = [w.data as Numbers, lambda];
          k.weightDecay(dW, results, slot, w, lambda);
        },
        addColumnSums(out, a, alpha) {
          k.addColumnSums(out, a, alpha);
          if (theta !== null && isBias(layout, out)) k.axpy(out, decay, { ...out, data: theta });
        },
      };
    },
  },
  {
    name: 'bias gradient summed, not averaged',
    fits: () => true,
    plant: (k, { layout }) => ({
      ...k,
      addColumnSums: (out, a, alpha) => k.addColumnSums(out, a, isBias(layout, out) ? 1 : alpha),
    }),
  },
];

/** @throws Error for a name that no bug has. */
export function plantedBug(name: string): PlantedBug {
  const found = plantedBugs.find((bug) => bug.name === name);
  if (found === undefined) throw new Error(`no planted bug is called ${JSON.stringify(name)}`);
  return found;
}
