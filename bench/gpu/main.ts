import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createReferenceKernels } from '../../src/kernels/reference/reference.ts';
import { createWebGpuKernels } from '../../src/kernels/webgpu/webgpu.ts';
import { startPython } from '../beside/python.ts';
import { digits, duration, durations, machine, machineLine, table } from '../harness/report.ts';
import { commandLine, currentCommit } from '../harness/saved.ts';
import { benchProducts } from './products.ts';
import { benchSteps, nameOf, QUICK_ROWS, ROWS, type StepRow } from './steps.ts';

const USAGE = `npm run bench:gpu -- [--quick] [--only TEXT] [--no-cpu] [--json FILE]
Products and steps on the GPU that WebGPU finds, beside this machine's processor and, where python3 has it with CUDA, PyTorch.
--quick  sizes that a software renderer can do: no figures, a trial of the script
--only   rows whose name has the text: products, KL, 16384, …
--no-cpu without the processor`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ...{ quick: { type: 'boolean', default: false }, 'no-cpu': { type: 'boolean', default: false } },
      ...{ only: { type: 'string' }, json: { type: 'string' }, help: { type: 'boolean', default: false } },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const { quick, only } = values;
  const wants = (name: string) => only === undefined || name.includes(only);
  const about = machine(false);
  const kernels = await createWebGpuKernels({ fallback: async () => createReferenceKernels('float32') });
  const { adapter } = kernels;
  const torch = await startPython('pytorch_cuda', about.cores, 'environment');
  const python = typeof torch === 'string' ? null : torch;
  const peer = typeof torch === 'string' ? torch : torch.about;
  const driver = smi();
  console.log([machineLine(about), `adapter: ${JSON.stringify(adapter)}`, driver, peer].filter(Boolean).join('\n'));
  const report: Record<string, unknown> = {
    ...{ command: commandLine('bench:gpu', process.argv.slice(2)), commit: currentCommit() },
    ...{ machine: about, adapter, driver, peer },
  };
  // What there is so far is kept: a machine that is lent may be taken back.
  const save = () => values.json !== undefined && writeFileSync(values.json, `${JSON.stringify(report, null, 1)}\n`);
  try {
    if (wants('products')) {
      const rows = await benchProducts(kernels, python, quick ? 96 : 4096, quick ? 3 : 12, quick ? 1 : 10);
      report.products = rows;
      save();
      console.log(
        `\n${table(
          ['product', 'who', 'GFLOP/s', 'a product', 'half of them'],
          rows.map(({ name, who, gflops, median, low, high }) => [
            ...[name, who, digits(gflops), duration(median), durations(low, high)],
          ]),
        )}`,
      );
    }
    const steps: StepRow[] = [];
    report.steps = steps;
    for (const row of quick ? QUICK_ROWS : ROWS) {
      if (!wants(nameOf(row))) continue;
      try {
        const rows = await benchSteps(row, { torch: python, cpu: !values['no-cpu'] });
        steps.push(...rows);
        console.log(`\n${stepsTable(rows)}`);
      } catch (error) {
        console.log(`\n${nameOf(row)}: ${error instanceof Error ? error.message : error}`);
        process.exitCode = 1;
      }
      save();
    }
  } finally {
    python?.stop();
    kernels.dispose();
  }
}

function stepsTable(rows: readonly StepRow[]): string {
  const own = rows[0].median;
  return table(
    ['a step', 'who', 'time', 'half of them', 'examples/s', 'over the GPU’s'],
    rows.map(({ name, who, median, low, high, examplesPerSecond }) => [
      ...[name, who, duration(median), durations(low, high), examplesPerSecond.toFixed(0), `${digits(median / own)}×`],
    ]),
  );
}

/** What NVIDIA's tool says of the card; '' where there is none. */
function smi(): string {
  try {
    const asked = '--query-gpu=name,driver_version,clocks.max.sm,clocks.max.mem';
    return execFileSync('nvidia-smi', [asked, '--format=csv,noheader'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '';
  }
}

main().then(
  () => process.exit(), // Dawn's threads would go on
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
