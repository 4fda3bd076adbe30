import { parseArgs } from 'node:util';
import { benchGemm } from './gemm.ts';
import { loadPeers } from './peers.ts';
import { machine, type Report, table } from './report.ts';
import { benchTrainingStep } from './training-step.ts';

const USAGE = `usage: npm run bench -- [gemm] [training-step] [--smoke] [--json]

  gemm            A·B, AᵀB and ABᵀ beside ndarray-gemm and TensorFlow.js (npm ci --prefix bench/peers)
  training-step   one cost and gradient through the public surface
  --smoke         tiny sizes: shows that the benchmarks run, not how fast anything is
  --json          one JSON document instead of tables`;

class UsageError extends Error {}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { smoke: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const smoke = values.smoke ?? false;
  const peers = await loadPeers();
  const benchmarks: Record<string, () => Promise<Report>> = {
    gemm: () => benchGemm(peers, smoke),
    'training-step': () => benchTrainingStep(smoke),
  };
  const unknown = positionals.find((name) => !Object.hasOwn(benchmarks, name));
  if (unknown !== undefined) throw new UsageError(`unknown benchmark '${unknown}'\n\n${USAGE}`);

  const about = { ...machine(), peers: peers.notes };
  if (!values.json) {
    const { processor, cores, node, platform, date } = about;
    console.log([`${processor}, ${cores} cores; Node ${node}, ${platform}; ${date}`, ...peers.notes].join('\n'));
  }
  const reports: Record<string, unknown> = {};
  for (const name of positionals.length > 0 ? positionals : Object.keys(benchmarks)) {
    const { title, checked, columns, rows, records } = await benchmarks[name]();
    reports[name] = { checked, records };
    if (!values.json) console.log(`\n## ${title}\n\nChecked: ${checked}.\n\n${table(columns, rows)}`);
  }
  if (values.json) console.log(JSON.stringify({ machine: about, reports }, null, 2));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
