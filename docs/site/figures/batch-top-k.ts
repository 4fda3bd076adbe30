import { fillNormal, fillUniform, stream } from '../../../src/array/random.ts';
import { activations } from '../../../src/kernels/activations/table.ts';
import { blank, blankIndices, type Doubles, k, rowOf } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, FAINT, field, num, tiles } from './marks.ts';

const EXAMPLES = 12;
const UNITS = 16;

/** relu(z) of a batch, in which examples differ in how much there is to say of them. */
export function batch(counter: number): Doubles {
  const a = blank(EXAMPLES, UNITS);
  fillNormal(a.data, { seed: 4, stream: stream.testing, counter });
  const shifts = fillUniform(new Float64Array(EXAMPLES), { seed: 5, stream: stream.testing, counter }, -1.2, 0.9);
  for (let p = 0; p < a.data.length; p++) a.data[p] += shifts[Math.floor(p / UNITS)];
  k.activate(a, a, activations.relu);
  return a;
}

/** How many units are on in each example, and where, by either selection. */
export function selections(count: number, counter: number) {
  const [each, all] = [batch(counter), batch(counter)];
  k.selectLargest(blank(EXAMPLES, count), blankIndices(EXAMPLES, count), each);
  const lengths = { ...blankIndices(EXAMPLES, 1), shape: [EXAMPLES], stride: [1] };
  const least = { ...blank(1, 1), shape: [1], stride: [1] };
  k.selectLargestOfAll(blank(EXAMPLES, UNITS), blankIndices(EXAMPLES, UNITS), lengths, least, all, count * EXAMPLES);
  return { each, all, lengths: Array.from(lengths.data), least: least.data[0] };
}

/** Cells that are on. */
function cells(a: Doubles): string[][] {
  return Array.from({ length: EXAMPLES }, (_, i) => rowOf(a, i).map((one) => (one > 0 ? BLUE : FAINT)));
}

export const batchTopK = figure({
  title: 'One budget for the whole batch',
  alt: 'Codes of twelve examples, a row each, with sixteen units, those that are on in blue. Left, TopK: at most k in each row. Right, BatchTopK: the k·m largest of all, so that some rows have many and some have few.',
  controls: {
    k: { name: 'mean survivors', symbol: 'k', min: 1, max: 8, step: 1, start: 4 },
    batch: { name: 'batch', symbol: 't', min: 0, max: 20, step: 1, start: 0 },
  },
  draw({ k: count, batch: counter }) {
    const { each, all, lengths, least } = selections(count, counter);
    const on = (a: Doubles) => a.data.filter((one) => one > 0).length;
    return {
      rows: [
        {
          height: 190,
          panels: [
            field('TopK: k a row', UNITS, EXAMPLES, tiles(cells(each), 0.06)),
            field('BatchTopK: k·m in all', UNITS, EXAMPLES, tiles(cells(all), 0.06)),
          ],
        },
      ],
      says: [
        `On: TopK ${on(each)}, BatchTopK ${on(all)} of k·m = ${count * EXAMPLES}`,
        `A row of BatchTopK has ${Math.min(...lengths)} to ${Math.max(...lengths)}; the least is ${num(least)}.`,
      ],
    };
  },
});
