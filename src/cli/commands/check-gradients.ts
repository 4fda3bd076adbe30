import { type Command, Option } from 'commander';
import type { Precision } from '../../array/matrix.ts';
import { createKernels } from '../../kernels/create.ts';
import { gpu } from '../../kernels/gpu.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { gradientCases } from '../../proof/gradient-cases.ts';
import { checkGradientOf } from '../../proof/gradient-check.ts';
import { checkCase, type GradientRow } from '../../proof/gradient-suite.ts';
import { FLOAT32_LIMIT, GPU_LIMIT, LIMIT } from '../../proof/limits.ts';
import { adapterName } from '../../report/ran-on.ts';
import { print, table } from '../output.ts';
import { failures, names } from '../report/failed-rows.ts';

/** Declares `rhohat check-gradients`. */
export function addCheckGradients(program: Command): void {
  program
    .command('check-gradients')
    .summary('prove every gradient against central differences')
    .description(
      `Compares the hand-derived gradients of every combination of depth, activation, output, loss, tying and penalty on activations, and of further models, with central differences in float64, and the float32 gradient with the float64 one. Exits 1 if a row is above its limit: ‖n − a‖/‖n + a‖ ≤ ${LIMIT} in float64, ≤ ${FLOAT32_LIMIT} between the precisions.`,
    )
    .addOption(
      new Option(
        '--device <what>',
        `where float32 runs: cpu; or gpu, by WebGPU, to a limit of ${GPU_LIMIT} (default cpu)`,
      ).choices(['cpu', 'gpu']),
    )
    .option('--json', 'print the rows as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ rhohat check-gradients
  $ rhohat check-gradients --json > gradients.json

With --device gpu the adapter is named; it needs the package webgpu and a driver.`,
    )
    .action(checkGradients);
}

async function checkGradients(flags: { device?: 'cpu' | 'gpu'; json?: boolean }): Promise<void> {
  const checker = await checkChecker();
  const rows: GradientRow[] = [];
  const device = flags.device === 'gpu' ? await gpu.create() : null;
  const limit = device === null ? FLOAT32_LIMIT : GPU_LIMIT;
  const kernels = (precision: Precision) =>
    precision === 'float32' && device !== null ? borrowed(device) : createKernels(precision);
  const adapter = device?.adapter ?? undefined;
  if (adapter !== undefined) process.stderr.write(`rhohat: float32 on ${adapterName(adapter)}\n`);
  for (const given of gradientCases()) rows.push(await checkCase(given, kernels, limit));
  device?.dispose();
  const failed = rows.filter((row) => !row.passed).length + (checker.passed ? 0 : 1);
  if (flags.json) {
    const limits = { limit: LIMIT, float32Limit: limit };
    print(JSON.stringify({ ...limits, adapter, checker, rows, failed }, null, 1));
  } else {
    const head = ['model', 'hidden', 'f', 'output', 'loss', 'tied', 'objective', 'float64', 'float32', ''];
    print(table([head, ...rows.map(cells)]));
    if (rows.some((row) => !row.passed)) {
      const { shown, more, shared } = failures(rows);
      print(`\nfailed, worst first${more > 0 ? ` (and ${more} more)` : ''}:`);
      print(table([head, ...shown.map(cells)]));
      if (shared.length > 0) print(`all that failed have: ${shared.join(', ')}`);
    }
    const worst = Math.max(...rows.map((row) => row.normRelativeError));
    const worst32 = Math.max(...rows.map((row) => row.float32Error));
    print(`\nthe checker itself, on x₁² + 3x₁x₂ at (4, 10): ${checker.normRelativeError.toExponential(4)}`);
    print(
      `worst of ${rows.length} rows: ${worst.toExponential(2)} (limit ${LIMIT}); ` +
        `float32 against float64: ${worst32.toExponential(2)} (limit ${limit})`,
    );
    if (adapter !== undefined) print(`float32 on ${adapterName(adapter)}`);
    print(failed === 0 ? `all ${rows.length} rows passed` : `${failed} FAILED`);
  }
  if (failed > 0) process.exitCode = 1;
}

/** Kernels that `dispose` gives nothing back of but what was allocated here: one device does for all rows. */
function borrowed(kernels: Kernels): Kernels {
  const own = kernels.fork();
  return Object.assign(Object.create(kernels) as Kernels, {
    allocate: (length: number) => own.allocate(length),
    allocateDoubles: (length: number) => own.allocateDoubles(length),
    allocateIndices: (length: number) => own.allocateIndices(length),
    release: (block: Parameters<Kernels['release']>[0]) => own.release(block),
    fork: () => own.fork(),
    heldBytes: () => own.heldBytes(),
    dispose: () => own.dispose(),
  });
}

function cells(row: GradientRow): string[] {
  return [
    ...names(row),
    row.normRelativeError.toExponential(1),
    row.float32Error.toExponential(1),
    row.passed ? 'ok' : 'FAILED',
  ];
}

/** UFLDL's checkNumericalGradient: h = x₁² + 3x₁x₂ at (4, 10) with ε = 1e-4 "should be 2.1452e-12". */
async function checkChecker(): Promise<{ normRelativeError: number; passed: boolean }> {
  const { normRelativeError } = await checkGradientOf(
    ([a, b]) => ({ cost: a * a + 3 * a * b, gradient: [2 * a + 3 * b, 3 * a] }),
    Float64Array.of(4, 10),
    { epsilon: 1e-4 },
  );
  return { normRelativeError, passed: normRelativeError < 1e-9 };
}
