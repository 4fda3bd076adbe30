import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { matrix } from '../../src/array/matrix.ts';
import { writeNpy } from '../../src/data/formats/npy.ts';
import { encodePng } from '../../src/figures/picture.ts';
import { images, rhohat, table } from '../cli/command.ts';

const DIGITS = 60;

/** A folder with what the examples of `--help` speak of: photos/, sae/, sae.pt, activations.npy, shards/, table.csv, pumps.csv, new.npy, and small data sets. */
export function makeFixture(folder: string): NodeJS.ProcessEnv {
  const file = (path: string, content: Uint8Array | string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [name, width, height] of [
    ['one', 40, 30],
    ['two', 24, 32],
  ] as const) {
    const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37 + (i >> 5) * 11) % 256);
    file(`photos/${name}.png`, encodePng({ width, height, channels: 3, data }));
  }
  const rows = (m: number, d: number) =>
    writeNpy(
      matrix(
        Float32Array.from({ length: m * d }, (_, i) => 0.5 + 0.4 * Math.sin(i * i)),
        m,
        d,
      ),
    );
  const made = JSON.parse(readFileSync('test/dictionaries/fixtures/dictionaries.json', 'utf8'));
  const dictionary = (name: string, from: string, path: string) =>
    file(path, new Uint8Array(Buffer.from(made[name].files[from], 'base64')));
  for (const part of ['cfg.json', 'sae_weights.safetensors']) dictionary('saelens-topk-norms', part, `sae/${part}`);
  dictionary('state-dict-parameters', 'sae.pt', 'sae.pt');
  file('activations.npy', rows(40, 6));
  file('shards/part-0.npy', rows(40, 16));
  file('shards/part-1.npy', rows(30, 16));
  file('new.npy', rows(5, 784));
  file('table.csv', table(60));
  const pumps = Array.from({ length: 60 }, (_, k) => `P${k};0,${k % 10};0,5;0,25`);
  file('pumps.csv', ['pump;flow;heat;noise', ...pumps].join('\n'));
  const labels = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, DIGITS, ...Array.from({ length: DIGITS }, (_, i) => i % 10)]);
  for (const name of ['train', 't10k']) {
    file(`data/mnist/${name}-images-idx3-ubyte.gz`, gzipSync(images(DIGITS, 28)));
    file(`data/mnist/${name}-labels-idx1-ubyte.gz`, gzipSync(labels));
  }
  const natural = Float32Array.from({ length: 2 * 24 * 24 }, (_, i) => Math.sin(i * i * 0.37));
  file('data/natural-images/images_512x512x10.f32', new Uint8Array(natural.buffer));
  file('data/natural-images/images_512x512x10.json', JSON.stringify({ dtype: 'float32', shape: [2, 24, 24] }));
  // The command as a shell finds it after an install.
  const main = join(process.cwd(), 'dist/cli/main.js');
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/rhohat'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`, { mode: 0o755 });
  const path = `${join(folder, 'bin')}:${process.env.PATH}`;
  return { ...process.env, PATH: path, RHOHAT_DATA: join(folder, 'data'), RHOHAT_DEBUG: '' };
}

/** An unfinished run: killed after its first checkpoint. */
export async function killedRun(folder: string, out: string): Promise<void> {
  const args = ['train', 'table.csv', '--hidden', '3', '--epochs', '300', '--checkpoint-every', '10', '--out', out];
  const onStart = (kill: (signal: NodeJS.Signals) => void) => {
    const wait = setInterval(() => {
      if (!existsSync(join(folder, out, 'checkpoint.safetensors'))) return;
      clearInterval(wait);
      kill('SIGKILL');
    }, 2);
  };
  await rhohat(args, { cwd: folder, onStart });
}
