import { fillNormal, stream } from '../../../src/array/random.ts';
import { activations } from '../../../src/kernels/activations/table.ts';
import { blank, type Doubles, k, product, rows } from './engine.ts';
import { figure } from './figure.ts';
import { BLUE, chart, dots, num, ORANGE, type Point, PURPLE, path, words } from './marks.ts';

const WIDTH = 24;
const EXAMPLES = 4;
const MOST = 10;

const draws = new Map<number, Float64Array>();

/** Numbers from N(0, deviation²); each draw is made once, at N(0, 1). */
function drawn(m: number, n: number, counter: number, deviation: number): Doubles {
  const draw = draws.get(counter) ?? fillNormal(new Float64Array(m * n), { seed: 2, stream: stream.testing, counter });
  draws.set(counter, draw);
  return { ...blank(m, n), data: draw.map((one) => deviation * one) };
}

/** log₁₀ of the mean square root of δ² in layers 1 … n, of weights from N(0, s²/width), δ of the last being (a − x)·f′. */
export function deltas(name: 'sigmoid' | 'tanh' | 'relu', layers: number, scale: number): number[] {
  const f = activations[name];
  const x = drawn(EXAMPLES, WIDTH, 0, 1);
  const weights = Array.from({ length: layers }, (_, l) => drawn(WIDTH, WIDTH, l + 1, scale / Math.sqrt(WIDTH)));
  const codes = [x];
  for (const weight of weights) {
    const a = product(codes[codes.length - 1], weight);
    k.activate(a, a, f);
    codes.push(a);
  }
  let delta = blank(EXAMPLES, WIDTH);
  k.squaredError(delta, new Float64Array(1), 0, codes[layers], x, null, 1);
  const sizes: number[] = [];
  for (let l = layers; l >= 1; l--) {
    k.delta(delta, delta, null, codes[l], f); // ⊙ f′(z)
    const square = delta.data.reduce((sum, one) => sum + one * one, 0) / delta.data.length;
    sizes.unshift(Math.max(-8, Math.log10(Math.sqrt(square))));
    const { data, stride } = weights[l - 1];
    delta = product(delta, { ...rows([[]]), data, shape: [WIDTH, WIDTH], stride: [stride[1], stride[0]] });
  }
  return sizes;
}

const LINES = [
  ['tanh', BLUE],
  ['relu', PURPLE],
  ['sigmoid', ORANGE],
] as const;

export const deep = figure({
  title: 'δ on its way down through the layers',
  alt: 'The size of δ on a logarithmic axis in each layer of a deep network with random weights, for tanh, ReLU and sigmoid units: with sigmoid units, whose f′ is at most ¼, it falls by a large factor at each layer; with the others it depends on the size of the weights.',
  controls: {
    layers: { name: 'layers', symbol: '2n', min: 2, max: MOST, step: 1, start: 8 },
    scale: { name: 'weights', symbol: 's', min: 0.4, max: 3, step: 0.1, start: 1.2 },
  },
  draw({ layers, scale }) {
    const all = LINES.map(([name, colour]) => ({ name, colour, sizes: deltas(name, layers, scale) }));
    const points = (sizes: readonly number[]): Point[] => sizes.map((size, l) => [l + 1, Math.min(1.95, size)]);
    return {
      rows: [
        {
          height: 240,
          panels: [
            chart({
              heading: 'root mean square of δ⁽ˡ⁾',
              xLabel: 'layer l (δ comes from the right)',
              left: 42,
              x: [0.7, MOST + 0.3],
              y: [-8, 2],
              xTicks: Array.from({ length: MOST }, (_, l) => l + 1),
              yTicks: [-8, -6, -4, -2, 0, 2],
              yReads: (power) => (power === 0 ? '1' : `1e${String(power).replace('-', '−')}`),
              zero: false,
              marks: [
                ...all.map(({ colour, sizes }) => path(points(sizes), colour)),
                ...all.map(({ colour, sizes }) => dots(points(sizes), colour, { r: 3.5 })),
                ...all.map(({ name, colour }, i) => words([MOST + 0.2, -5.2 - i], name, colour, { textAnchor: 'end' })),
              ],
            }),
          ],
        },
      ],
      says: [
        'W ~ N(0, s²/24). δ of layer 1 over that of the last:',
        all.map(({ name, sizes }) => `${name} ${ratio(sizes[0] - sizes[layers - 1])}`).join(', '),
      ],
    };
  },
});

/** 10 to a power, in few digits. */
function ratio(power: number): string {
  const value = 10 ** power;
  return value >= 0.01 && value < 1000 ? num(value) : value.toExponential(1).replace('-', '−').replace('+', '');
}
