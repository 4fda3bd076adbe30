// An engine beside the others: node [flags] serve.js THREADS. Answers each JSON line with one, as peers/python/serve.py does.
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Called, callForRound } from '../harness/measure.ts';
import { type Prepared, preparePeak, prepareProduct, prepareStep } from './prepare.ts';

/** What the bench sends. */
interface Message {
  readonly kind: 'prepare' | 'round' | 'name' | 'forget';
  readonly id: string;
  readonly task: 'step' | 'product' | 'peak';
  readonly warmup: number;
  readonly time: number;
  /** Of results: each is asked for by the path it is written to. */
  readonly [key: string]: unknown;
}

const threads = Number(process.argv[2]);
const tasks = { step: prepareStep, product: prepareProduct, peak: preparePeak } as const;
const prepared = new Map<string, Prepared & { slowest: number }>();

function named(id: string) {
  const known = prepared.get(id);
  if (known === undefined) throw new Error(`there is no ${id}`);
  return known;
}

/** Nor does a call need warming, by which steps that were taken before it have outlasted several rounds. */
const ROUNDS = 5;

/** A call that outlasts a round needs no warming. */
async function round(id: string, warmup: number, time: number): Promise<readonly number[]> {
  const one = named(id);
  const subject: Called = one.subject;
  const outlasts = one.slowest * (subject.units ?? 1) > (warmup === 0 ? 1 : ROUNDS) * time;
  const samples = await callForRound(subject, time, warmup, outlasts ? 0 : 1);
  one.slowest = Math.min(...samples);
  return samples;
}

async function answer({ kind, id, task, warmup, time, ...message }: Message): Promise<Record<string, unknown>> {
  if (kind === 'round') return { samples: await round(id, warmup, time) };
  if (kind === 'name') return { name: named(id).name() };
  if (kind === 'forget') {
    await named(id).end();
    prepared.delete(id);
    return {};
  }
  const made = await tasks[task](message, threads);
  prepared.set(id, { ...made, slowest: made.first });
  for (const [key, values] of Object.entries(made.results)) {
    const path = message[key];
    if (typeof path === 'string')
      writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return {};
}

console.log(JSON.stringify({ node: process.versions.node }));
for await (const line of createInterface(process.stdin)) console.log(JSON.stringify(await answer(JSON.parse(line))));
