/** A process of the job, as messages name it. */
export interface Member {
  readonly rank: number;
  readonly host: string;
  readonly pid: number;
}

/** What a process says of its own failure. */
export interface Failure extends Member {
  readonly text: string;
  readonly status: number;
}

const GO_ON = 'all others are ended; a run that keeps checkpoints goes on with --resume';

/** Of a process whose connection ended without a goodbye: the system closes it whatever ended the process. */
export function deathOf(member: Member, size: number): string {
  return `rhohat: ${named(member, size)} ended without a word: it was killed (by hand, or for want of memory), it crashed, or it left before the others; ${GO_ON}`;
}

/** Of processes that have not been heard for a while. */
export function silenceOf(members: readonly Member[], size: number, seconds: number): string {
  const [first] = members;
  const hosts = [...new Set(members.map(({ host }) => host))].join(', ');
  const who =
    members.length === 1
      ? `${named(first, size)} has`
      : `ranks ${ranges(members.map(({ rank }) => rank))} of ${size} (host ${hosts}) have`;
  return `rhohat: ${who} not been heard for ${seconds} s: the host has vanished, the link to it is cut, or the process is stopped; ${GO_ON}`;
}

/** The lines of failures: what all of them say once and without a rank, as it is when all are given the same bad input. */
export function failureLines(failures: readonly Failure[], size: number): string[] {
  const texts = [...new Set(failures.map(({ text }) => text))];
  if (texts.length === 1 && failures.length === size) return [`rhohat: ${texts[0]}`];
  return texts.map((text) => {
    const those = failures.filter((failure) => failure.text === text);
    const who =
      those.length === 1
        ? `rank ${those[0].rank} of ${size} (host ${those[0].host})`
        : `ranks ${ranges(those.map(({ rank }) => rank))} of ${size}`;
    return `rhohat: ${who}: ${text}`;
  });
}

/** Of a process that can reach no address of the watch, which runs beside rank 0. */
export function unreachable(member: Member, size: number, addresses: readonly string[], port: number): string {
  return `rhohat: ${named(member, size)} cannot reach the host of rank 0 at ${addresses.join(', ')}, port ${port}: should it be killed or vanish, the others may wait for it without end; let connections between the hosts through`;
}

/** Of a process that has lost the watch; `seconds`: it has not been heard for so long, without them its connection ended. */
export function watchLost(member: Member, size: number, host: string, seconds?: number): string {
  const cause =
    seconds === undefined
      ? `has lost its connection to the host of rank 0 (${host}): it was started anew, or the process that watches there was killed`
      : `has not heard the host of rank 0 (${host}) for ${seconds} s: it has vanished, or the link to it is cut`;
  return `rhohat: ${named(member, size)} ${cause}; ${GO_ON}`;
}

function named({ rank, host, pid }: Member, size: number): string {
  return `rank ${rank} of ${size} (host ${host}, pid ${pid})`;
}

/** 0, 1, 2, 5 → "0–2, 5". */
function ranges(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const n of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && n === last[1] + 1) last[1] = n;
    else runs.push([n, n]);
  }
  return runs.map(([a, b]) => (a === b ? `${a}` : `${a}–${b}`)).join(', ');
}
