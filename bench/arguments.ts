import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run bench -- [names…] [options]
       npm run bench -- results [files…]   takes files of --json among bench/saved, and writes the
                                           tables of bench/RESULTS.md from what is kept there
       npm run bench -- history [files…]   adds the steps of files of --json to bench/history.jsonl,
                                           draws bench/history.svg, says what became slower; then 1

  steps             the steps that count, on every Node and PyTorch in one run
  gemm              A·B, AᵀB and ABᵀ beside the peers and the machine's 128-bit peak
  elementwise       kernels without products, beside a plain copy
  top-k             the k largest of each row
  training-step     whole training steps
  dictionary-step   steps of today's dictionaries, 768 to 16,384
  dictionary-growth the same over hidden units and k
  fit               the CS294A problem to the end, beside SciPy
  scaling           the cost of growth
  threads           from one thread to two
  profile           where the time of a training step goes, kernel by kernel
                    all of them unless named; peers: npm ci --prefix bench/peers, and python3 with torch and scipy

  --smoke           tiny sizes: shows that the benchmarks run, not how fast anything is
  --json <file>     saves what is printed, with all figures
  --threads <n>     for us and for the peers that have threads; by default one, two for training steps
  --nodes <list>    of steps: paths of Nodes, 20=path,24=path; this one
  --only <text>     of steps: those whose name has the text
  --openblas-native without OPENBLAS_CORETYPE in the Python processes
  --plot <file>     writes a picture as well; with --from <file.json> of saved results, without running anything

V8's flags: npm run build:bench && node --experimental-wasm-revectorize build/bench/main.js …`;

export class UsageError extends Error {}

/** What else than running benchmarks there is to do, with files of --json. */
export interface WithFiles {
  readonly command: 'results' | 'history';
  readonly files: readonly string[];
}

export interface Arguments {
  readonly command: 'run';
  readonly names: readonly string[];
  readonly smoke: boolean;
  /** Where to save. */
  readonly json: string | null;
  readonly threads: number | null;
  readonly openblasNative: boolean;
  readonly nodes: string | null;
  readonly only: string | null;
  readonly plot: string | null;
  readonly from: string | null;
}

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        smoke: { type: 'boolean', default: false },
        json: { type: 'string' },
        threads: { type: 'string' },
        'openblas-native': { type: 'boolean', default: false },
        nodes: { type: 'string' },
        only: { type: 'string' },
        plot: { type: 'string' },
        from: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** The command line, or null where help is asked for. @throws UsageError */
export function readArguments(known: readonly string[]): Arguments | WithFiles | null {
  const { values, positionals } = parsed();
  if (values.help) return null;
  const [command, ...files] = positionals;
  if (command === 'results' || command === 'history') return { command, files };
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`unknown benchmark '${unknown}'\n\n${USAGE}`);
  const threads = values.threads === undefined ? null : Number(values.threads);
  if (threads !== null && !(Number.isInteger(threads) && threads >= 1)) {
    throw new UsageError(`--threads ${values.threads}: it must be a whole number, at least 1`);
  }
  if (values.from !== undefined && values.plot === undefined) {
    throw new UsageError('--from draws saved results: give --plot <file> as well');
  }
  return {
    command: 'run',
    names: positionals.length > 0 ? positionals : known,
    smoke: values.smoke,
    json: values.json ?? null,
    threads,
    openblasNative: values['openblas-native'],
    nodes: values.nodes ?? null,
    only: values.only ?? null,
    plot: values.plot ?? null,
    from: values.from ?? null,
  };
}
