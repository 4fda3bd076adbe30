import { digits, duration, type Report } from '../harness/report.ts';
import type { Wire } from './collectives.ts';
import { type Compute, fitted, type Work } from './compute.ts';
import { readMeasured } from './measured.ts';
import { fastest, fits, type Sharing, speedUp, stepSeconds } from './model.ts';
import { LINKS } from './networks.ts';
import { COUNTS, nameOf, SHARED, WORKS } from './works.ts';

/** One network, one way of sharing, one link: a point a count of processes, where all of them hold their part. */
export interface Curve {
  readonly work: Work;
  readonly sharing: Sharing;
  readonly link: string;
  readonly points: readonly { readonly p: number; readonly seconds: number; readonly speedUp: number }[];
}

function curveOf(work: Work, sharing: Sharing, link: string, wire: Wire, compute: Compute): Curve {
  const points = COUNTS.filter((p) => fits(work, p, sharing)).map((p) => ({
    p,
    seconds: stepSeconds(work, p, sharing, wire, compute),
    speedUp: speedUp(work, p, sharing, wire, compute),
  }));
  return { work, sharing, link, points };
}

function cell(curve: Curve, wire: Wire, compute: Compute): string {
  const { work, sharing, points } = curve;
  const best = fastest(
    work,
    points.map(({ p }) => p),
    sharing,
    wire,
    compute,
  );
  if (best === null) return '–';
  const gain = compute.seconds(work) / best.seconds;
  return `${duration(1000 * best.seconds)} on ${best.p.toLocaleString('en')} (${digits(gain)}×)`;
}

/** Every network over every link: the count of processes with the shortest step, and the step. */
export function simulate(measured: Pick<Report, 'records'>): { report: Report; curves: readonly Curve[] } {
  const { timed, adding } = readMeasured(measured);
  const compute = fitted(timed);
  const wires = LINKS.map((link) => ({ link: link.name, wire: { ...link, adding } }));
  const curves: Curve[] = [];
  const rows = WORKS.map(({ work, sharing }) => {
    const cells = wires.map(({ link, wire }) => {
      const curve = curveOf(work, sharing, link, wire, compute);
      curves.push(curve);
      return cell(curve, wire, compute);
    });
    return [`${nameOf(work)}, ${SHARED[sharing]}`, duration(1000 * compute.seconds(work)), ...cells];
  });
  const report: Report = {
    title: 'Simulated: the shortest step among 1 to 1,024 processes, one a machine',
    checked: '',
    columns: ['a step', 'one process', ...LINKS.map(({ name }) => name)],
    rows,
    records: curves.map((curve) => ({
      row: `${nameOf(curve.work)}, ${SHARED[curve.sharing]}, ${curve.link}`,
      ...curve,
    })),
    notes: [
      `in brackets: how many times as fast as one process, which where its state passes 4 GiB could not hold it. Computation is the measured step of two threads, interpolated (worst error ${Math.round(100 * compute.worst)}%) and beyond 16,384 latents extrapolated; ${digits(1 / (4 * adding) / 1e9)} billion numbers a second are added; nothing overlaps`,
      ...LINKS.map(
        ({ name, latency, bandwidth, source }) =>
          `${name}: α = ${duration(1000 * latency)}, 1/β = ${digits(bandwidth / 1e9)} GB/s. ${source}`,
      ),
    ],
  };
  return { report, curves };
}
