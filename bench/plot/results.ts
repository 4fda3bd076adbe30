import type { Saved } from '../harness/saved.ts';
import { type Bar, barChart, type Picture, stackPictures } from './bars.ts';

/** What is read of a saved record; a file may be of another version. */
type Record_ = Readonly<Record<string, unknown>>;

/** Panels for so many shapes of products: the first ones are the large ones. */
const SHAPES = 2;

function recordsOf({ reports }: Saved, name: string): readonly Record_[] {
  return reports[name]?.records ?? [];
}

function isOurs(name: string): boolean {
  return name.startsWith('rhohat');
}

/** GFLOP/s in float32, and the limit of 128 bits. */
function gemmPicture(records: readonly Record_[]): Picture | null {
  const shown = records.filter(({ name, isLoop }) => isLoop === true || String(name).endsWith('float32'));
  const shapes = [...new Set(shown.map(({ shape }) => (shape as number[]).join('×')))].slice(0, SHAPES);
  const bars = shown
    .map(({ name, shape, product, gflops }): Bar => {
      const who = String(name).replace(/, float32$/, '');
      const row = (shape as number[]).join('×');
      return { who, value: Number(gflops), row, column: String(product), ours: isOurs(who) };
    })
    .filter(({ row }) => shapes.includes(row));
  if (bars.length === 0) return null;
  const labels = { subtitle: 'm×n×k, float32', xLabel: 'GFLOP/s, more is better' };
  return barChart({ title: 'Matrix products', ...labels, bars });
}

/** Steps a second, over PyTorch's where it was there and over ours elsewhere. */
function stepPicture(records: readonly Record_[]): Picture | null {
  if (records.length === 0) return null;
  const withPyTorch = records.every(({ ofPyTorch }) => typeof ofPyTorch === 'number');
  const bars = records.map(({ name, objective, network, batch, ofPyTorch, overOurs }): Bar => {
    const row = `${objective}, ${network}, batch ${batch}`;
    const value = 1 / Number(withPyTorch ? ofPyTorch : overOurs);
    return { who: String(name), value, row, column: '', ours: isOurs(String(name)) };
  });
  const one = withPyTorch ? 'PyTorch' : 'rhohat';
  return barChart({
    title: 'Training steps',
    subtitle: 'objective, network, batch; momentum SGD, float32',
    xLabel: `steps a second, ${one} = 1, more is better`,
    bars,
  });
}

/** One SVG of the training steps and the products in saved results. @throws Error if they have neither. */
export function drawResults(saved: Saved): string {
  const pictures = [stepPicture(recordsOf(saved, 'training-step')), gemmPicture(recordsOf(saved, 'gemm'))];
  const drawn = pictures.filter((picture) => picture !== null);
  if (drawn.length === 0) throw new Error('there is nothing to draw: results of gemm or training-step are needed');
  return stackPictures(drawn);
}
