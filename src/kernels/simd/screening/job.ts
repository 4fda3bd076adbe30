/** The words of a job, in the order of `assembly/screening/job.ts`. */
export interface Job {
  readonly x: number;
  readonly xRow: number;
  readonly rows: number;
  readonly depth: number;
  readonly w: number;
  readonly wRow: number;
  readonly units: number;
  readonly bias: number;
  /** What z is held against; 0: nothing. */
  readonly bounds: number;
  readonly blockDepth: number;
  readonly xPanels: number;
  readonly xNumbers: number;
  readonly wPanels: number;
  readonly wNumbers: number;
  readonly group: number;
  readonly room: number;
  readonly columns: number;
  readonly upper: number;
  readonly lower: number;
  readonly states: number;
  readonly cuts: number;
  readonly cutCount: number;
  readonly survivors: number;
  readonly rectified: number;
  readonly values: number;
  readonly valuesRow: number;
  readonly indices: number;
  readonly indicesRow: number;
  readonly refusal: number;
  readonly normSlack: number;
  readonly productSlack: number;
  readonly biasSlack: number;
  readonly longest: number;
  readonly counts: number;
  /** A guess of the threshold over the norm of a row; −∞: none. */
  readonly start: number;
}

const ORDER = [
  ...['x', 'xRow', 'rows', 'depth', 'w', 'wRow', 'units', 'bias', 'bounds', 'blockDepth'],
  ...['xPanels', 'xNumbers', 'wPanels', 'wNumbers', 'group', 'room', 'columns', 'upper', 'lower', 'states'],
  ...['cuts', 'cutCount', 'survivors', 'rectified', 'values', 'valuesRow', 'indices', 'indicesRow', 'refusal'],
  ...['normSlack', 'productSlack', 'biasSlack', 'longest', 'counts', 'start'],
] as readonly (keyof Job)[];

/** Those that are no whole numbers. */
const REAL: ReadonlySet<keyof Job> = new Set(['normSlack', 'productSlack', 'biasSlack', 'longest', 'start'] as const);

/** Bytes of a job. */
export const JOB_BYTES = 4 * ORDER.length;

/** Writes a job where kernels find it. */
export function writeJob(memory: WebAssembly.Memory, at: number, job: Job): void {
  const words = new Uint32Array(memory.buffer, at, ORDER.length);
  const reals = new Float32Array(memory.buffer, at, ORDER.length);
  for (const [slot, name] of ORDER.entries()) {
    if (REAL.has(name)) reals[slot] = job[name];
    else words[slot] = job[name];
  }
}
