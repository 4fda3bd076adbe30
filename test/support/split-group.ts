import type { Numbers, View } from '../../src/array/matrix.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import type { Group } from '../../src/model/group.ts';

/** `size` ranks within one process, to run at the same time: each sum waits for all, and adds in the order of the ranks. */
export function splitGroups(size: number): Group[] {
  interface Meeting {
    readonly parts: (Float64Array | undefined)[];
    readonly take: ((sum: Float64Array) => void)[];
  }
  const meetings: Meeting[] = [];
  const next = new Array<number>(size).fill(0);

  function meet(rank: number, values: Float64Array): Promise<Float64Array> {
    const which = next[rank]++;
    meetings[which] ??= { parts: new Array(size), take: [] };
    const { parts, take } = meetings[which];
    parts[rank] = values;
    return new Promise((resolve) => {
      take.push(resolve);
      if (take.length < size) return;
      const sum = new Float64Array(values.length);
      for (const part of parts) {
        if (part?.length !== sum.length) throw new Error('the ranks ask for different sums');
        for (let i = 0; i < sum.length; i++) sum[i] += part[i];
      }
      for (const each of take) each(sum);
    });
  }

  return Array.from({ length: size }, (_, rank) => ({
    rank,
    size,
    async sum(k: Kernels, view: View) {
      k.write(view, await meet(rank, Float64Array.from(await k.copyOut(view))));
    },
    async total(values: Float64Array) {
      values.set(await meet(rank, values.slice()));
    },
    async gather(own: Numbers, all: Numbers) {
      const n = own.length;
      const padded = new Float64Array(size * n);
      padded.set(own, rank * n);
      all.set(await meet(rank, padded));
    },
  }));
}
