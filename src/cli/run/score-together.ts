import { type AnyNumbers, type Matrix, matrix, rowRange, type Vector, type View, vector } from '../../array/matrix.ts';
import { squaredErrors, squaredErrorsByColumn } from '../../data/squared-errors.ts';
import type { MpiGroup } from '../../node/mpi/mpi-group.ts';
import type { Encoding } from './encode-together.ts';
import { knownTargets, type TargetFlags } from './scored-against.ts';
import { allDo } from './shared-output.ts';

/** What `scoreTogether` finds. */
export interface SharedScores {
  readonly scores: Vector<Float64Array>;
  readonly isInput: boolean;
  /** As `squaredErrorsByColumn` gives them: all must ask for the same rows, and all get all. */
  byColumn(rows: readonly number[]): Promise<Matrix<Float64Array>>;
}

/**
 * The squared errors of all examples, in every process, each of which reconstructs its own. @returns null where another one failed.
 * @throws the error of this process.
 */
export async function scoreTogether(
  group: MpiGroup,
  encoding: Encoding,
  source: string | undefined,
  flags: TargetFlags,
): Promise<SharedScores | null> {
  const { saved, rows, blocks } = encoding;
  const scores = new Float64Array(rows.examples);
  const [first, last] = blocks.of(group.rank);
  let pairs: Pairs | undefined;
  const work = async () => {
    pairs = await openPairs(encoding, source, flags);
    for (let block = first; block < last; block++) {
      const [begin, end] = blocks.range(block);
      const { y, reconstruction } = await pairs.of(begin, end);
      scores.set(squaredErrors(y, reconstruction).data, begin);
    }
  };
  if (!(await allDo(group, work)) || pairs === undefined) return null;
  group.total(scores); // those of others are 0 here
  const { of, isInput } = pairs;
  return {
    scores: vector(scores),
    isInput,
    async byColumn(chosen) {
      const d = saved.model.config.targets;
      const found = new Float64Array(chosen.length * d);
      for (let block = first; block < last; block++) {
        const [begin, end] = blocks.range(block);
        const own = Array.from(chosen.keys()).filter((n) => chosen[n] >= begin && chosen[n] < end);
        if (own.length === 0) continue;
        const { y, reconstruction } = await of(begin, end);
        const errors = squaredErrorsByColumn(
          y,
          reconstruction,
          own.map((n) => chosen[n] - begin),
        );
        own.forEach((n, i) => {
          found.set(errors.data.subarray(i * d, (i + 1) * d), n * d);
        });
      }
      group.total(found);
      return matrix(found, chosen.length, d);
    },
  };
}

interface Pairs {
  readonly isInput: boolean;
  /** Rows begin … end−1 of what is compared. */
  of(begin: number, end: number): Promise<{ y: View<AnyNumbers>; reconstruction: Matrix }>;
}

async function openPairs({ saved, rows }: Encoding, source: string | undefined, flags: TargetFlags): Promise<Pairs> {
  const { model } = saved;
  // Targets lie in memory whole, and are as many as the examples; inputs are what a block has of them.
  const shape = [rows.examples, model.config.inputs];
  const compared = await knownTargets(saved, { shape }, source, flags);
  return {
    isInput: compared === 'inputs',
    async of(begin, end) {
      const x = model.input(await rows.read(begin, end), 'x', false, (row) => `row ${begin + row}`);
      const depth = model.config.hidden.length;
      const made = await model.engine.propagate(x, 0, 2 * depth, 'training', begin);
      const reconstruction = matrix(made, end - begin, model.config.targets);
      return { y: compared === 'inputs' ? x : rowRange(compared.y, begin, end), reconstruction };
    },
  };
}
