import { readFileSync, writeFileSync } from 'node:fs';
import { type Arguments, readArguments, USAGE, UsageError } from './arguments.ts';
import { benchmarks } from './benchmarks.ts';
import { loadPeers, noPeers } from './beside/load.ts';
import { PythonPool } from './beside/python-pool.ts';
import type { Context } from './context.ts';
import { machine, machineLine, markdown, type Report } from './harness/report.ts';
import { commandLine, currentCommit, type Saved, save } from './harness/saved.ts';

async function runAll({ names, smoke, threads, openblasNative, nodes, only }: Arguments): Promise<Saved> {
  const peers = names.every((name) => name.startsWith('steps')) ? noPeers : await loadPeers();
  const about = machine(openblasNative);
  const [command, commit] = [commandLine('bench', process.argv.slice(2)), currentCommit()];
  console.log([machineLine(about), ...peers.notes].join('\n'));
  const pool = new PythonPool(openblasNative);
  const python: Context['python'] = (...asked) => pool.get(...asked);
  const context: Context = { smoke, threads, peers, nodes, only, python };
  const reports: Record<string, Report> = {};
  try {
    for (const name of names) {
      const known = pool.notes.length;
      reports[name] = await benchmarks[name](context);
      console.log(`\n${[...pool.notes.slice(known), markdown(reports[name])].join('\n\n')}`);
    }
  } finally {
    pool.stop();
  }
  return { command, commit, machine: { ...about, peers: [...peers.notes, ...pool.notes] }, only, reports };
}

async function run(given: Arguments): Promise<void> {
  const { from, plot, json } = given;
  const saved = from === null ? await runAll(given) : (JSON.parse(readFileSync(from, 'utf8')) as Saved);
  if (json !== null && from === null) save(json, saved);
  if (plot === null) return;
  const { drawResults } = await import('./plot/results.ts');
  writeFileSync(plot, drawResults(saved));
}

async function main(): Promise<void> {
  const given = readArguments(Object.keys(benchmarks));
  if (given === null) {
    console.log(USAGE);
    return;
  }
  if (given.command === 'run') return run(given);
  if (given.command === 'results') {
    const { writeResults } = await import('./results/results.ts');
    console.log(writeResults(given.files).join('\n'));
    return;
  }
  const { updateHistory } = await import('./history/history.ts');
  const { said, isSlower } = updateHistory(given.files);
  console.log(said.join('\n'));
  if (isSlower) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
