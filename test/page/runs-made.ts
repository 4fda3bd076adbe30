import type { RunSnapshot } from '../../src/report/run-snapshot.ts';
import type { RunView } from '../../src/report/run-view.ts';

// Runs that were never trained, and look as if they had been.

/** Evenly spread in [0, 1), the same for the same i. */
const noise = (i: number) => {
  const value = Math.sin(i * 12.9898) * 43758.5453;
  return value - Math.floor(value);
};

export function viewOf(more: Partial<RunView> = {}): RunView {
  return {
    name: 'mnist-kl',
    folder: '/runs/mnist-kl',
    state: 'running',
    says: 'It trains now.',
    steps: 2000,
    epochs: 20,
    settings: { 'model.sparsity.weight': '3', 'model.hidden': '196', seed: '1' },
    results: {},
    hasSnapshot: true,
    hasReport: false,
    ...more,
  };
}

/** Lines of metrics of the steps from `from` to `to`, every tenth one; 100 steps an epoch. */
export function linesOf(from: number, to: number, { level = 1, terms = {} as Record<string, number> } = {}): string {
  const lines: string[] = [];
  for (let step = from; step <= to; step += 10) {
    const t = step / 400;
    const reconstruction = level * (2 + 38 * Math.exp(-2 * t) + 0.2 * noise(step));
    const sparsity = 0.4 + 3 * Math.exp(-t) * (1 + 0.3 * noise(step + 1));
    const weightDecay = 0.05 * (1 - Math.exp(-t));
    lines.push(
      JSON.stringify({
        ...{ epoch: Math.ceil(step / 100), step, cost: reconstruction + sparsity + weightDecay },
        terms: { reconstruction, sparsity, weightDecay, ...terms },
        ...(step % 100 === 0 ? { validation: reconstruction * 1.08 } : {}),
        gradientNorm: 3 * Math.exp(-t) + 0.2 * noise(step + 2) + (step === 500 ? 900 : 0),
        learningRate: 0.001 * Math.min(1, step / 200),
        examplesPerSecond: 21_000 + 3000 * noise(step + 3),
        seconds: step / 10,
        ...{ l0: 30 + 60 * Math.exp(-t), dead: Math.round(12 * (1 - Math.exp(-t))), looked: 10_000 },
      }),
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** Strokes, as units come to look for. */
function strokes(n: number, height: number, width: number, channels: number): Uint8Array {
  const shades = new Uint8Array(n * height * width * channels);
  let at = 0;
  for (let i = 0; i < n; i++) {
    const [angle, pitch, phase] = [Math.PI * noise(3 * i), 0.5 + noise(3 * i + 1), 6 * noise(3 * i + 2)];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [u, v] = [(x - width / 2) / width, (y - height / 2) / height];
        const wave = Math.cos((u * Math.cos(angle) + v * Math.sin(angle)) * 14 * pitch + phase);
        const value = wave * Math.exp(-9 * (u * u + v * v));
        for (let c = 0; c < channels; c++)
          shades[at++] = Math.round(127.5 * (1 + value * (c === 0 ? 1 : noise(i + c))));
      }
    }
  }
  return shades;
}

interface SnapshotOptions {
  readonly units?: number;
  readonly shown?: number;
  readonly dead?: number;
  readonly height?: number;
  readonly width?: number;
  readonly channels?: number;
  readonly columns?: readonly string[];
  readonly useIs?: 'frequency' | 'mean';
  readonly corrupted?: boolean;
  readonly step?: number;
}

export function snapshotOf(options: SnapshotOptions = {}): RunSnapshot {
  const { units = 196, shown = 144, dead = 12, useIs = 'mean', columns, step = 1200, corrupted = false } = options;
  const isImage = columns === undefined;
  const tile = {
    height: isImage ? (options.height ?? 28) : 1,
    width: isImage ? (options.width ?? 28) : columns.length,
    channels: options.channels ?? 1,
    isImage,
  };
  const d = tile.height * tile.width * tile.channels;
  const tiles = isImage
    ? strokes(shown, tile.height, tile.width, tile.channels)
    : Uint8Array.from({ length: shown * d }, (_, i) => 255 * noise(i) ** (noise(i + 7) * 2));
  tiles.fill(128, (shown - dead) * d);
  const x = isImage ? strokes(10, tile.height, tile.width, tile.channels) : tiles.slice(0, 10 * d);
  const bins = useIs === 'mean' ? 40 : 30;
  return {
    ...{ epoch: Math.ceil(step / 100), step, units, useIs, target: useIs === 'mean' ? 0.1 : null, looked: 10_000 },
    shown: Array.from({ length: shown }, (_, i) => ({
      unit: (i * 37) % units,
      use: i >= shown - dead ? 0 : 0.3 * Math.exp(-i / 40),
      dead: i >= shown - dead,
    })),
    tile,
    ...(columns === undefined ? {} : { columns }),
    tiles: base64(tiles),
    uses: {
      edges: Array.from({ length: bins + 1 }, (_, i) => (useIs === 'mean' ? (0.4 * i) / bins : -4 + (4 * i) / bins)),
      counts: Array.from({ length: bins }, (_, i) => Math.round(20 * Math.exp(-(((i - bins / 4) / 4) ** 2)))),
      dead,
    },
    pairs: {
      n: 10,
      x: base64(x),
      ...(corrupted ? { corrupted: base64(x.map((shade, i) => (noise(i) < 0.5 ? 0 : shade))) } : {}),
      reconstructions: base64(x.map((shade) => 20 + 0.8 * shade)),
    },
  };
}
